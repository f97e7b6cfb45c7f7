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
 * A node's response to one request, which is sent over a connection of its own.
 *
 * @param node the index of the node
 * @param location where a redirect leads
 */
record NodeResponse(int node, int status, Optional<URI> location, String body) {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([0-9]{3}) ");
    private static final Pattern LOCATION = Pattern.compile("(?i)\r\nlocation: ([^\r]*)\r\n");
    private static final int MAX_RESPONSES = 12;

    /** Requests a challenge as the CA does. Does not follow redirects. */
    static NodeResponse getChallenge(Testbed testbed, int node, String token) throws IOException {
        return get(testbed, node, challengePath(token));
    }

    /**
     * Sends a GET request. Does not follow redirects.
     *
     * @param target path and query
     */
    static NodeResponse get(Testbed testbed, int node, String target) throws IOException {
        InetSocketAddress address = new InetSocketAddress(
                testbed.cluster().address(node), testbed.ca().httpPort());
        try (Socket socket = new Socket()) {
            socket.connect(address, Math.toIntExact(TIMEOUT.toMillis()));
            socket.setSoTimeout(Math.toIntExact(TIMEOUT.toMillis()));
            String request = "GET " + target + " HTTP/1.1\r\nHost: www.example.org\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            int end = response.indexOf("\r\n\r\n");
            Matcher status = STATUS.matcher(response);
            if (end < 0 || !status.lookingAt()) {
                throw new IOException("not an HTTP response: " + response);
            }
            Matcher location = LOCATION.matcher(response.substring(0, end + 2));
            return new NodeResponse(
                    node,
                    Integer.parseInt(status.group(1)),
                    location.find() ? Optional.of(URI.create(location.group(1))) : Optional.empty(),
                    response.substring(end + 4));
        }
    }

    /** Requests a challenge and follows redirects to the end, as the CA does. Returns all responses in order. */
    static List<NodeResponse> followRedirects(Testbed testbed, int node, String token) throws IOException {
        List<NodeResponse> responses = new ArrayList<>(List.of(getChallenge(testbed, node, token)));
        while (responses.getLast().location().isPresent() && responses.size() < MAX_RESPONSES) {
            URI next = responses.getLast().location().get();
            responses.add(get(testbed, nodeAt(testbed, next), next.getRawPath() + "?" + next.getRawQuery()));
        }
        return responses;
    }

    static String challengePath(String token) {
        return "/.well-known/acme-challenge/" + token;
    }

    /**
     * Returns the redirect that a node sends when it knows which node has the token, or which one is the only
     * candidate: to that node, and no further.
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
                .orElseThrow(() -> new AssertionError(location + " does not lead to a node"));
    }
}
