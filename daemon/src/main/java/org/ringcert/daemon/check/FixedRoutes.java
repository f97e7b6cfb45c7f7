package org.ringcert.daemon.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.handoff.HandoffMode;

/**
 * The peers that a walk cannot avoid on its way to this node. A daemon steps over peers that are down. A web server in
 * files mode does not, nor does a ring whose {@code watch} is off.
 */
final class FixedRoutes {

    private final CheckScope scope;

    FixedRoutes(CheckScope scope) {
        this.scope = scope;
    }

    /** Returns the peers that every walk from the entry leads through, without the entry itself; in walking order. */
    List<HostName> peersBetween(HostName entry) {
        List<Node> ring = scope.configuration().cluster(entry).peers();
        List<HostName> fixed = new ArrayList<>();
        HostName current = entry;
        for (Node next : ring) {
            if (next.name().equals(scope.self()) || reasonAt(current).isEmpty()) {
                return fixed;
            }
            fixed.add(next.name());
            current = next.name();
        }
        return fixed;
    }

    /** Returns why a node does not step over the next one, half a sentence; empty if it does. */
    Optional<String> reasonAt(HostName node) {
        Configuration configuration = scope.configuration();
        if (configuration.node(node).listen().isEmpty()) {
            return Optional.of("the web server on " + node + " redirects by fixed rules (files mode)");
        }
        boolean isUnwatchedRing = configuration.front().handoff() == HandoffMode.RING
                && configuration.front().peerCheckInterval().isEmpty();
        return isUnwatchedRing
                ? Optional.of("nobody watches the peers (`watch = \"off\"` in [front])")
                : Optional.empty();
    }
}
