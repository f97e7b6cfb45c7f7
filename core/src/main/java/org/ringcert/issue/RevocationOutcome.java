package org.ringcert.issue;

import java.util.Optional;
import org.ringcert.acme.RevocationResult;

/**
 * How a certificate was revoked.
 *
 * @param result what the CA answered
 * @param signer who signed the request that the CA accepted
 * @param refusedSigner why the CA did not accept the signer that was tried first, in a sentence; empty if it did, or if
 *     there was no other
 */
public record RevocationOutcome(RevocationResult result, Signer signer, Optional<String> refusedSigner) {

    /** Who signs a request to revoke a certificate (RFC 8555, section 7.6). */
    public enum Signer {
        /** This node's account at the CA. */
        ACCOUNT,
        /** The certificate's own key. */
        CERTIFICATE_KEY
    }
}
