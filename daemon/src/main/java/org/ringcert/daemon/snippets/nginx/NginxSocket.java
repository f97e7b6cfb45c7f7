package org.ringcert.daemon.snippets.nginx;

import java.util.List;

/**
 * An address and port at which nginx listens. Immutable.
 *
 * @param address {@code 0.0.0.0} and {@code [::]} for all; for a socket in the file system the whole {@code unix:...}
 * @param port 0 for a socket in the file system
 */
public record NginxSocket(String address, int port) {

    /** Returns the socket for all IPv4 addresses at that port. */
    public static NginxSocket ipv4(int port) {
        return new NginxSocket("0.0.0.0", port);
    }

    /** Returns the socket for all IPv6 addresses at that port. */
    public static NginxSocket ipv6(int port) {
        return new NginxSocket("[::]", port);
    }

    /** Returns whether only programs on this machine can connect to it. */
    public boolean isLocal() {
        return address.startsWith("unix:")
                || List.of("127.0.0.1", "localhost", "[::1]").contains(address);
    }

    @Override
    public String toString() {
        return port == 0 ? address : address + ":" + port;
    }
}
