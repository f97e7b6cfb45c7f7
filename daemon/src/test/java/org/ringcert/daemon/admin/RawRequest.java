package org.ringcert.daemon.admin;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends bytes to a server and reads until it closes the connection. */
final class RawRequest {

    private static final int TIMEOUT_MILLIS = 20_000;

    private RawRequest() {}

    /** Returns everything that the server sent. */
    static String send(InetSocketAddress server, String bytes) throws IOException {
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Returns the status of the response, 0 if the connection was closed without one. */
    static int status(InetSocketAddress server, String bytes) throws IOException {
        String response = send(server, bytes);
        return response.isEmpty() ? 0 : Integer.parseInt(response.substring(9, 12));
    }
}
