package org.ringcert.acme;

import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;

/**
 * Decides which URLs may be requested: https, or http to this machine if the directory itself is such a URL (a test
 * CA). Therefore no remote CA can make this client talk to services on the loopback interface. Immutable.
 *
 * @param allowsLoopbackHttp whether http to a loopback address is acceptable
 */
record UrlRule(boolean allowsLoopbackHttp) {

    private static final int MAX_LENGTH = 2000;
    static final int MAX_PORT = 65535;

    /**
     * Returns the rule for the CA with this directory.
     *
     * @throws IllegalArgumentException if the URL is not acceptable for a directory; the message says what would be
     *     right
     */
    static UrlRule forDirectory(URI directory) {
        UrlRule rule = impliedBy(directory);
        Optional<String> error = rule.error(directory);
        if (error.isPresent()) {
            throw new IllegalArgumentException("the URL of a directory " + error.get());
        }
        return rule;
    }

    /** As {@link #error}, for a URL that is to become the directory. */
    static Optional<String> directoryUrlError(URI directory) {
        return impliedBy(directory).error(directory);
    }

    private static UrlRule impliedBy(URI directory) {
        return new UrlRule("http".equalsIgnoreCase(directory.getScheme()) && isLoopback(directory));
    }

    /** Returns which requirement the URL does not meet, worded to follow "the URL"; empty if it is acceptable. */
    Optional<String> error(URI url) {
        if (url.getHost() == null) {
            return Optional.of("needs a host, as in https://ca.example.org/directory");
        }
        if (url.toString().length() > MAX_LENGTH) {
            return Optional.of("has at most " + MAX_LENGTH + " characters");
        }
        if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
            return Optional.of("has no user and no fragment");
        }
        if (url.getPort() == 0 || url.getPort() > MAX_PORT) {
            return Optional.of("has a port from 1 to " + MAX_PORT + ", or none");
        }
        if ("https".equalsIgnoreCase(url.getScheme())
                || (allowsLoopbackHttp && "http".equalsIgnoreCase(url.getScheme()) && isLoopback(url))) {
            return Optional.empty();
        }
        return Optional.of("begins with https://; http is for a CA on this machine only");
    }

    /** Whether the host is localhost or a loopback address in any notation. */
    static boolean isLoopback(URI url) {
        String host = url.getHost();
        if (host == null) {
            return false;
        }
        try {
            return host.equalsIgnoreCase("localhost") || parseAddress(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            // The host is a name.
            return false;
        }
    }

    private static InetAddress parseAddress(String host) {
        return InetAddress.ofLiteral(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    }
}
