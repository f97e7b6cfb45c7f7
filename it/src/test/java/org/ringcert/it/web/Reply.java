package org.ringcert.it.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a server answers to one request over a connection of its own.
 *
 * @param head all lines before the empty one
 */
record Reply(int status, List<String> head, String body) {

    private static final int PATIENCE_MILLIS = 60_000;

    static Reply get(InetAddress address, int port, String host, String target) throws IOException {
        return to(address, port, "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }

    static Reply to(InetAddress address, int port, String request) throws IOException {
        try (Socket socket = new Socket(address, port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            int end = answer.indexOf("\r\n\r\n");
            if (!answer.startsWith("HTTP/1.") || end < 0) {
                throw new IOException("no answer of HTTP to " + request + ": " + answer);
            }
            return new Reply(
                    Integer.parseInt(answer.substring(9, 12)),
                    answer.substring(0, end).lines().toList(),
                    answer.substring(end + 4));
        }
    }

    /** The value of a header field that is there once. */
    Optional<String> field(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ":";
        List<String> found = head.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .toList();
        if (found.size() > 1) {
            throw new AssertionError(name + " is there twice: " + head);
        }
        return found.stream().findFirst();
    }

    Optional<String> location() {
        return field("Location");
    }
}
