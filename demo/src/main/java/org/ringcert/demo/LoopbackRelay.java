package org.ringcert.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;

/**
 * Leads connections to a port of {@code ::1} to the same port of {@code 127.0.0.1}. Pebble listens on one address, but
 * {@code localhost} is two on most machines, and clients that prefer the other do not all fall back.
 */
final class LoopbackRelay implements AutoCloseable {

    private static final InetAddress V4 = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress V6 = InetAddress.ofLiteral("::1");
    private static final int BACKLOG = 50;

    private final ServerSocket door;

    private LoopbackRelay(ServerSocket door) {
        this.door = door;
    }

    /** Whether {@code localhost} is {@code ::1} as well, and this machine has that address. */
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

    /** Opens one; it answers until it is closed. */
    static LoopbackRelay open(int port) throws IOException {
        LoopbackRelay relay = new LoopbackRelay(new ServerSocket(port, BACKLOG, V6));
        Thread.ofVirtual().name("relay of [::1]:" + port).start(relay::serve);
        return relay;
    }

    @Override
    public void close() throws IOException {
        door.close();
    }

    private void serve() {
        try {
            while (true) {
                Socket from = door.accept();
                Thread.ofVirtual().start(() -> lead(from));
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private void lead(Socket from) {
        try (from;
                Socket to = new Socket()) {
            to.connect(new InetSocketAddress(V4, door.getLocalPort()));
            Thread back = Thread.ofVirtual().start(() -> pour(to, from));
            pour(from, to);
            back.join();
        } catch (IOException e) {
            // Nobody there: the other side sees a connection that ends.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pour(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // One that has broken off takes the other with it.
            shut(from);
            shut(to);
        }
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
