package org.ringcert.daemon.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Parses the address of a DNS server. Never looks up a name. */
final class ResolverAddress {

    private static final int DNS_PORT = 53;
    private static final String EXAMPLES = "\"9.9.9.9\", \"9.9.9.9:53\" or \"[2620:fe::fe]:53\"";
    private static final String FORM = "a DNS server is an IP address and a port, such as " + EXAMPLES;

    private ResolverAddress() {}

    /**
     * Parses an IP address with or without a port, which is then 53. An IPv6 address with a port is in brackets.
     *
     * @throws IllegalArgumentException if it is wrong; the message says what would be right
     */
    static InetSocketAddress parse(String written) {
        InetSocketAddress server = hasPort(written) ? withPort(written) : withoutPort(written);
        if (server.getAddress().isAnyLocalAddress() || server.getAddress().isMulticastAddress()) {
            throw new IllegalArgumentException("no server has this address; " + FORM);
        }
        return server;
    }

    /** A single colon, or one after a bracket, separates a port. */
    private static boolean hasPort(String written) {
        int colon = written.lastIndexOf(':');
        return colon >= 0 && (written.indexOf(':') == colon || written.contains("]:"));
    }

    private static InetSocketAddress withPort(String written) {
        if (written.contains("/")) {
            throw new IllegalArgumentException(FORM);
        }
        HostAndPort parts = HostAndPort.split(written, EXAMPLES);
        return new InetSocketAddress(address(parts.host()), parts.port());
    }

    private static InetSocketAddress withoutPort(String written) {
        boolean isInBrackets = written.startsWith("[") && written.endsWith("]");
        return new InetSocketAddress(
                address(isInBrackets ? written.substring(1, written.length() - 1) : written), DNS_PORT);
    }

    private static InetAddress address(String written) {
        try {
            return IpLiteral.parse(written);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(FORM, e);
        }
    }
}
