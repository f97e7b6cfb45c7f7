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

/** Ports that nobody listens on. */
public final class FreePorts {

    private static final int TRIES = 100;

    private FreePorts() {}

    /**
     * A port that was free a moment ago on each of those addresses, for TCP and UDP. Nothing keeps it free until it is
     * used: the caller tries again with another when it was not.
     *
     * @throws IOException if there is none, or an address is not this machine's
     */
    public static int on(List<InetAddress> addresses) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                return tryOne(addresses);
            } catch (BindException e) {
                if (tries == TRIES) {
                    throw new IOException(
                            "found no port that is free on all of " + addresses + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private static int tryOne(List<InetAddress> addresses) throws IOException {
        int port = 0;
        List<Closeable> held = new ArrayList<>();
        try {
            for (InetAddress address : addresses) {
                ServerSocket tcp = new ServerSocket();
                held.add(tcp);
                tcp.bind(new InetSocketAddress(address, port));
                port = tcp.getLocalPort();
                held.add(new DatagramSocket(new InetSocketAddress(address, port)));
            }
        } finally {
            for (Closeable each : held) {
                each.close();
            }
        }
        return port;
    }
}
