package org.ringcert.daemon.front;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends exactly the given bytes and reads responses. Reads time out after thirty seconds. */
final class RawClient implements AutoCloseable {

    private static final Pattern CONTENT_LENGTH = Pattern.compile("\r\nContent-Length: ([0-9]+)\r\n");

    private final Socket socket;
    private final InputStream in;

    RawClient(InetSocketAddress address) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    RawClient(Front front) throws IOException {
        this(front.addresses().getFirst());
    }

    /** Sends text, one byte for each character up to U+00FF. */
    RawClient send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** Reads a response with its body. */
    RawResponse read() throws IOException {
        String head = readHead();
        byte[] body = in.readNBytes(contentLength(head));
        return new RawResponse(withoutEmptyLine(head), new String(body, StandardCharsets.ISO_8859_1));
    }

    /** Reads a response to a HEAD request. */
    RawResponse readWithoutBody() throws IOException {
        return new RawResponse(withoutEmptyLine(readHead()), "");
    }

    /** Reads everything until the server closes the connection. */
    String readToEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Returns true if the server closes or resets the connection without sending another byte. */
    boolean isClosed() {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    boolean hasReceivedBytes() throws IOException {
        return in.available() > 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String readHead() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("closed after: " + head.toString(StandardCharsets.ISO_8859_1));
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static String withoutEmptyLine(String head) {
        return head.substring(0, head.length() - 2);
    }

    private static int contentLength(String head) {
        Matcher matcher = CONTENT_LENGTH.matcher(head);
        if (matcher.find()) {
            return Integer.parseInt(matcher.group(1));
        }
        throw new AssertionError("no Content-Length: " + head);
    }
}
