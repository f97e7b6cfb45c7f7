package org.ringcert.demo;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
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
        try (ReservedPort port = reserve(addresses)) {
            return port.number();
        }
    }

    /**
     * Reserves a port that is free on each of the addresses, for a server that may start late, or more than once.
     *
     * @throws IOException if no such port was found, or an address is not one of this machine
     */
    public static ReservedPort reserve(List<InetAddress> addresses) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return ReservedPort.choose(addresses);
            } catch (BindException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw new IOException(
                            "found no port that is free on all of " + addresses + ": " + e.getMessage(), e);
                }
            }
        }
    }

    /** Reserves a port as {@link #reserve} does, but another one than the given one. */
    static ReservedPort reserveExcept(int excluded, List<InetAddress> addresses) throws IOException {
        ReservedPort port = reserve(addresses);
        if (port.number() != excluded) {
            return port;
        }
        try (port) {
            return reserveExcept(excluded, addresses);
        }
    }
}
