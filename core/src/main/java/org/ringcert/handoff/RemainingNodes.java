package org.ringcert.handoff;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ringcert.challenge.Http01;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;

/**
 * The word {@code left} in the query of a request for a challenge: the servers still to try. {@code ?left=a,b} names
 * them; {@code ?left=} names none, so nobody is asked and nothing handed on. Everything else in the query is ignored.
 */
public sealed interface RemainingNodes {

    /** The query does not have the word: nobody has been asked yet. */
    record Unspecified() implements RemainingNodes {}

    /** The servers still to try, in that order; perhaps none. */
    record Named(List<Node> nodes) implements RemainingNodes {
        public Named {
            nodes = List.copyOf(nodes);
        }
    }

    /** A list that no node of this cluster makes: foreign or doubled names, too many, the word twice. */
    record Invalid() implements RemainingNodes {}

    /**
     * Reads the query of a request, without its question mark; hostile.
     *
     * @param query null where the request has none
     */
    static RemainingNodes parse(@Nullable String query, Cluster cluster) {
        if (query == null) {
            return new Unspecified();
        }
        @Nullable String value = null;
        for (String part : query.split("&", -1)) {
            if (part.equals("left") || part.startsWith("left=")) {
                if (value != null) {
                    return new Invalid();
                }
                value = part.equals("left") ? "" : part.substring("left=".length());
            }
        }
        return value == null ? new Unspecified() : named(value, cluster);
    }

    private static RemainingNodes named(String value, Cluster cluster) {
        if (value.isEmpty()) {
            return new Named(List.of());
        }
        String[] names = value.split(",|%2[Cc]", Http01.MAX_REDIRECTS + 1);
        List<Node> nodes = new ArrayList<>();
        for (String name : names) {
            Optional<Node> node = known(name, cluster);
            if (node.isEmpty()) {
                return new Invalid();
            }
            nodes.add(node.get());
        }
        boolean acceptable = nodes.size() <= Http01.MAX_REDIRECTS && new HashSet<>(nodes).size() == nodes.size();
        return acceptable ? new Named(nodes) : new Invalid();
    }

    private static Optional<Node> known(String name, Cluster cluster) {
        try {
            return cluster.find(new HostName(name.toLowerCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
