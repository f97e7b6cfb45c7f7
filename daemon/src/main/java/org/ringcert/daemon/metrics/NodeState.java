package org.ringcert.daemon.metrics;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.ringcert.daemon.status.NodeStatus;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.PeerSight;

/**
 * What the metrics show besides counts: how things stand at the time of a scrape. Immutable.
 *
 * @param status what the store shows; empty if it cannot be read
 * @param ownCells what visitors of this node's own server last got
 * @param peers what was last seen of each peer's port 80
 * @param caName returns the name of the CA with a directory
 * @param version the version of the program
 */
public record NodeState(
        Optional<NodeStatus> status,
        List<Cell> ownCells,
        List<PeerSight> peers,
        Function<URI, String> caName,
        String version,
        Instant now) {

    public NodeState {
        ownCells = List.copyOf(ownCells);
        peers = List.copyOf(peers);
    }
}
