package org.ringcert.handoff;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ringcert.challenge.Http01;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;

/**
 * The nodes that a walk still has to try, from the parameter {@code left} in the query of a challenge request.
 * {@code ?left=a,b} names two nodes. {@code ?left=} names none: the request goes no further, and no peer is asked.
 * Other parameters are ignored.
 */
public sealed interface RemainingNodes {

    /** The parameter's name on the wire. The rules that are printed for web servers contain it too. */
    String PARAMETER = "left";

    /** The query has no such parameter: this is the first node that the CA has come to. */
    record Unspecified() implements RemainingNodes {}

    /** The nodes to try, in this order; may be empty. */
    record Named(List<Node> nodes) implements RemainingNodes {
        public Named {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * A list that no node of this cluster makes: it has unknown or duplicate names, or more than
     * {@link Http01#MAX_REDIRECTS}, or the parameter occurs twice.
     */
    record Invalid() implements RemainingNodes {}

    /**
     * Returns whether no node remains: the request is a peer's question, or the CA has been redirected to the holder.
     */
    default boolean isNone() {
        return this instanceof Named named && named.nodes().isEmpty();
    }

    /** Returns the query that names these nodes, without the question mark. */
    static String toQuery(List<Node> nodes) {
        return PARAMETER + "=" + nodes.stream().map(node -> node.name().value()).collect(Collectors.joining(","));
    }

    /**
     * Parses the query of a request, which is untrusted.
     *
     * @param query without the question mark; null if the request has no query
     */
    static RemainingNodes parse(@Nullable String query, Cluster cluster) {
        if (query == null) {
            return new Unspecified();
        }
        @Nullable String value = null;
        for (String part : query.split("&", -1)) {
            if (part.equals(PARAMETER) || part.startsWith(PARAMETER + "=")) {
                if (value != null) {
                    return new Invalid();
                }
                value = part.equals(PARAMETER) ? "" : part.substring(PARAMETER.length() + 1);
            }
        }
        return value == null ? new Unspecified() : parseNames(value, cluster);
    }

    private static RemainingNodes parseNames(String value, Cluster cluster) {
        if (value.isEmpty()) {
            return new Named(List.of());
        }
        String[] names = value.split(",|%2[Cc]", Http01.MAX_REDIRECTS + 1);
        List<Node> nodes = new ArrayList<>();
        for (String name : names) {
            Optional<Node> node = find(name, cluster);
            if (node.isEmpty()) {
                return new Invalid();
            }
            nodes.add(node.get());
        }
        boolean isValid = nodes.size() <= Http01.MAX_REDIRECTS && new HashSet<>(nodes).size() == nodes.size();
        return isValid ? new Named(nodes) : new Invalid();
    }

    private static Optional<Node> find(String name, Cluster cluster) {
        try {
            return cluster.find(new HostName(name.toLowerCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
