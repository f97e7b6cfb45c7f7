package org.ringcert.daemon.migration;

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
record FoundAccount(URI directory, URI url, Path folder, KeyPair key) {

    /** The remedy where the account alone is in the way. */
    static final String DO_WITHOUT =
            "take over the certificates without it (--certificates-only): this server then makes an account of its own";

    /** Without the key. */
    @Override
    public String toString() {
        return "account " + url;
    }
}
