package org.ringcert.view.ca;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A server that sends whatever bytes a test wants. Each connection has a virtual thread and serves one request. */
final class RawServer implements AutoCloseable {

    /** Serves a connection, from its first byte on. */
    @FunctionalInterface
    interface Handler {
        void serve(Socket socket) throws IOException;
    }

    private final ServerSocket listener;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Handler handler = socket -> {};

    private RawServer(ServerSocket listener) {
        this.listener = listener;
    }

    /** @param port 0 for a free one */
    static RawServer start(InetAddress address, int port) throws IOException {
        return start(new ServerSocket(port, 50, address));
    }

    static RawServer start(ServerSocket listener) {
        RawServer server = new RawServer(listener);
        Thread.ofVirtual().start(server::accept);
        return server;
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Returns the heads of all requests, the empty line included. */
    List<String> requests() {
        return requests;
    }

    /** Returns the targets of all requests, such as {@code /x?y}. */
    List<String> targets() {
        return requests.stream().map(head -> head.split(" ", -1)[1]).toList();
    }

    int connections() {
        return connections.get();
    }

    void handle(Handler newHandler) {
        handler = newHandler;
    }

    /** Responds to each request with a text, one byte for each character, then closes the connection. */
    void respond(UnaryOperator<String> toResponse) {
        handle(socket -> {
            String head = readHead(socket);
            requests.add(head);
            send(socket, toResponse.apply(head));
        });
    }

    static void send(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    static String readHead(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the request ends too early: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            handler.serve(socket);
        } catch (IOException e) {
            // The client is gone, which many tests want.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
