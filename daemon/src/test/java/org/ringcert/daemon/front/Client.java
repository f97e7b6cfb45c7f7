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

/**
 * Writes bytes as a test wants them and reads answers; nothing is added or repaired. Reads give up after thirty
 * seconds.
 */
final class Client implements AutoCloseable {

    private static final Pattern LENGTH = Pattern.compile("\r\nContent-Length: ([0-9]+)\r\n");

    private final Socket socket;
    private final InputStream in;

    /**
     * An answer.
     *
     * @param head the status line and the header fields, each ended by CR LF
     */
    record Reply(String head, String body) {

        String status() {
            return head.substring(0, head.indexOf("\r\n"));
        }

        boolean has(String field) {
            return head.contains("\r\n" + field + "\r\n");
        }
    }

    Client(InetSocketAddress address) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    Client(Front front) throws IOException {
        this(front.addresses().getFirst());
    }

    /** Sends the text, one byte for each character up to U+00FF. */
    Client send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    Reply read() throws IOException {
        return read(true);
    }

    Reply readWithoutBody() throws IOException {
        return read(false);
    }

    /** Everything that still comes until the other side closes. */
    String readToEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Whether the other side closes without another byte; a reset counts. */
    boolean isClosed() {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    boolean isAnswered() throws IOException {
        return in.available() > 0;
    }

    void hangUp() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private Reply read(boolean withBody) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("closed after: " + head.toString(StandardCharsets.ISO_8859_1));
            }
            head.write(b);
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        int length = withBody ? length(text) : 0;
        return new Reply(
                text.substring(0, text.length() - 2), new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
    }

    private static int length(String head) {
        Matcher matcher = LENGTH.matcher(head);
        if (matcher.find()) {
            return Integer.parseInt(matcher.group(1));
        }
        throw new AssertionError("no Content-Length: " + head);
    }
}
