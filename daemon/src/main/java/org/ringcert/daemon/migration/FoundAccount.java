package org.ringcert.daemon.migration;

import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;

/**
 * An account of the other program. Immutable.
 *
 * @param directory URL of the CA's directory
 * @param url URL of the account
 * @param folder where its files are
 */
record FoundAccount(URI directory, URI url, Path folder, KeyPair key) {

    /** The remedy if only the account is unusable. */
    static final String DO_WITHOUT =
            "take over the certificates without it (--certificates-only): this server then makes an account of its own";

    /** Does not show the key. */
    @Override
    public String toString() {
        return "account " + url;
    }
}
