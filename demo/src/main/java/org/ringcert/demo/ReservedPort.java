package org.ringcert.demo;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * A port of this machine that the system chooses for no one else until this is closed. So a server can end and start
 * again on it. A server that knows the number can listen on it if it sets {@code SO_REUSEADDR}, as nearly all do. While
 * none does, connections are refused. Reserved for TCP only.
 */
public final class ReservedPort implements AutoCloseable {

    private final int number;
    private final List<Socket> sockets;

    private ReservedPort(int number, List<Socket> sockets) {
        this.number = number;
        this.sockets = List.copyOf(sockets);
    }

    /**
     * Reserves a port that nobody uses on any of the addresses, for TCP or UDP. The system chooses it.
     *
     * @throws java.net.BindException if the port that the system chose on the first address is in use on another one
     */
    static ReservedPort choose(List<InetAddress> addresses) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            int number = 0;
            for (InetAddress address : addresses) {
                Socket socket = new Socket();
                sockets.add(socket);
                // Two reservations of the same port would not exclude each other if this were true already.
                socket.setReuseAddress(false);
                socket.bind(new InetSocketAddress(address, number));
                socket.setReuseAddress(true);
                number = socket.getLocalPort();
                new DatagramSocket(new InetSocketAddress(address, number)).close();
            }
            return new ReservedPort(number, sockets);
        } catch (IOException | RuntimeException e) {
            close(sockets);
            throw e;
        }
    }

    public int number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        close(sockets);
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
