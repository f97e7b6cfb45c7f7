package org.ringcert.acme;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A forward proxy as companies run them. It opens tunnels (RFC 9110, section 9.3.6), always to the same server, or
 * refuses to.
 */
final class ConnectProxy implements AutoCloseable {

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final InetSocketAddress server;
    private final String answer;

    /** @param answer status line and headers, such as {@link #TUNNEL} */
    ConnectProxy(InetSocketAddress server, String answer) throws IOException {
        this.server = server;
        this.answer = answer;
        Thread.ofVirtual().start(this::accept);
    }

    static final String TUNNEL = "HTTP/1.1 200 Connection established\r\n\r\n";

    /** Returns the request line and headers of each request so far. */
    List<String> requests() {
        return requests;
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket upstream = new Socket()) {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = client.getInputStream().read();
                if (next < 0) {
                    return;
                }
                head.append((char) next);
            }
            requests.add(head.toString());
            client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            if (answer.equals(TUNNEL)) {
                upstream.connect(server);
                Thread back = Thread.ofVirtual().start(() -> copy(upstream, client));
                copy(client, upstream);
                back.join();
            }
        } catch (IOException e) {
            // One side has closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream()) {
            in.transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // The other side has closed.
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
