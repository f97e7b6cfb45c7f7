package org.ringcert.daemon.admin.page;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.status.NodeStatus;
import org.ringcert.store.CertificateName;
import org.ringcert.view.visitor.Cell;

/**
 * What this server knew about the cluster at one moment. Immutable.
 *
 * @param now the moment
 * @param status what its store shows
 * @param ring all servers, in the order of the ring
 * @param rows the configured certificates, in the file's order
 */
public record ClusterSnapshot(Instant now, NodeStatus status, List<RingNode> ring, List<Row> rows) {

    public ClusterSnapshot {
        ring = List.copyOf(ring);
        rows = List.copyOf(rows);
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

    /**
     * A certificate at all servers.
     *
     * @param cells the latest look at each server; a server that has not been looked at yet has none
     */
    public record Row(CertificateName name, Site site, Map<HostName, Cell> cells) {

        public Row {
            cells = Map.copyOf(cells);
        }
    }
}
