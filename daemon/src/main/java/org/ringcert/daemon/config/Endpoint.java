package org.ringcert.daemon.config;

import java.util.Locale;

/**
 * A TCP port of another machine. Immutable.
 *
 * @param host a host name or an IP address literal, IPv6 without brackets
 * @param port 1 to 65535
 */
public record Endpoint(String host, int port) {

    /** As it is written in the configuration: {@code host:port}, an IPv6 address in brackets. */
    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException if it is none; the message says what would be right
     */
    static Endpoint parse(String written) {
        HostAndPort parts = HostAndPort.split(written, "10.0.0.10:443 or web0.example.org:443");
        return new Endpoint(host(parts.host()), parts.port());
    }

    /**
     * Reads the host name or the address, IPv6 without brackets, of one machine.
     *
     * @throws IllegalArgumentException if it is none; the message says what would be right
     */
    static String host(String written) {
        if (IpLiteral.looksLikeOne(written)) {
            if (IpLiteral.parse(written).isAnyLocalAddress()) {
                throw new IllegalArgumentException("this stands for all addresses; write the one of that server");
            }
            return written.toLowerCase(Locale.ROOT);
        }
        return HostNameParser.parse(written).value();
    }
}
