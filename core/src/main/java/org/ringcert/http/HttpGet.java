package org.ringcert.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One GET by HTTP/1.1 (RFC 9112) over a connection of its own: to an address that is given, under a Host that is given,
 * within one deadline, with a cap on everything that is read. No redirect is followed, no name looked up, nothing
 * remembered. What comes back is hostile until parsed.
 *
 * <p>Blocks; meant for virtual threads.
 */
public final class HttpGet {

    private static final int LARGEST_HEAD = 8 * 1024;

    private HttpGet() {}

    /**
     * What came back.
     *
     * @param location the Location header, where there is exactly one
     * @param body at most as long as was allowed, one character for each byte; read for status 200 only, else empty
     * @param cut whether the body was longer than allowed
     */
    public record Response(int status, Optional<String> location, String body, boolean truncated) {}

    /**
     * Asks, and reads the answer.
     *
     * @param to a resolved address
     * @param host the Host header, checked by the caller
     * @param target path and query, checked by the caller
     * @param patience for all of it, the connection included
     * @param largestBody in bytes
     * @throws SocketTimeoutException if the time was over first
     * @throws java.net.ConnectException if the connection was refused
     * @throws ProtocolException if the answer is not HTTP
     * @throws IOException if the connection broke
     */
    public static Response fetch(InetSocketAddress to, String host, String target, Duration patience, int largestBody)
            throws IOException {
        Deadline deadline = new Deadline(System.nanoTime() + patience.toNanos());
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(to, deadline.millis());
            return exchange(socket, host, target, deadline, largestBody);
        }
    }

    /**
     * The same by https, whatever certificate is shown: so does a CA that is redirected there.
     *
     * @param serverName whom the client wants (RFC 6066, section 3)
     * @throws javax.net.ssl.SSLException if there is no TLS to be had for that name
     */
    public static Response fetchOverTls(
            InetSocketAddress to, String serverName, String host, String target, Duration patience, int largestBody)
            throws IOException {
        Deadline deadline = new Deadline(System.nanoTime() + patience.toNanos());
        Socket plain = new Socket();
        // a server that sends a byte now and then is never silent for long enough to be timed out
        try (plain;
                TimeLimit limit = TimeLimit.closeAfter(patience, plain)) {
            plain.setTcpNoDelay(true);
            plain.connect(to, deadline.millis());
            plain.setSoTimeout(deadline.millis());
            try (Socket socket = UnverifiedTls.handshake(plain, serverName, _ -> {})) {
                return exchange(socket, host, target, deadline, largestBody);
            } catch (IOException e) {
                if (limit.hasExpired()) {
                    throw new SocketTimeoutException("no whole answer in time");
                }
                throw e;
            }
        }
    }

    private static Response exchange(Socket socket, String host, String target, Deadline deadline, int largestBody)
            throws IOException {
        String request = "GET " + target + " HTTP/1.1\r\nHost: " + host
                + "\r\nUser-Agent: ringcert\r\nAccept: */*\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new Reader(socket, deadline).response(largestBody);
    }

    record Deadline(long nanos) {
        int millis() throws SocketTimeoutException {
            long left = (nanos - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException("no whole answer in time");
            }
            return Math.toIntExact(left);
        }
    }

    /** Reads one response from a socket. */
    static final class Reader {
        private final Socket socket;
        private final InputStream in;
        private final Deadline deadline;
        private final byte[] buffer = new byte[4096];
        private int at;
        private int end;
        private int headBytes;

        Reader(Socket socket, Deadline deadline) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.deadline = deadline;
        }

        Response response(int largestBody) throws IOException {
            int status;
            List<String> headers;
            do {
                status = status(line());
                headers = new ArrayList<>();
                for (String line = line(); !line.isEmpty(); line = line()) {
                    headers.add(line);
                }
            } while (status >= 100 && status < 200 && status != 101);
            List<String> locations = values(headers, "location");
            Optional<String> location = locations.size() == 1 ? Optional.of(locations.getFirst()) : Optional.empty();
            if (status != 200) {
                return new Response(status, location, "", false);
            }
            String body = new String(body(headers, largestBody + 1), StandardCharsets.ISO_8859_1);
            boolean cut = body.length() > largestBody;
            return new Response(status, location, cut ? body.substring(0, largestBody) : body, cut);
        }

        private static int status(String line) throws ProtocolException {
            if (!line.matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
                throw new ProtocolException("not an answer of HTTP/1.1");
            }
            return Integer.parseInt(line.substring(9, 12));
        }

        private static List<String> values(List<String> headers, String name) throws ProtocolException {
            List<String> values = new ArrayList<>();
            for (String header : headers) {
                int colon = header.indexOf(':');
                if (colon <= 0) {
                    throw new ProtocolException("a header without a name");
                }
                if (header.substring(0, colon).toLowerCase(Locale.ROOT).equals(name)) {
                    values.add(header.substring(colon + 1).strip());
                }
            }
            return values;
        }

        private byte[] body(List<String> headers, int most) throws IOException {
            List<String> encodings = values(headers, "transfer-encoding");
            List<String> lengths = values(headers, "content-length");
            if (!encodings.isEmpty()) {
                if (encodings.size() > 1 || !encodings.getFirst().equalsIgnoreCase("chunked") || !lengths.isEmpty()) {
                    throw new ProtocolException("a body whose end cannot be told");
                }
                return chunks(most);
            }
            if (lengths.isEmpty()) {
                return bytes(most, false);
            }
            if (lengths.size() > 1 || !lengths.getFirst().matches("[0-9]{1,18}")) {
                throw new ProtocolException("a Content-Length that is none");
            }
            return bytes((int) Math.min(Long.parseLong(lengths.getFirst()), most), true);
        }

        private byte[] chunks(int most) throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            while (body.size() < most) {
                String size = line().replaceFirst("[ \t]*;.*", "");
                if (!size.matches("[0-9A-Fa-f]{1,8}")) {
                    throw new ProtocolException("a chunk without a size");
                }
                long length = Long.parseLong(size, 16);
                if (length == 0) {
                    break;
                }
                body.writeBytes(bytes((int) Math.min(length, most - body.size()), true));
                if (body.size() < most && !line().isEmpty()) {
                    throw new ProtocolException("a chunk of another size than it says");
                }
            }
            return body.toByteArray();
        }

        /** Up to that many bytes; exactly as many where the end of the connection is not the end of the body. */
        private byte[] bytes(int most, boolean exactly) throws IOException {
            byte[] bytes = new byte[most];
            int n = 0;
            while (n < most && fill()) {
                int part = Math.min(most - n, end - at);
                System.arraycopy(buffer, at, bytes, n, part);
                at += part;
                n += part;
            }
            if (exactly && n < most) {
                throw new EOFException("the body ends too early");
            }
            return n == most ? bytes : Arrays.copyOf(bytes, n);
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            while (fill()) {
                char c = (char) (buffer[at++] & 0xff);
                if (++headBytes > LARGEST_HEAD) {
                    throw new ProtocolException("a head of more than " + LARGEST_HEAD + " bytes");
                }
                if (c == '\n') {
                    int length = line.length();
                    if (length > 0 && line.charAt(length - 1) == '\r') {
                        line.setLength(length - 1);
                    }
                    return line.toString();
                }
                line.append(c);
            }
            throw new EOFException("the answer ends too early");
        }

        private boolean fill() throws IOException {
            if (at < end) {
                return true;
            }
            socket.setSoTimeout(deadline.millis());
            end = in.read(buffer);
            at = 0;
            return end > 0;
        }
    }
}
