package org.ringcert.acme;

/** The status of an account at a CA (RFC 8555, section 7.1.6). */
public enum AccountStatus {
    VALID,
    /** Closed for good by its owner or by the CA; its orders are refused. */
    DEACTIVATED,
    /** The CA has no account with this key. */
    UNKNOWN
}
