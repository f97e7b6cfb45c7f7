package org.ringcert.issue;

import java.net.URI;
import java.util.Optional;

/** What happened to this node's account at a CA. */
public sealed interface AccountEvent {

    /**
     * An account was registered.
     *
     * @param replaced the account that the CA no longer knows, if this one replaces it
     */
    record Registered(URI account, Optional<URI> replaced) implements AccountEvent {}

    /**
     * The account was registered without the contact, which the CA refused.
     *
     * @param reason what the CA said and what to do, a sentence
     */
    record ContactRefused(String reason) implements AccountEvent {}

    /**
     * There is no account, because the registration failed.
     *
     * @param reason why, and what to do, a sentence
     */
    record RegistrationFailed(String reason) implements AccountEvent {}

    /**
     * This node has deactivated the account, so it orders nothing there.
     *
     * @param reason when it was deactivated and how to make a new one, in sentences
     */
    record Deactivated(String reason) implements AccountEvent {}

    /**
     * A roll-over of the account's key had been cut off, and the CA has now said which of the two keys it knows. The
     * other one is deleted.
     *
     * @param key the key that the account has
     */
    record RollOverEnded(AccountKey key) implements AccountEvent {

        /** Which of the two keys of a roll-over an account has. */
        public enum AccountKey {
            OLD,
            NEW
        }

        /**
         * Returns how it ended and what to do, in sentences.
         *
         * @param ca names the CA
         */
        public String describe(String ca) {
            return "The roll-over at " + ca + " that was cut off "
                    + switch (key) {
                        case OLD ->
                            "did not happen; the account has its old key. Run `ringcert account roll-over` again.";
                        case NEW -> "is complete; the account has the new key.";
                    };
        }
    }
}
