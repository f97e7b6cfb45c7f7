package org.ringcert.store;

import java.net.URI;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Optional;

/**
 * This node's account at a CA, as it is stored. Immutable.
 *
 * @param url the account's URL; empty as long as the CA may not know the key yet
 * @param problem why the registration failed if there is no URL, otherwise why the CA refused the contact; in words for
 *     the administrator
 * @param nextAttempt the earliest time to repeat a failed registration before an order needs the account
 */
public record StoredAccount(KeyPair key, Optional<URI> url, Optional<String> problem, Optional<Instant> nextAttempt) {

    /** An account about which the CA refused nothing. */
    public StoredAccount(KeyPair key, Optional<URI> url) {
        this(key, url, Optional.empty(), Optional.empty());
    }

    /** Returns a description without the key. */
    @Override
    public String toString() {
        return url.map(known -> "account " + known).orElse("an account that is being created");
    }
}
