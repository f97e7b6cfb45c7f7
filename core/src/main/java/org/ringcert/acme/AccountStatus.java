package org.ringcert.acme;

/** Where a CA stands with an account (RFC 8555, section 7.1.6). */
public enum AccountStatus {
    VALID,
    /** Closed, by its owner or by the CA: orders are refused for ever. */
    DEACTIVATED,
    /** The CA has no account with this key. */
    UNKNOWN
}
