package org.ringcert.daemon.snippets;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What stands between a web server's configuration and challenges that are answered. Immutable.
 *
 * @param lacking the virtual hosts that need the line
 * @param remarks what else has to be changed, as file and line with what is wrong and what to do
 */
record Findings(List<Lacking> lacking, List<String> remarks) {

    Findings {
        lacking = List.copyOf(lacking);
        remarks = List.copyOf(remarks);
    }

    /**
     * A virtual host that needs the line.
     *
     * @param place file and line
     * @param where it is reached: {@code port 80}
     * @param names for which it is reached
     */
    record Lacking(String place, String where, String names) {

        @Override
        public String toString() {
            return place + "  " + where + ": " + names;
        }
    }

    /** Those of the virtual hosts that do not answer, are reached at one of the node's ports, and have one of the cluster's names. */
    static Findings of(List<VirtualHost> hosts, WebNode node) {
        List<Integer> ports = List.of(node.port(), node.httpsPort(), 443);
        List<Lacking> lacking = hosts.stream()
                .filter(host -> !host.answers() && host.isReachedAt(ports))
                .filter(host -> node.names().stream().anyMatch(host::isFor))
                .map(host -> new Lacking(host.place(), ports(host), names(host)))
                .distinct()
                .toList();
        return new Findings(lacking, List.of());
    }

    private static String ports(VirtualHost host) {
        return host.ports().isEmpty()
                ? "all ports"
                : "port " + host.ports().stream().sorted().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static String names(VirtualHost host) {
        return host.names().isEmpty() ? "all names" : String.join(" ", host.names());
    }
}
