package org.ringcert.daemon;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.alert.AlertLoop;
import org.ringcert.daemon.alert.ClusterSight;
import org.ringcert.daemon.alert.OwnConditions;
import org.ringcert.daemon.alert.Survey;
import org.ringcert.daemon.alert.Surveys;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.store.CertificateName;
import org.ringcert.store.PendingRollout;
import org.ringcert.store.StoreException;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.CellKey;
import org.ringcert.view.visitor.Sight;
import org.ringcert.view.visitor.VisitorTarget;

/** What the alerts of a daemon are about: its store, and what it last saw of all servers. */
final class DaemonAlerts implements AlertLoop.Source, ClusterSight {

    private final Supplier<LocalNode> node;
    private final Sight sight;

    /** @param node returns the node under the configuration that is in force */
    DaemonAlerts(Supplier<LocalNode> node, Sight sight) {
        this.node = node;
        this.sight = sight;
    }

    AlertLoop start() {
        return AlertLoop.start(this, node.get().store(), node.get().clock());
    }

    @Override
    public HostName self() {
        return node.get().cluster().self().name();
    }

    @Override
    public List<String> command() {
        return node.get().configuration().alert().run();
    }

    @Override
    public Survey survey(Instant now) {
        return Surveys.join(self(), own(node.get(), now), this);
    }

    private static Survey own(LocalNode node, Instant now) {
        try {
            return OwnConditions.of(
                    NodeStatusReader.read(node), rollouts(node), NodeStatusReader.caNames(node.configuration()), now);
        } catch (StoreException e) {
            return OwnConditions.ofUnreadableStore(node.cluster().self().name(), node.specs(), e.getMessage(), now);
        }
    }

    private static Map<CertificateName, PendingRollout> rollouts(LocalNode node) {
        Map<CertificateName, PendingRollout> rollouts = new HashMap<>();
        for (CertificateSpec spec : node.specs()) {
            try {
                node.store().progress(spec.name()).rollout().ifPresent(rollout -> rollouts.put(spec.name(), rollout));
            } catch (StoreException e) {
                // The status has met the same problem and reports it.
            }
        }
        return rollouts;
    }

    @Override
    public List<CellKey> keys() {
        return Stream.concat(sight.targets().own().stream(), sight.targets().ofPeers().stream())
                .map(VisitorTarget::key)
                .toList();
    }

    @Override
    public Optional<Cell> cell(CellKey key) {
        return sight.matrix().cell(key);
    }

    @Override
    public List<PeerAnswer> peers() {
        return sight.peers().stream()
                .map(peer -> new PeerAnswer(peer.peer().name(), peer.asked(), peer.silentSince()))
                .toList();
    }
}
