package org.ringcert.view.ca;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A URL that a walk may request, in printable ASCII, with its host in lower case and without a fragment. Immutable.
 *
 * @param port as in the URL; empty for the default of the scheme
 * @param path as in the URL, percent-encoded, without dot segments; empty or begins with a slash
 * @param query without the question mark
 */
record Target(Scheme scheme, Host host, Optional<Integer> port, String path, Optional<String> query) {

    /** The schemes that CAs follow. */
    enum Scheme {
        HTTP("http", 80),
        HTTPS("https", 443);

        private final String text;
        private final int defaultPort;

        Scheme(String text, int defaultPort) {
            this.text = text;
            this.defaultPort = defaultPort;
        }

        static Optional<Scheme> of(String text) {
            return text.equals(HTTP.text)
                    ? Optional.of(HTTP)
                    : Optional.of(HTTPS).filter(_ -> text.equals(HTTPS.text));
        }
    }

    /**
     * A host.
     *
     * @param text as in the URL, with the brackets of an IPv6 address
     * @param literal the address if the host is one
     */
    record Host(String text, Optional<InetAddress> literal) {}

    boolean isTls() {
        return scheme == Scheme.HTTPS;
    }

    int effectivePort() {
        return port.orElse(scheme.defaultPort);
    }

    /** Returns the value of the Host header. */
    String authority() {
        return host.text() + port.map(number -> ":" + number).orElse("");
    }

    /** Returns what stands in the request line. */
    String requestTarget() {
        return (path.isEmpty() ? "/" : path) + query.map(text -> "?" + text).orElse("");
    }

    /** Returns the URL, by which loops are detected. */
    String url() {
        return scheme.text + "://" + authority() + path
                + query.map(text -> "?" + text).orElse("");
    }

    /** Returns the length of the path in bytes after percent-decoding. */
    int decodedPathLength() {
        int escapes = (int) path.chars().filter(c -> c == '%').count();
        return path.getBytes(StandardCharsets.US_ASCII).length - 2 * escapes;
    }
}
