package org.ringcert.it.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A server's response to one request on a connection of its own.
 *
 * @param head all lines before the empty one
 */
public record WebResponse(int status, List<String> head, String body) {

    private static final int TIMEOUT_MILLIS = 60_000;

    public static WebResponse get(InetAddress address, int port, String host, String target) throws IOException {
        return send(address, port, "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }

    public static WebResponse send(InetAddress address, int port, String request) throws IOException {
        try (Socket socket = new Socket(address, port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            int end = response.indexOf("\r\n\r\n");
            if (!response.startsWith("HTTP/1.") || end < 0) {
                throw new IOException("no HTTP response to " + request + ": " + response);
            }
            WebResponse parsed = new WebResponse(
                    Integer.parseInt(response.substring(9, 12)),
                    response.substring(0, end).lines().toList(),
                    response.substring(end + 4));
            return parsed.field("Transfer-Encoding").isPresent() ? parsed.withoutChunks() : parsed;
        }
    }

    /** Decodes the transfer coding (RFC 9112, section 7.1). */
    private WebResponse withoutChunks() throws IOException {
        StringBuilder content = new StringBuilder();
        int start = 0;
        while (true) {
            int end = body.indexOf("\r\n", start);
            if (end < 0) {
                throw new IOException("the response ends within a chunk: " + body);
            }
            int size = Integer.parseInt(body.substring(start, end), 16);
            if (size == 0) {
                return new WebResponse(status, head, content.toString());
            }
            content.append(body, end + 2, end + 2 + size);
            start = end + 2 + size + 2;
        }
    }

    /** Returns the value of a header field that occurs at most once. */
    public Optional<String> field(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ":";
        List<String> values = head.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .toList();
        if (values.size() > 1) {
            throw new AssertionError(name + " occurs twice: " + head);
        }
        return values.stream().findFirst();
    }

    public Optional<String> location() {
        return field("Location");
    }
}
