package org.ringcert.acme;

import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;

/**
 * Which URLs are asked: https, and http to this machine only where the directory is such a URL itself (a test CA). So
 * no CA can make this client speak to what listens on the loopback of its host. Immutable.
 */
record UrlRule(boolean loopback) {

    private static final int LONGEST = 2000;
    private static final int LAST_PORT = 65535;

    /** @throws IllegalArgumentException if the URL cannot be a CA's directory; the message says what would be right */
    static UrlRule of(URI directory) {
        UrlRule rule = by(directory);
        Optional<String> mistake = rule.mistake(directory);
        if (mistake.isPresent()) {
            throw new IllegalArgumentException("the URL of a directory " + mistake.get());
        }
        return rule;
    }

    /** What is wrong with the URL as that of a directory, to be read after its name; empty where nothing is. */
    static Optional<String> mistakeInDirectory(URI directory) {
        return by(directory).mistake(directory);
    }

    private static UrlRule by(URI directory) {
        return new UrlRule("http".equalsIgnoreCase(directory.getScheme()) && toThisMachine(directory));
    }

    /** What is wrong with the URL, to be read after its name; empty where nothing is. */
    Optional<String> mistake(URI url) {
        if (url.getHost() == null) {
            return Optional.of("needs a host, as https://ca.example.org/directory has");
        }
        if (url.toString().length() > LONGEST) {
            return Optional.of("has at most " + LONGEST + " characters");
        }
        if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
            return Optional.of("has no user and no fragment");
        }
        if (url.getPort() == 0 || url.getPort() > LAST_PORT) {
            return Optional.of("has a port from 1 to " + LAST_PORT + ", or none");
        }
        if ("https".equalsIgnoreCase(url.getScheme())
                || (loopback && "http".equalsIgnoreCase(url.getScheme()) && toThisMachine(url))) {
            return Optional.empty();
        }
        return Optional.of("begins with https://; http is for a CA on this machine only");
    }

    /** Whether the host is localhost or a loopback address, in any spelling. */
    static boolean toThisMachine(URI url) {
        String host = url.getHost();
        if (host == null) {
            return false;
        }
        try {
            return host.equalsIgnoreCase("localhost") || literal(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            // a name
            return false;
        }
    }

    private static InetAddress literal(String host) {
        return InetAddress.ofLiteral(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    }
}
