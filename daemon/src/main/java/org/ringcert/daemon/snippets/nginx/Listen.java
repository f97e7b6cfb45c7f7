package org.ringcert.daemon.snippets.nginx;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where a server block listens. Immutable.
 *
 * @param socket what nginx tells apart: blocks with the same one share its requests
 * @param options {@code default_server}, {@code ssl} and the like
 * @param place file and line
 */
public record Listen(Socket socket, List<String> options, String place) {

    private static final Pattern PORTS = Pattern.compile("([0-9]+)(?:-([0-9]+))?");
    private static final Pattern ADDRESS = Pattern.compile("(\\[[^\\]]*\\]|[^:]+)(?::(.*))?");

    public Listen {
        options = List.copyOf(options);
    }

    /**
     * An address and a port.
     *
     * @param address {@code 0.0.0.0} and {@code [::]} for all; for a socket in the file system the whole of
     *     {@code unix:...}
     * @param port 0 for a socket in the file system
     */
    public record Socket(String address, int port) {

        /** Every IPv4 address, at that port. */
        public static Socket ipv4(int port) {
            return new Socket("0.0.0.0", port);
        }

        /** Every IPv6 address, at that port. */
        public static Socket ipv6(int port) {
            return new Socket("[::]", port);
        }

        /** Whether only programs of this machine reach it. */
        public boolean isLocal() {
            return address.startsWith("unix:")
                    || List.of("127.0.0.1", "localhost", "[::1]").contains(address);
        }

        @Override
        public String toString() {
            return port == 0 ? address : address + ":" + port;
        }
    }

    /** What that directive means; several where it names several ports. */
    static Stream<Listen> of(Directive directive) {
        if (directive.words().size() < 2) {
            return Stream.of();
        }
        String where = directive.words().get(1);
        List<String> options = directive.words().subList(2, directive.words().size());
        return sockets(where).map(socket -> new Listen(socket, options, directive.place()));
    }

    /** An address as it is written after {@code listen} or in {@code proxy_pass} of a stream. */
    static Stream<Socket> sockets(String where) {
        if (where.startsWith("unix:")) {
            return Stream.of(new Socket(where, 0));
        }
        if (PORTS.matcher(where).matches()) {
            return sockets("0.0.0.0", where);
        }
        Matcher parts = ADDRESS.matcher(where);
        if (!parts.matches()) {
            return Stream.of(new Socket(where, 80));
        }
        String address = parts.group(1).equals("*") ? "0.0.0.0" : parts.group(1).toLowerCase(Locale.ROOT);
        return sockets(address, parts.group(2) == null ? "80" : parts.group(2));
    }

    private static Stream<Socket> sockets(String address, String ports) {
        Matcher range = PORTS.matcher(ports);
        if (!range.matches()) {
            return Stream.of(new Socket(address + ":" + ports, 0));
        }
        int first = Integer.parseInt(range.group(1));
        int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
        return IntStream.rangeClosed(first, last).mapToObj(port -> new Socket(address, port));
    }

    /** Whether it takes the requests that no block at that socket has a name for. */
    public boolean isDefault() {
        return has("default_server") || has("default");
    }

    /** Whether that word stands there. */
    public boolean has(String option) {
        return options.contains(option);
    }
}
