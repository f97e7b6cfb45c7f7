package org.ringcert.issue;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.ringcert.store.Store;

/** What a person reads about an account that this node has deactivated. */
public final class DeactivatedAccount {

    private DeactivatedAccount() {}

    /**
     * Returns what is known and how to make a new account, in sentences.
     *
     * @param ca names the CA
     * @param directory the URL of the CA's directory
     * @param deactivated when this node deactivated the account
     */
    public static String describe(String ca, URI directory, Instant deactivated, Store store) {
        return "This server's account at " + ca + " was deactivated here on "
                + deactivated.truncatedTo(ChronoUnit.SECONDS) + ", so this server gets no certificates there. "
                + newAccountAdvice(directory, store);
    }

    /** Returns how to make a new account: a sentence. */
    public static String newAccountAdvice(URI directory, Store store) {
        return "To make a new account, move " + store.accounts().file(directory)
                + " away and run `ringcert renew --prepare`.";
    }
}
