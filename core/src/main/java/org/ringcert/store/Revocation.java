package org.ringcert.store;

import java.time.Instant;

/**
 * That this node has asked the CA to revoke a version, or was about to. Stored beside the version in
 * {@code revoked.json}. Immutable.
 *
 * @param reason the name of the reason in RFC 5280, section 5.3.1, such as {@code keyCompromise}
 * @param since when the CA was asked, or has confirmed it
 * @param state whether the CA has confirmed it
 */
public record Revocation(String reason, Instant since, State state) {

    /** What is known about the revocation. */
    public enum State {
        /**
         * The request was about to be sent, and the CA has not confirmed it. If the key is compromised, the CA may have
         * refused it: the certificate is replaced all the same.
         */
        REQUESTED,
        /** The CA has confirmed it. */
        CONFIRMED
    }
}
