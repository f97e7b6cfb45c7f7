package org.ringcert.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads one HTTP/1.1 response from a socket (RFC 9112). */
final class ResponseReader {

    /** Limits status line and headers, those of interim responses and trailing chunks included. */
    private static final int MAX_HEAD_BYTES = 8 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final SocketDeadline deadline;
    private final byte[] buffer = new byte[4096];
    private int position;
    private int end;
    private int headBytes;

    ResponseReader(Socket socket, SocketDeadline deadline) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.deadline = deadline;
    }

    HttpGet.Response read(int maxBodyBytes) throws IOException {
        int status;
        List<String> lines;
        do {
            status = parseStatus(readLine());
            lines = readHeaders();
        } while (isInterim(status));
        ResponseHeaders headers = ResponseHeaders.of(lines);
        if (status != 200) {
            return HttpGet.Response.withoutBody(status, headers);
        }
        // One byte more than the maximum shows whether the body is longer.
        String body = new String(readBody(headers, maxBodyBytes + 1), StandardCharsets.ISO_8859_1);
        boolean truncated = body.length() > maxBodyBytes;
        return new HttpGet.Response(status, headers, truncated ? body.substring(0, maxBodyBytes) : body, truncated);
    }

    private static boolean isInterim(int status) {
        return status >= 100 && status < 200 && status != 101;
    }

    private static int parseStatus(String line) throws ProtocolException {
        if (!line.matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
            throw new ProtocolException("the response is not HTTP/1.1");
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private List<String> readHeaders() throws IOException {
        List<String> headers = new ArrayList<>();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            headers.add(line);
        }
        return headers;
    }

    private byte[] readBody(ResponseHeaders headers, int maxBytes) throws IOException {
        List<String> encodings = headers.values("Transfer-Encoding");
        List<String> lengths = headers.values("Content-Length");
        if (!encodings.isEmpty()) {
            if (encodings.size() > 1 || !encodings.getFirst().equalsIgnoreCase("chunked") || !lengths.isEmpty()) {
                throw new ProtocolException("the length of the body is ambiguous");
            }
            return readChunks(maxBytes);
        }
        if (lengths.isEmpty()) {
            return readUpTo(maxBytes);
        }
        if (lengths.size() > 1 || !lengths.getFirst().matches("[0-9]{1,18}")) {
            throw new ProtocolException("the Content-Length is malformed");
        }
        return readExactly((int) Math.min(Long.parseLong(lengths.getFirst()), maxBytes));
    }

    private byte[] readChunks(int maxBytes) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (body.size() < maxBytes) {
            String size = readLine().replaceFirst("[ \t]*;.*", "");
            if (!size.matches("[0-9A-Fa-f]{1,8}")) {
                throw new ProtocolException("a chunk has no size");
            }
            long length = Long.parseLong(size, 16);
            if (length == 0) {
                break;
            }
            body.writeBytes(readExactly((int) Math.min(length, maxBytes - body.size())));
            if (body.size() < maxBytes && !readLine().isEmpty()) {
                throw new ProtocolException("a chunk is longer than its size");
            }
        }
        return body.toByteArray();
    }

    private byte[] readExactly(int length) throws IOException {
        byte[] bytes = readUpTo(length);
        if (bytes.length < length) {
            throw new EOFException("the body ends too early");
        }
        return bytes;
    }

    /** Reads up to the maximum, or to the end of the connection. */
    private byte[] readUpTo(int maxBytes) throws IOException {
        byte[] bytes = new byte[maxBytes];
        int length = 0;
        while (length < maxBytes && fillBuffer()) {
            int copied = Math.min(maxBytes - length, end - position);
            System.arraycopy(buffer, position, bytes, length, copied);
            position += copied;
            length += copied;
        }
        return length == maxBytes ? bytes : Arrays.copyOf(bytes, length);
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        while (fillBuffer()) {
            char c = (char) (buffer[position++] & 0xff);
            if (++headBytes > MAX_HEAD_BYTES) {
                throw new ProtocolException("the head of the response has more than " + MAX_HEAD_BYTES + " bytes");
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
        throw new EOFException("the response ends too early");
    }

    /** Makes sure that the buffer has unread bytes; returns false at the end of the connection. */
    private boolean fillBuffer() throws IOException {
        if (position < end) {
            return true;
        }
        socket.setSoTimeout(deadline.remainingMillis());
        end = in.read(buffer);
        position = 0;
        return end > 0;
    }
}
