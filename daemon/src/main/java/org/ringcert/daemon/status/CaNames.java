package org.ringcert.daemon.status;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The names of CAs in messages: the one that the configuration has for a known CA, otherwise the host, and the path if
 * another configured CA is at the same host and port. Thread-safe.
 */
public final class CaNames {

    private final Function<URI, Optional<String>> knownCas;
    private final List<URI> configured;

    /**
     * @param knownCas returns the name of the CA with this directory if it has one; thread-safe
     * @param configured the directories of the configured CAs
     */
    public CaNames(Function<URI, Optional<String>> knownCas, Collection<URI> configured) {
        this.knownCas = knownCas;
        this.configured = List.copyOf(configured);
    }

    /**
     * Returns the name of a CA: {@code letsencrypt}, {@code ca.example.org}, {@code 127.0.0.1:14000},
     * {@code ca.example.org/acme/web/directory}.
     *
     * @param directory the URL of the CA's directory
     */
    public String of(URI directory) {
        return knownCas.apply(directory).orElseGet(() -> sharesHost(directory) ? withPath(directory) : host(directory));
    }

    private boolean sharesHost(URI directory) {
        return configured.stream()
                .filter(other ->
                        !other.equals(directory) && knownCas.apply(other).isEmpty())
                .anyMatch(other -> host(other).equals(host(directory)));
    }

    private static String withPath(URI directory) {
        String query = directory.getRawQuery() == null ? "" : "?" + directory.getRawQuery();
        return host(directory) + directory.getRawPath() + query;
    }

    private static String host(URI directory) {
        if (directory.getHost() == null) {
            return directory.toString();
        }
        return directory.getPort() == -1 ? directory.getHost() : directory.getHost() + ":" + directory.getPort();
    }
}
