package org.ringcert.acme;

/** What a CA answered to a request to revoke a certificate. */
public enum RevocationResult {
    /** The certificate is revoked now. */
    REVOKED,
    /** The certificate was revoked before ({@code alreadyRevoked}). Its reason has not changed. */
    ALREADY_REVOKED
}
