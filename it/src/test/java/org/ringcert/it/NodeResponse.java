package org.ringcert.it;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One request to a node over a connection of its own, and what came back. Redirects are shown, not followed:
 * {@link #followRedirects} follows them.
 *
 * @param node who was asked
 */
record NodeResponse(int node, int status, Optional<URI> location, String body) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([0-9]{3}) ");
    private static final Pattern LOCATION = Pattern.compile("(?i)\r\nlocation: ([^\r]*)\r\n");
    private static final int MOST_VISITS = 12;

    /** Asks for a challenge as the CA does. */
    static NodeResponse getChallenge(Testbed testbed, int node, String token) throws IOException {
        return get(testbed, node, challengePath(token));
    }

    /** Asks for path and query. */
    static NodeResponse get(Testbed testbed, int node, String target) throws IOException {
        InetSocketAddress address = new InetSocketAddress(
                testbed.cluster().address(node), testbed.ca().httpPort());
        try (Socket socket = new Socket()) {
            socket.connect(address, Math.toIntExact(PATIENCE.toMillis()));
            socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            String request = "GET " + target + " HTTP/1.1\r\nHost: www.example.org\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            int end = answer.indexOf("\r\n\r\n");
            Matcher status = STATUS.matcher(answer);
            if (end < 0 || !status.lookingAt()) {
                throw new IOException("no answer of HTTP: " + answer);
            }
            Matcher location = LOCATION.matcher(answer.substring(0, end + 2));
            return new NodeResponse(
                    node,
                    Integer.parseInt(status.group(1)),
                    location.find() ? Optional.of(URI.create(location.group(1))) : Optional.empty(),
                    answer.substring(end + 4));
        }
    }

    /** Asks for a challenge, and follows redirects to where they end, as the CA does. */
    static List<NodeResponse> followRedirects(Testbed testbed, int node, String token) throws IOException {
        List<NodeResponse> visits = new ArrayList<>(List.of(getChallenge(testbed, node, token)));
        while (visits.getLast().location().isPresent() && visits.size() < MOST_VISITS) {
            URI to = visits.getLast().location().get();
            visits.add(get(testbed, nodeAt(testbed, to), to.getRawPath() + "?" + to.getRawQuery()));
        }
        return visits;
    }

    static String challengePath(String token) {
        return "/.well-known/acme-challenge/" + token;
    }

    /**
     * Where a node sends the CA that knows who holds the token, or who alone may: to that node, and nowhere from there.
     */
    static URI finalRedirect(Testbed testbed, int node, String token) {
        return URI.create("http://" + testbed.cluster().node(node) + ":"
                + testbed.ca().httpPort() + challengePath(token) + "?left=");
    }

    private static int nodeAt(Testbed testbed, URI location) {
        return IntStream.range(0, testbed.cluster().nodes())
                .filter(node -> location.getAuthority()
                        .equals(testbed.cluster().node(node) + ":"
                                + testbed.ca().httpPort()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(location + " leads to no node"));
    }
}
