package org.ringcert.daemon.check;

import java.util.List;
import org.ringcert.challenge.Http01;
import org.ringcert.cluster.Node;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.handoff.HandoffMode;

/** A walk around the ring must reach every node, and CAs follow nine redirects at most. */
final class RingSizeCheck implements Check {

    private static final int MAX_NODES = Http01.MAX_REDIRECTS + 1;

    private final CheckScope scope;

    RingSizeCheck(CheckScope scope) {
        this.scope = scope;
    }

    @Override
    public List<CheckFinding> look() {
        Configuration configuration = scope.configuration();
        int nodes = configuration.nodes().size();
        if (nodes <= MAX_NODES) {
            return List.of();
        }
        String reason = " of " + nodes + " nodes, but CAs follow " + Http01.MAX_REDIRECTS
                + " redirects at most, so a walk reaches " + MAX_NODES + " nodes and never the others";
        if (configuration.front().handoff() == HandoffMode.RING) {
            return List.of(CheckFinding.failure(
                    Topic.CONFIGURATION,
                    "ring",
                    "the ring is" + reason,
                    "Write `handoff = \"redirect\"` in [front] on all nodes: then one redirect leads to the node that"
                            + " has the answer, however many nodes there are."));
        }
        List<Node> filesMode = scope.nodesInFilesMode();
        return filesMode.isEmpty()
                ? List.of()
                : List.of(CheckFinding.failure(
                        Topic.CONFIGURATION,
                        "ring",
                        "the web server on " + Shown.list(filesMode) + " redirects around a ring" + reason,
                        "Let the daemon answer there: set `listen` to an address behind the web server and use the"
                                + " configuration that `ringcert web SERVER --mode proxy` prints."));
    }
}
