package org.ringcert.daemon.config;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * An address and port of this machine to listen at. {@code [::]} stands for all addresses, IPv4 and IPv6, by one
 * dual-stack socket; {@code 0.0.0.0} for all of IPv4. Immutable.
 *
 * @param address an address, never looked up
 * @param port 1 to 65535
 */
public record ListenAddress(InetAddress address, int port) {

    /** For bind. */
    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(address, port);
    }

    /** As it is written in the configuration: {@code 127.0.0.1:80}, {@code [::1]:80}. */
    @Override
    public String toString() {
        String host = IpLiteral.shown(address);
        return address instanceof Inet6Address ? "[" + host + "]:" + port : host + ":" + port;
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException if it is none; the message says what would be right
     */
    static ListenAddress parse(String written) {
        String examples = "127.0.0.1:80, [::1]:80, or [::]:80 for all addresses";
        HostAndPort parts = HostAndPort.split(written, examples);
        if (!IpLiteral.looksLikeOne(parts.host())) {
            throw new IllegalArgumentException("write an IP address and a port, such as " + examples);
        }
        return new ListenAddress(IpLiteral.parse(parts.host()), parts.port());
    }

    /**
     * What is left to bind: an address that another one covers would be taken already. So {@code 0.0.0.0:80} beside
     * {@code [::]:80} is one dual-stack socket.
     */
    static List<ListenAddress> fold(List<ListenAddress> addresses) {
        List<ListenAddress> left = new ArrayList<>();
        for (ListenAddress address : addresses) {
            if (left.stream().noneMatch(other -> other.covers(address))) {
                left.removeIf(address::covers);
                left.add(address);
            }
        }
        return List.copyOf(left);
    }

    private boolean covers(ListenAddress other) {
        return port == other.port && (address.equals(other.address) || coversFamilyOf(other.address));
    }

    private boolean coversFamilyOf(InetAddress other) {
        return address.isAnyLocalAddress() && (address instanceof Inet6Address || other instanceof Inet4Address);
    }
}
