package org.ringcert.store;

import java.net.URI;
import java.security.KeyPair;
import java.util.Optional;

/**
 * The account of this node at a CA, as it is kept. Immutable.
 *
 * @param url the account's URL; empty while the CA may not have heard of the key yet
 */
public record StoredAccount(KeyPair key, Optional<URI> url) {

    /** Without the key. */
    @Override
    public String toString() {
        return url.map(known -> "account " + known).orElse("an account that is being made");
    }
}
