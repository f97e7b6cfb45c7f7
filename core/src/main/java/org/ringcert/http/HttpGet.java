package org.ringcert.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends one HTTP/1.1 GET (RFC 9112) over a new connection to a given address with a given Host header. One timeout
 * covers everything, and everything that is read has a maximum size. Follows no redirects, resolves no names and keeps
 * no state. Responses may be hostile: apart from the status, nothing in them has been validated.
 *
 * <p>The methods block; call them on virtual threads.
 */
public final class HttpGet {

    private HttpGet() {}

    /**
     * A response.
     *
     * @param headers of the final response, not of interim ones
     * @param body up to the maximum size, one character per byte; empty unless the status is one whose body was wanted,
     *     by default 200
     * @param truncated whether the body was longer than the maximum
     */
    public record Response(int status, ResponseHeaders headers, String body, boolean truncated) {

        static Response withoutBody(int status, ResponseHeaders headers) {
            return new Response(status, headers, "", false);
        }

        /** Returns the Location header, if there is exactly one. */
        public Optional<String> location() {
            return headers.onlyValue("Location");
        }
    }

    /**
     * Sends the request over plain HTTP and reads the response.
     *
     * @param to a resolved address
     * @param host the value of the Host header; the caller has validated it
     * @param target path and query; the caller has validated them
     * @param timeout limit for the whole exchange, including the connection
     * @throws SocketTimeoutException if the timeout expires
     * @throws java.net.ConnectException if the connection is refused
     * @throws ProtocolException if the response is not HTTP
     * @throws IOException if the connection breaks
     */
    public static Response fetch(InetSocketAddress to, String host, String target, Duration timeout, int maxBodyBytes)
            throws IOException {
        SocketDeadline deadline = SocketDeadline.after(timeout);
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(to, deadline.remainingMillis());
            return exchange(socket, host, target, deadline, maxBodyBytes);
        }
    }

    /**
     * As {@link #fetch}, but over TLS. Accepts any certificate, as a CA does when it is redirected to https.
     *
     * @param serverName the name for SNI (RFC 6066, section 3)
     * @throws javax.net.ssl.SSLException if the server offers no TLS for that name
     */
    public static Response fetchOverTls(
            InetSocketAddress to, String serverName, String host, String target, Duration timeout, int maxBodyBytes)
            throws IOException {
        SocketDeadline deadline = SocketDeadline.after(timeout);
        Socket plain = new Socket();
        // A read timeout alone would not stop a server that sends a byte now and then during the handshake.
        try (plain;
                TimeLimit limit = TimeLimit.closeAfter(timeout, plain)) {
            plain.setTcpNoDelay(true);
            plain.connect(to, deadline.remainingMillis());
            plain.setSoTimeout(deadline.remainingMillis());
            try (Socket socket = UnverifiedTls.handshake(plain, serverName, _ -> {})) {
                return exchange(socket, host, target, deadline, maxBodyBytes);
            } catch (IOException e) {
                if (limit.hasExpired()) {
                    throw SocketDeadline.timedOut();
                }
                throw e;
            }
        }
    }

    /**
     * Sends a request over a connection that the caller has opened, and reads the response.
     *
     * @param request the whole request in ASCII, with the empty line at its end; the caller has validated it
     * @param timeout limit for each pause between bytes and for the whole response over plain TCP. Over TLS, a server
     *     that sends a record bit by bit can exceed it, so the caller must close the socket in time.
     * @throws SocketTimeoutException if the timeout expires
     * @throws NotHttpException if the response does not begin as one of HTTP/1
     * @throws ProtocolException if the response is malformed
     * @throws IOException if the connection breaks
     */
    public static Response exchange(Socket connected, String request, Duration timeout, ResponseLimits limits)
            throws IOException {
        connected.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new ResponseReader(connected, SocketDeadline.after(timeout)).read(limits);
    }

    private static Response exchange(
            Socket socket, String host, String target, SocketDeadline deadline, int maxBodyBytes) throws IOException {
        String request = "GET " + target + " HTTP/1.1\r\nHost: " + host
                + "\r\nUser-Agent: ringcert\r\nAccept: */*\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new ResponseReader(socket, deadline).read(ResponseLimits.ofBody(maxBodyBytes));
    }
}
