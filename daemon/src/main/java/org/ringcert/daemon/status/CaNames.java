package org.ringcert.daemon.status;

import java.net.URI;
import java.util.Optional;
import java.util.function.Function;

/** The names of CAs in messages: the one that the configuration has for a known CA, otherwise the host. Thread-safe. */
public final class CaNames {

    private final Function<URI, Optional<String>> knownCas;

    /** @param knownCas returns the name of the CA with this directory if it has one; thread-safe */
    public CaNames(Function<URI, Optional<String>> knownCas) {
        this.knownCas = knownCas;
    }

    /**
     * Returns the name of a CA: {@code letsencrypt}, {@code ca.example.org}, {@code 127.0.0.1:14000}.
     *
     * @param directory the URL of the CA's directory
     */
    public String of(URI directory) {
        return knownCas.apply(directory).orElseGet(() -> host(directory));
    }

    private static String host(URI directory) {
        if (directory.getHost() == null) {
            return directory.toString();
        }
        return directory.getPort() == -1 ? directory.getHost() : directory.getHost() + ":" + directory.getPort();
    }
}
