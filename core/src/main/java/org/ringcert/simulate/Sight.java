package org.ringcert.simulate;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ringcert.cluster.HostName;
import org.ringcert.plan.Knowledge;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.Refusal;
import org.ringcert.plan.Standing;
import org.ringcert.store.CertificateName;

/**
 * What one node can know at one moment: where names lead, its own store, and which certificates its peers present. It
 * sees neither their stores, nor what the CA counts.
 */
final class Sight implements Knowledge {

    private final World world;
    private final SimulatedNode self;
    private final Source source;
    private final long now;

    /** What a node does to find out which certificates of its peers are still good. */
    enum Source {
        /** It looks at what they present. */
        PRESENTED,
        /** It asks the CA about each, too, because its own was recalled. */
        PRESENTED_AND_CA
    }

    Sight(World world, SimulatedNode self, Source source, long now) {
        this.world = world;
        this.self = self;
        this.source = source;
        this.now = now;
    }

    @Override
    public HostName node() {
        return self.name();
    }

    @Override
    public Optional<HostName> leader(HostName site) {
        return Optional.of(world.leader(site));
    }

    @Override
    public Standing standing(HostName node, CertificateName certificate) {
        NodeCertificate asked = world.certificate(node, certificate);
        @Nullable IssuedCertificate seen = asked.node() == self ? asked.current() : presented(asked);
        if (seen != null && isGood(seen, asked)) {
            self.missed().seen(asked.node().index(), asked.certificateOfCluster());
            return new Standing.Has(seen.notBefore().plus(world.backDate()));
        }
        return new Standing.Missing(
                self.missed().since(asked.node().index(), asked.certificateOfCluster(), self.clock(now)));
    }

    private @Nullable IssuedCertificate presented(NodeCertificate asked) {
        return asked.node().isUp() && !asked.node().isBlind() ? asked.presented(now) : null;
    }

    private boolean isGood(IssuedCertificate seen, NodeCertificate asked) {
        return seen.set() == asked.set()
                && self.clock(now).isBefore(seen.notAfter())
                && !(source == Source.PRESENTED_AND_CA && seen.isRevoked(now));
    }

    @Override
    public Optional<Refusal> refusal(HostName node, NameSet set) {
        return node.equals(self.name()) ? self.refusal(set) : Optional.empty();
    }
}
