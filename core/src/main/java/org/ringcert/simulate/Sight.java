package org.ringcert.simulate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
        if (seen == null) {
            return unreachable(asked);
        }
        return remember(seen, asked) ? new Standing.Has(issued(seen)) : missing(asked);
    }

    /** A server that is down for a moment still has its certificate, and the CA has counted it. */
    private Standing unreachable(NodeCertificate asked) {
        Optional<Instant> issued = self.memory().valid(asked.node().index(), asked.certificateOfCluster());
        return issued.isPresent() && self.clock(now).isBefore(issued.get().plus(world.validity()))
                ? new Standing.Has(issued.get())
                : missing(asked);
    }

    /** Remembers when a certificate was issued. Returns whether it is good. */
    private boolean remember(IssuedCertificate seen, NodeCertificate asked) {
        if (seen.set() != asked.set()) {
            return false;
        }
        boolean isGood = asked.node() == self ? isGoodHere(seen) : isGood(seen);
        if (isGood) {
            self.memory()
                    .has(
                            asked.node().index(),
                            asked.certificateOfCluster(),
                            asked.set().names(),
                            issued(seen));
        } else {
            self.memory()
                    .had(
                            asked.node().index(),
                            asked.certificateOfCluster(),
                            asked.set().names(),
                            issued(seen));
        }
        return isGood;
    }

    private Instant issued(IssuedCertificate seen) {
        return seen.notBefore().plus(world.backDate());
    }

    private Standing missing(NodeCertificate asked) {
        return new Standing.Missing(
                self.memory().misses(asked.node().index(), asked.certificateOfCluster(), self.clock(now)));
    }

    @Override
    public List<Refusal> pastRefusals(NameSet set) {
        return self.pastRefusals(set);
    }

    /** Those that were replaced, and those of nodes that are not seen now. */
    @Override
    public List<Instant> otherIssues(NameSet set) {
        List<Instant> issues = new ArrayList<>(self.memory().replaced(set));
        for (NodeCertificate certificate : world.certificates(set)) {
            Instant issued = self.memory().lastIssued(certificate.node().index(), certificate.certificateOfCluster());
            if (issued.isAfter(Instant.MIN)
                    && standing(certificate.node().name(), certificate.spec().name()) instanceof Standing.Missing) {
                issues.add(issued);
            }
        }
        return issues;
    }

    private @Nullable IssuedCertificate presented(NodeCertificate asked) {
        return asked.node().isUp() && !asked.node().isBlind() ? asked.presented(now) : null;
    }

    private boolean isGoodHere(IssuedCertificate own) {
        return self.clock(now).isBefore(own.notAfter()) && !own.isRecallNoticed();
    }

    private boolean isGood(IssuedCertificate seen) {
        return self.clock(now).isBefore(seen.notAfter()) && !(source == Source.PRESENTED_AND_CA && seen.isRevoked(now));
    }

    @Override
    public Optional<Refusal> refusal(HostName node, NameSet set) {
        return node.equals(self.name()) ? self.refusal(set).or(() -> domainRefusal(set)) : Optional.empty();
    }

    /** One that concerned all new names of a registered domain, while nobody has had a certificate with these. */
    private Optional<Refusal> domainRefusal(NameSet set) {
        Optional<Refusal> refusal = self.refusal(world.domain(set));
        return refusal.isPresent()
                        && otherIssues(set).isEmpty()
                        && world.certificates(set).stream()
                                .allMatch(certificate -> standing(
                                                certificate.node().name(),
                                                certificate.spec().name())
                                        instanceof Standing.Missing)
                ? refusal
                : Optional.empty();
    }
}
