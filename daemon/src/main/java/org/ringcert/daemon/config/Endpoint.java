package org.ringcert.daemon.config;

import java.util.Locale;

/**
 * A TCP port of another machine. Immutable.
 *
 * @param host a host name or an IP address literal, IPv6 without brackets
 * @param port 1 to 65535
 */
public record Endpoint(String host, int port) {

    /** Returns {@code host:port}, as in the configuration. An IPv6 address is in brackets. */
    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }

    /**
     * Parses the form that {@link #toString} returns.
     *
     * @throws IllegalArgumentException if it is wrong; the message says what would be right
     */
    static Endpoint parse(String written) {
        HostAndPort parts = HostAndPort.split(written, "10.0.0.10:443 or web0.example.org:443");
        return new Endpoint(parseHost(parts.host()), parts.port());
    }

    /**
     * Parses the name or address of one machine. An IPv6 address has no brackets.
     *
     * @throws IllegalArgumentException if it is wrong; the message says what would be right
     */
    static String parseHost(String written) {
        if (IpLiteral.isMeantAsOne(written)) {
            if (IpLiteral.parse(written).isAnyLocalAddress()) {
                throw new IllegalArgumentException("this means all addresses; write the one address of that server");
            }
            return written.toLowerCase(Locale.ROOT);
        }
        return HostNameParser.parse(written).value();
    }
}
