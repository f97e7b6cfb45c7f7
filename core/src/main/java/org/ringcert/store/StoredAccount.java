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
 * @param registered when this node registered the account; empty if another program did, or an older release
 * @param nextKey the key of a roll-over that has not ended: the CA knows the account either by this key or by
 *     {@code key}
 * @param deactivated when this node deactivated the account, which is of no use since then
 */
public record StoredAccount(
        KeyPair key,
        Optional<URI> url,
        Optional<String> problem,
        Optional<Instant> nextAttempt,
        Optional<Instant> registered,
        Optional<KeyPair> nextKey,
        Optional<Instant> deactivated) {

    /** An account about which the CA refused nothing. */
    public StoredAccount(KeyPair key, Optional<URI> url) {
        this(key, url, Optional.empty(), Optional.empty());
    }

    /** An account with what the CA refused. */
    public StoredAccount(KeyPair key, Optional<URI> url, Optional<String> problem, Optional<Instant> nextAttempt) {
        this(key, url, problem, nextAttempt, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Returns this account as registered at a time. */
    public StoredAccount registeredAt(Instant time) {
        return new StoredAccount(key, url, problem, nextAttempt, Optional.of(time), nextKey, deactivated);
    }

    /** Returns this account without anything that the CA refused. */
    public StoredAccount withoutProblem() {
        return new StoredAccount(key, url, Optional.empty(), Optional.empty(), registered, nextKey, deactivated);
    }

    /** Returns this account with a roll-over to a key that begins. */
    public StoredAccount withNextKey(KeyPair next) {
        return new StoredAccount(key, url, problem, nextAttempt, registered, Optional.of(next), deactivated);
    }

    /** Returns this account with its present key, without the roll-over. */
    public StoredAccount withoutNextKey() {
        return new StoredAccount(key, url, problem, nextAttempt, registered, Optional.empty(), deactivated);
    }

    /**
     * Returns this account with the next key as its key.
     *
     * @throws java.util.NoSuchElementException if there is no next key
     */
    public StoredAccount rolledOver() {
        return new StoredAccount(
                nextKey.orElseThrow(), url, problem, nextAttempt, registered, Optional.empty(), deactivated);
    }

    /** Returns this account as deactivated at a time. */
    public StoredAccount deactivatedAt(Instant time) {
        return new StoredAccount(key, url, problem, nextAttempt, registered, nextKey, Optional.of(time));
    }

    /** Returns a description without the keys. */
    @Override
    public String toString() {
        return url.map(known -> "account " + known).orElse("an account that is being created");
    }
}
