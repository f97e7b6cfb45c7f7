package org.ringcert.store;

import java.time.Instant;

/**
 * That this node has asked the CA to revoke a version. Stored beside the version in {@code revoked.json}. Immutable.
 *
 * @param reason the name of the reason in RFC 5280, section 5.3.1, such as {@code keyCompromise}
 * @param since when the CA was asked
 * @param state whether the CA has confirmed it
 */
public record Revocation(String reason, Instant since, State state) {

    /** What is known about the revocation. */
    public enum State {
        /** The request was about to be sent. Nothing is known of its outcome, so the process may have died. */
        REQUESTED,
        /** The CA has confirmed it. */
        CONFIRMED
    }

    /** Returns the same revocation, confirmed by the CA. */
    public Revocation confirmed() {
        return new Revocation(reason, since, State.CONFIRMED);
    }
}
