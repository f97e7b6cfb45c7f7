package org.ringcert.renew;

/** Which certificates a pass orders. */
public enum RenewalMode {
    /** Those that are due and not waiting after a failure. */
    DUE_ONLY,
    /** All of them, due or not. */
    FORCE
}
