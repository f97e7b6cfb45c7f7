package org.ringcert.daemon;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.admin.page.ClusterSnapshot;
import org.ringcert.daemon.admin.page.ClusterSnapshot.Port80;
import org.ringcert.daemon.admin.page.ClusterSnapshot.RingNode;
import org.ringcert.daemon.admin.page.HistoryItem;
import org.ringcert.daemon.admin.page.HistoryWords;
import org.ringcert.daemon.admin.page.PageSource;
import org.ringcert.daemon.status.MatrixView;
import org.ringcert.store.StoreException;
import org.ringcert.view.visitor.PeerSight;
import org.ringcert.view.visitor.Sight;

/** What the page of a daemon shows: what its sight and its store know. */
final class PageContent implements PageSource {

    private final Supplier<LocalNode> node;
    private final RecentStatus<LocalNode> status;
    private final Supplier<MatrixView> matrix;
    private final Sight sight;

    /** @param node returns the node under the configuration that is in force */
    PageContent(Supplier<LocalNode> node, RecentStatus<LocalNode> status, Supplier<MatrixView> matrix, Sight sight) {
        this.node = node;
        this.status = status;
        this.matrix = matrix;
        this.sight = sight;
    }

    @Override
    public ClusterSnapshot cluster() throws StoreException {
        sight.watch();
        MatrixView latest = matrix.get();
        RecentStatus.Dated recent = status.getSoon();
        Instant now = node.get().clock().instant();
        return new ClusterSnapshot(
                now, BuildVersion.CURRENT, recent.status(), now.minus(recent.age()), latest, ring(latest));
    }

    private List<RingNode> ring(MatrixView latest) {
        Map<HostName, PeerSight> peers = new HashMap<>();
        sight.peers().forEach(peer -> peers.put(peer.peer().name(), peer));
        List<RingNode> ring = new ArrayList<>();
        for (HostName name : latest.nodes()) {
            ring.add(
                    name.equals(latest.self())
                            ? new RingNode(name, Port80.OWN, Optional.empty())
                            : ringNode(name, Optional.ofNullable(peers.get(name))));
        }
        return ring;
    }

    private static RingNode ringNode(HostName name, Optional<PeerSight> seen) {
        if (seen.flatMap(PeerSight::asked).isEmpty()) {
            return new RingNode(name, Port80.NOT_ASKED_YET, Optional.empty());
        }
        Optional<Instant> since = seen.flatMap(PeerSight::silentSince);
        return new RingNode(name, since.isPresent() ? Port80.SILENT : Port80.ANSWERS, since);
    }

    @Override
    public List<HistoryItem> history(HostName site) throws StoreException {
        return HistoryWords.latestFirst(node.get().store().history().read(site));
    }
}
