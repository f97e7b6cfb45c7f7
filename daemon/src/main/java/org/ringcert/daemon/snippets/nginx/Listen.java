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
 * @param socket the address and port; server blocks with the same socket share its requests
 * @param options {@code default_server}, {@code ssl} and the like
 * @param position file and line
 */
public record Listen(NginxSocket socket, List<String> options, String position) {

    private static final Pattern PORTS = Pattern.compile("([0-9]+)(?:-([0-9]+))?");
    private static final Pattern ADDRESS = Pattern.compile("(\\[[^\\]]*\\]|[^:]+)(?::(.*))?");

    public Listen {
        options = List.copyOf(options);
    }

    /** Returns the entries of a {@code listen} directive: several if it has a range of ports. */
    static Stream<Listen> of(NginxDirective directive) {
        if (directive.words().size() < 2) {
            return Stream.of();
        }
        String address = directive.words().get(1);
        List<String> options = directive.words().subList(2, directive.words().size());
        return sockets(address).map(socket -> new Listen(socket, options, directive.position()));
    }

    /** Parses an address as written after {@code listen}, or in {@code proxy_pass} of the stream module. */
    static Stream<NginxSocket> sockets(String address) {
        if (address.startsWith("unix:")) {
            return Stream.of(new NginxSocket(address, 0));
        }
        if (PORTS.matcher(address).matches()) {
            return sockets("0.0.0.0", address);
        }
        Matcher parts = ADDRESS.matcher(address);
        if (!parts.matches()) {
            return Stream.of(new NginxSocket(address, 80));
        }
        String host = parts.group(1).equals("*") ? "0.0.0.0" : parts.group(1).toLowerCase(Locale.ROOT);
        return sockets(host, parts.group(2) == null ? "80" : parts.group(2));
    }

    private static Stream<NginxSocket> sockets(String address, String ports) {
        Matcher range = PORTS.matcher(ports);
        if (!range.matches()) {
            return Stream.of(new NginxSocket(address + ":" + ports, 0));
        }
        int first = Integer.parseInt(range.group(1));
        int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
        return IntStream.rangeClosed(first, last).mapToObj(port -> new NginxSocket(address, port));
    }

    /** Returns whether it is the default for requests whose name no block at the socket has. */
    public boolean isDefault() {
        return has("default_server") || has("default");
    }

    /** Returns whether it has that option. */
    public boolean has(String option) {
        return options.contains(option);
    }
}
