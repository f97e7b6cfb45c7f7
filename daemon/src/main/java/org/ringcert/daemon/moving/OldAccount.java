package org.ringcert.daemon.moving;

import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;

/**
 * An account of the other program. Immutable.
 *
 * @param directory the CA's
 * @param url the account's
 * @param folder where it lies
 */
record OldAccount(URI directory, URI url, Path folder, KeyPair key) {

    /** Without the key. */
    @Override
    public String toString() {
        return "account " + url;
    }
}
