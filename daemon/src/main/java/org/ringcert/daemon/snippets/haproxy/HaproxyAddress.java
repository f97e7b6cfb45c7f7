package org.ringcert.daemon.snippets.haproxy;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a {@code bind} or {@code server} (section 11.1 of HAProxy's Configuration Manual). Immutable.
 *
 * @param host empty for all addresses; the whole text if it is not an IP address with a port
 * @param first the port; 0 if there is none
 * @param last the last port of a range; otherwise the same as {@code first}
 */
public record HaproxyAddress(String host, int first, int last) {

    private static final Pattern INET = Pattern.compile("(?:ipv[46]@|tcp[46]?@)?(.*):([0-9]+)(?:-([0-9]+))?");
    private static final List<String> ALL = List.of("", "*", "0.0.0.0", "::", "[::]");
    private static final List<String> LOOPBACK = List.of("127.0.0.1", "localhost", "::1", "[::1]");

    /** Parses an address. */
    public static HaproxyAddress of(String written) {
        Matcher inet = INET.matcher(written);
        boolean socket =
                written.startsWith("/") || written.matches("(?:unix|abns|abnsz|fd|sockpair|quic[46]|udp[46]?)@.*");
        if (socket || !inet.matches()) {
            return new HaproxyAddress(written.startsWith("unix@") ? written.substring(5) : written, 0, 0);
        }
        String host = ALL.contains(inet.group(1)) ? "" : inet.group(1);
        int first = Integer.parseInt(inet.group(2));
        return new HaproxyAddress(host, first, inet.group(3) == null ? first : Integer.parseInt(inet.group(3)));
    }

    /** Returns whether it includes the port. */
    public boolean hasPort(int port) {
        return first <= port && port <= last;
    }

    /** Returns whether it includes the port at all addresses. */
    public boolean isEveryAddressAt(int port) {
        return host.isEmpty() && hasPort(port);
    }

    /** Returns whether a connection to the target arrives here. */
    public boolean accepts(HaproxyAddress target) {
        return target.first == 0
                ? equals(target)
                : hasPort(target.first)
                        && (host.equals(target.host) || (host.isEmpty() && LOOPBACK.contains(target.host)));
    }

    /**
     * Returns whether the address cannot be known: a variable may be set elsewhere, and an open file descriptor is
     * passed on by the program that starts HAProxy.
     */
    public boolean isUnknown() {
        return host.contains("$") || host.startsWith("fd@");
    }

    @Override
    public String toString() {
        return first == 0 ? host : host + ":" + first + (last == first ? "" : "-" + last);
    }
}
