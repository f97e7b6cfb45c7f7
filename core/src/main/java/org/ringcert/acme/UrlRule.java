package org.ringcert.acme;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which URLs are asked: https, and http to this machine only where the directory is such a URL itself (a test CA). So no CA
 * can make this client speak to what listens on the loopback of its host. Immutable.
 */
record UrlRule(boolean loopback) {

    private static final Pattern IPV4_LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}");
    private static final Set<String> LOOPBACK = Set.of("localhost", "[::1]");
    private static final int LONGEST = 2000;

    /** @throws IllegalArgumentException if the URL cannot be a CA's directory; the message says what would be right */
    static UrlRule of(URI directory) {
        UrlRule rule = new UrlRule("http".equalsIgnoreCase(directory.getScheme()) && toThisMachine(directory));
        Optional<String> mistake = rule.mistake(directory);
        if (mistake.isPresent()) {
            throw new IllegalArgumentException("the URL of a directory " + mistake.get());
        }
        return rule;
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
        if ("https".equalsIgnoreCase(url.getScheme())
                || (loopback && "http".equalsIgnoreCase(url.getScheme()) && toThisMachine(url))) {
            return Optional.empty();
        }
        return Optional.of("begins with https://");
    }

    private static boolean toThisMachine(URI url) {
        String host = url.getHost();
        return host != null
                && (LOOPBACK.contains(host) || IPV4_LOOPBACK.matcher(host).matches());
    }
}
