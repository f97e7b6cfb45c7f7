package org.ringcert.issue;

import java.net.URI;

/** How the roll-over of an account key ended. */
public sealed interface RollOverResult {

    /**
     * The account has the new key.
     *
     * @param thumbprint the SHA-256 thumbprint of the new key (RFC 7638)
     * @param cause how that came about
     */
    record Changed(URI account, String thumbprint, Cause cause) implements RollOverResult {}

    /**
     * The account has its old key, and the next one has been removed.
     *
     * @param reason what the CA said, a sentence
     */
    record Unchanged(String reason) implements RollOverResult {}

    /**
     * The CA does not say which key it knows. Both are kept, and it is asked again before the account is used.
     *
     * @param reason what happened, in sentences
     */
    record Undecided(String reason) implements RollOverResult {}

    /** How an account came to its new key. */
    enum Cause {
        /** The CA was asked now, and confirmed it. */
        CONFIRMED,
        /** The CA was asked now. Its answer was an error or did not arrive, but it knows the account by the new key. */
        ANSWER_LOST,
        /** An earlier roll-over had been cut off after the CA had changed the key. No other was begun. */
        EARLIER_ROLL_OVER
    }
}
