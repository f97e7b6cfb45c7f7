package org.ringcert.daemon.alert;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.CellKey;

/** What this node last saw of all servers. Implementations are thread-safe and do not look themselves. */
public interface ClusterSight {

    /** Returns all cells that there are in the configuration, of this node and its peers. */
    List<CellKey> keys();

    /** Returns the latest cell; empty if it has not been looked at since the start. */
    Optional<Cell> cell(CellKey key);

    /** Returns what was last seen of the port for challenges of each peer. */
    List<PeerAnswer> peers();

    /**
     * Whether a peer answers on its port for challenges.
     *
     * @param asked when it was last asked; empty if it has not been asked since the start
     * @param silentSince when it was first asked in vain since it last answered; empty if it answers
     */
    record PeerAnswer(HostName peer, Optional<Instant> asked, Optional<Instant> silentSince) {}
}
