package org.ringcert.daemon.snippets.haproxy;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a {@code bind} listens, or whom a {@code server} is connected to (section 11.1 of HAProxy's Configuration
 * Manual). Immutable.
 *
 * @param host empty for all addresses; the whole text where it is no IP address with a port
 * @param first port; 0 where there is none
 * @param last port, for a range
 */
public record Address(String host, int first, int last) {

    private static final Pattern INET = Pattern.compile("(?:ipv[46]@|tcp[46]?@)?(.*):([0-9]+)(?:-([0-9]+))?");
    private static final List<String> ALL = List.of("", "*", "0.0.0.0", "::", "[::]");
    private static final List<String> LOOPBACK = List.of("127.0.0.1", "localhost", "::1", "[::1]");

    /** What that text stands for. */
    public static Address of(String written) {
        Matcher inet = INET.matcher(written);
        boolean socket =
                written.startsWith("/") || written.matches("(?:unix|abns|abnsz|fd|sockpair|quic[46]|udp[46]?)@.*");
        if (socket || !inet.matches()) {
            return new Address(written.startsWith("unix@") ? written.substring(5) : written, 0, 0);
        }
        String host = ALL.contains(inet.group(1)) ? "" : inet.group(1);
        int first = Integer.parseInt(inet.group(2));
        return new Address(host, first, inet.group(3) == null ? first : Integer.parseInt(inet.group(3)));
    }

    /** Whether it has that port. */
    public boolean hasPort(int port) {
        return first <= port && port <= last;
    }

    /** Whether it takes what comes to that port at every address. */
    public boolean takesAll(int port) {
        return host.isEmpty() && hasPort(port);
    }

    /** Whether what is connected to that address gets here. */
    public boolean isReachedBy(Address target) {
        return target.first == 0
                ? equals(target)
                : hasPort(target.first)
                        && (host.equals(target.host) || (host.isEmpty() && LOOPBACK.contains(target.host)));
    }

    /**
     * Whether it does not say where it is: a variable may be set elsewhere, and an open file is handed over by who
     * starts HAProxy.
     */
    public boolean isRiddle() {
        return host.contains("$") || host.startsWith("fd@");
    }

    @Override
    public String toString() {
        return first == 0 ? host : host + ":" + first + (last == first ? "" : "-" + last);
    }
}
