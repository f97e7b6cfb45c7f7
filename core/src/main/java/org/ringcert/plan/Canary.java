package org.ringcert.plan;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ringcert.cluster.HostName;

/**
 * Chooses the node that renews a site's certificate first: the others look at what it gets before they renew theirs.
 * Pure.
 */
public final class Canary {

    private Canary() {}

    /**
     * Returns the canary: the first node to which none of the site's names leads, because a bad certificate does no
     * harm there. If that is not known, or the names lead to all nodes, returns the second node: plans take the first
     * one for the leader where it is unknown.
     *
     * @param nodes all nodes, in the order of the file
     * @param leaders the nodes to which the site's names lead; empty if that is not known
     * @return empty if there is only one node
     */
    public static Optional<HostName> of(List<HostName> nodes, Set<HostName> leaders) {
        if (nodes.size() < 2) {
            return Optional.empty();
        }
        return leaders.isEmpty()
                ? Optional.of(nodes.get(1))
                : nodes.stream()
                        .filter(node -> !leaders.contains(node))
                        .findFirst()
                        .or(() -> Optional.of(nodes.get(1)));
    }

    /**
     * Returns where in its window a node renews a certificate: the canaries of all sites evenly in the first quarter;
     * of the others, one node after the other in the rest, each with its certificates evenly in its part of that.
     *
     * @param nodes all nodes, in the order of the file
     * @param canary of the certificate's site
     * @param certificate the number of the certificate among those of the node, from 0
     * @param certificates how many it has
     */
    public static WindowPlace place(
            HostName node, List<HostName> nodes, Optional<HostName> canary, int certificate, int certificates) {
        WindowShare share = share(node, canary);
        double position = (certificate + 0.5) / certificates;
        if (share != WindowShare.REST) {
            return new WindowPlace(share, position);
        }
        int index = nodes.indexOf(node);
        int rank = index > nodes.indexOf(canary.orElseThrow()) ? index - 1 : index;
        return new WindowPlace(share, (rank + position) / (nodes.size() - 1));
    }

    /** Returns in which part of its window a node renews the certificate of a site that has this canary. */
    public static WindowShare share(HostName node, Optional<HostName> canary) {
        return canary.map(first -> first.equals(node) ? WindowShare.FIRST_QUARTER : WindowShare.REST)
                .orElse(WindowShare.WHOLE);
    }
}
