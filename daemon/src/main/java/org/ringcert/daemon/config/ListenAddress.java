package org.ringcert.daemon.config;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.ringcert.cluster.AddressText;

/**
 * An address and port of this machine to listen on. {@code [::]} stands for all addresses, IPv4 and IPv6, by one
 * dual-stack socket; {@code 0.0.0.0} for all of IPv4. Immutable.
 *
 * @param address the address; never looked up by name
 * @param port 1 to 65535
 */
public record ListenAddress(InetAddress address, int port) {

    /** Returns the address to bind. */
    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(address, port);
    }

    /** Returns the address as in the configuration: {@code 127.0.0.1:80}, {@code [::1]:80}. */
    @Override
    public String toString() {
        String host = AddressText.of(address);
        return address instanceof Inet6Address ? "[" + host + "]:" + port : host + ":" + port;
    }

    /**
     * Parses the form that {@link #toString} returns.
     *
     * @throws IllegalArgumentException if it is wrong; the message says what would be right
     */
    static ListenAddress parse(String written) {
        return parse(written, "127.0.0.1:80, [::1]:80, or [::]:80 for all addresses");
    }

    /**
     * Parses the form that {@link #toString} returns.
     *
     * @param examples what the message of a mistake shows
     * @throws IllegalArgumentException if it is wrong; the message says what would be right
     */
    static ListenAddress parse(String written, String examples) {
        HostAndPort parts = HostAndPort.split(written, examples);
        if (!IpLiteral.isMeantAsOne(parts.host())) {
            throw new IllegalArgumentException("write an IP address and a port, such as " + examples);
        }
        return new ListenAddress(IpLiteral.parse(parts.host()), parts.port());
    }

    /**
     * Returns the addresses without those that another one covers, which could not be bound. So {@code 0.0.0.0:80} and
     * {@code [::]:80} become one dual-stack socket.
     */
    static List<ListenAddress> withoutCovered(List<ListenAddress> addresses) {
        List<ListenAddress> result = new ArrayList<>();
        for (ListenAddress address : addresses) {
            if (result.stream().noneMatch(other -> other.covers(address))) {
                result.removeIf(address::covers);
                result.add(address);
            }
        }
        return List.copyOf(result);
    }

    /** Returns whether the two cannot be bound at the same time. */
    boolean overlaps(ListenAddress other) {
        return covers(other) || other.covers(this);
    }

    private boolean covers(ListenAddress other) {
        return port == other.port && (address.equals(other.address) || coversFamilyOf(other.address));
    }

    private boolean coversFamilyOf(InetAddress other) {
        return address.isAnyLocalAddress() && (address instanceof Inet6Address || other instanceof Inet4Address);
    }
}
