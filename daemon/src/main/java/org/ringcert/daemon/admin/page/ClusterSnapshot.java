package org.ringcert.daemon.admin.page;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.status.MatrixView;
import org.ringcert.daemon.status.NodeStatus;

/**
 * What this server knew about the cluster at one moment. Immutable.
 *
 * @param now the moment
 * @param version of the daemon
 * @param status what its store showed
 * @param statusRead when the store was read
 * @param matrix what visitors get
 * @param ring the servers of the matrix, in its order
 */
public record ClusterSnapshot(
        Instant now, String version, NodeStatus status, Instant statusRead, MatrixView matrix, List<RingNode> ring) {

    public ClusterSnapshot {
        ring = List.copyOf(ring);
    }

    HostName self() {
        return matrix.self();
    }

    /**
     * A server of the ring.
     *
     * @param port80 whether its port 80 answered when it was last asked
     * @param since when it became silent; empty if it is not, or if that is unknown
     */
    public record RingNode(HostName name, Port80 port80, Optional<Instant> since) {}

    /** What is known about a server's port 80. */
    public enum Port80 {
        /** It belongs to this server, which does not ask itself. */
        OWN,
        ANSWERS,
        SILENT,
        NOT_ASKED_YET
    }
}
