package org.ringcert.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;

/**
 * Forwards connections from a port of {@code ::1} to the same port of {@code 127.0.0.1}. Pebble listens on one address
 * only, but {@code localhost} has two on most machines, and not every client falls back to the other one.
 */
final class LoopbackRelay implements AutoCloseable {

    private static final InetAddress V4 = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress V6 = InetAddress.ofLiteral("::1");
    private static final int BACKLOG = 50;

    private final ServerSocket listener;

    private LoopbackRelay(ServerSocket listener) {
        this.listener = listener;
    }

    /** Returns true if {@code localhost} resolves to {@code ::1} as well, and this machine has that address. */
    static boolean isNeeded() throws IOException {
        if (!Arrays.asList(InetAddress.getAllByName("localhost")).contains(V6)) {
            return false;
        }
        try (ServerSocket probe = new ServerSocket(0, 1, V6)) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Starts a relay that forwards connections until it is closed. */
    static LoopbackRelay open(int port) throws IOException {
        LoopbackRelay relay = new LoopbackRelay(new ServerSocket(port, BACKLOG, V6));
        Thread.ofVirtual().name("relay of [::1]:" + port).start(relay::acceptConnections);
        return relay;
    }

    /** Accepts no more connections. Those that are open continue. */
    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void acceptConnections() {
        try {
            while (true) {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> forward(client));
            }
        } catch (IOException e) {
            // The relay was closed.
        }
    }

    private void forward(Socket client) {
        try (client;
                Socket server = new Socket()) {
            server.connect(new InetSocketAddress(V4, listener.getLocalPort()));
            Thread replies = Thread.ofVirtual().start(() -> copy(server, client));
            copy(client, server);
            replies.join();
        } catch (IOException e) {
            // Nobody listens there. The client sees its connection end.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // When one connection breaks, the other must not stay open.
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone in any case.
        }
    }
}
