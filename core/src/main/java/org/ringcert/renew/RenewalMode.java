package org.ringcert.renew;

/** Which certificates a pass orders. */
public enum RenewalMode {
    /** Those that are due, unless the site has to wait after a failure. */
    DUE_ONLY,
    /** All of them, due or not, and without waiting after a failure. */
    FORCE
}
