package org.ringcert.demo;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Finds ports that nobody listens on. */
public final class FreePorts {

    private static final int MAX_ATTEMPTS = 100;

    private FreePorts() {}

    /**
     * Returns a port that was free a moment ago on each of the addresses, for TCP and UDP. Nothing reserves it: if
     * another program takes it first, the caller has to try again with another port.
     *
     * @throws IOException if no such port was found, or an address is not one of this machine
     */
    public static int on(List<InetAddress> addresses) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return bindOnce(addresses);
            } catch (BindException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw new IOException(
                            "found no port that is free on all of " + addresses + ": " + e.getMessage(), e);
                }
            }
        }
    }

    /** Binds a port that the system chooses on the first address, then the same port on all others. */
    private static int bindOnce(List<InetAddress> addresses) throws IOException {
        int port = 0;
        List<Closeable> sockets = new ArrayList<>();
        try {
            for (InetAddress address : addresses) {
                ServerSocket tcp = new ServerSocket();
                sockets.add(tcp);
                tcp.bind(new InetSocketAddress(address, port));
                port = tcp.getLocalPort();
                sockets.add(new DatagramSocket(new InetSocketAddress(address, port)));
            }
        } finally {
            for (Closeable socket : sockets) {
                socket.close();
            }
        }
        return port;
    }
}
