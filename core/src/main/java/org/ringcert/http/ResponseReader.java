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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one HTTP/1.1 response from a socket (RFC 9112). */
final class ResponseReader {

    /** Go's client, and with it Boulder, gives up after five as well. */
    private static final int MAX_INTERIM_RESPONSES = 5;

    private static final String HTTP = "HTTP/";
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.([01]) ([1-5][0-9]{2})( .*)?");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9A-Fa-f]{1,8})[ \t]*(;.*)?");

    private enum LineEnd {
        /** RFC 9112, section 2.2, allows a recipient to accept a lone LF in the head. */
        CRLF_OR_LF,
        /** In the framing of chunks a lone LF could hide a part of the response (RFC 9112, errata 7633). */
        CRLF
    }

    private final Socket socket;
    private final InputStream in;
    private final SocketDeadline deadline;
    private final byte[] buffer = new byte[4096];
    private int position;
    private int end;
    private int headBytes;
    private int maxHeadBytes;

    ResponseReader(Socket socket, SocketDeadline deadline) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.deadline = deadline;
    }

    HttpGet.Response read(ResponseLimits limits) throws IOException {
        maxHeadBytes = limits.headBytes();
        Matcher status = readStatusLine();
        ResponseHeaders headers = readHeaders();
        for (int interim = 0; isInterim(status); interim++) {
            if (interim == MAX_INTERIM_RESPONSES) {
                throw new ProtocolException("there are more than " + MAX_INTERIM_RESPONSES + " interim responses");
            }
            status = readStatusLine();
            headers = readHeaders();
        }
        int code = Integer.parseInt(status.group(2));
        if (!limits.hasBody().test(code)) {
            return HttpGet.Response.withoutBody(code, headers);
        }
        if (status.group(1).equals("0") && !headers.values("Transfer-Encoding").isEmpty()) {
            // RFC 9112, section 6.1: the framing is faulty. Clients disagree about the body.
            throw new ProtocolException("an HTTP/1.0 response has a Transfer-Encoding");
        }
        int maxBodyBytes = limits.bodyBytes().applyAsInt(headers);
        // One byte more than the maximum shows whether the body is longer.
        String body = new String(readBody(headers, maxBodyBytes + 1), StandardCharsets.ISO_8859_1);
        boolean truncated = body.length() > maxBodyBytes;
        return new HttpGet.Response(code, headers, truncated ? body.substring(0, maxBodyBytes) : body, truncated);
    }

    private static boolean isInterim(Matcher statusLine) {
        return statusLine.group(2).startsWith("1") && !statusLine.group(2).equals("101");
    }

    /** Reads the status line, and recognizes other protocols by their first bytes, without waiting for a line end. */
    private Matcher readStatusLine() throws IOException {
        StringBuilder start = new StringBuilder();
        while (start.length() < HTTP.length() && fillBuffer()) {
            start.append((char) (buffer[position++] & 0xff));
            headBytes++;
        }
        if (start.isEmpty()) {
            throw new EOFException("the connection was closed without a response");
        }
        if (!start.toString().equals(HTTP)) {
            throw new NotHttpException(kind(start));
        }
        Matcher statusLine = STATUS_LINE.matcher(HTTP + readLine(LineEnd.CRLF_OR_LF));
        if (!statusLine.matches()) {
            throw new NotHttpException(NotHttpException.Kind.OTHER);
        }
        return statusLine;
    }

    private static NotHttpException.Kind kind(CharSequence start) {
        if (start.length() < HTTP.length()) {
            return NotHttpException.Kind.OTHER;
        }
        // Length (24 bits), type 4, flags 0.
        if (start.charAt(0) == 0 && start.charAt(1) == 0 && start.charAt(3) == 4 && start.charAt(4) == 0) {
            return NotHttpException.Kind.HTTP2;
        }
        // Content type alert or handshake, then version 3.x.
        return (start.charAt(0) == 0x15 || start.charAt(0) == 0x16) && start.charAt(1) == 3
                ? NotHttpException.Kind.TLS
                : NotHttpException.Kind.OTHER;
    }

    private ResponseHeaders readHeaders() throws IOException {
        List<String> headers = new ArrayList<>();
        String line = readLine(LineEnd.CRLF_OR_LF);
        while (!line.isEmpty()) {
            headers.add(line);
            line = readLine(LineEnd.CRLF_OR_LF);
        }
        return ResponseHeaders.of(headers);
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
        if (lengths.size() > 1 || !LENGTH.matcher(lengths.getFirst()).matches()) {
            throw new ProtocolException("the Content-Length is malformed");
        }
        return readExactly((int) Math.min(Long.parseLong(lengths.getFirst()), maxBytes));
    }

    private byte[] readChunks(int maxBytes) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (body.size() < maxBytes) {
            Matcher size = CHUNK_SIZE.matcher(readLine(LineEnd.CRLF));
            if (!size.matches()) {
                throw new ProtocolException("a chunk has no size");
            }
            long length = Long.parseLong(size.group(1), 16);
            if (length == 0) {
                // The trailers.
                var _ = readHeaders();
                break;
            }
            body.writeBytes(readExactly((int) Math.min(length, maxBytes - body.size())));
            if (body.size() < maxBytes && !readLine(LineEnd.CRLF).isEmpty()) {
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

    private String readLine(LineEnd lineEnd) throws IOException {
        StringBuilder line = new StringBuilder();
        while (fillBuffer()) {
            char c = (char) (buffer[position++] & 0xff);
            if (++headBytes > maxHeadBytes) {
                throw new ProtocolException("the head of the response has more than " + maxHeadBytes + " bytes");
            }
            if (c == '\n') {
                int length = line.length();
                if (length > 0 && line.charAt(length - 1) == '\r') {
                    line.setLength(length - 1);
                } else if (lineEnd == LineEnd.CRLF) {
                    throw new ProtocolException("a line of a chunk does not end with CRLF");
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
