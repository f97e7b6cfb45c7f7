package org.ringcert.simulate;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.ringcert.cluster.HostName;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.PlanMemory;
import org.ringcert.store.CertificateName;
import org.ringcert.store.IssueHistory;
import org.ringcert.store.RefusalRecord;

/**
 * What a node remembers when a decision begins: what is in its store, and what its running daemon has seen of peers in
 * passing. Used once.
 */
final class SimulatedMemory implements PlanMemory {

    /** A daemon looks at each certificate of each peer once in this time, or more seldom if there are many. */
    private static final Duration ROUND = Duration.ofMinutes(10);

    private static final int LOOKS_PER_SECOND = 5;

    private final World world;
    private final SimulatedNode self;
    private final long now;
    private final long round;

    SimulatedMemory(World world, SimulatedNode self, long now) {
        this.world = world;
        this.self = self;
        this.now = now;
        this.round = Math.max(ROUND.toMillis(), world.certificates().size() * 1000L / LOOKS_PER_SECOND);
    }

    @Override
    public IssueHistory history(HostName node, CertificateName certificate, NameSet set) {
        return history(world.certificate(node, certificate));
    }

    private IssueHistory history(NodeCertificate asked) {
        IssueHistory stored = self.memory()
                .history(asked.node().index(), asked.certificateOfCluster())
                .asOf(self.clock(now));
        IssuedCertificate latest = asked.current();
        if (latest == null || asked.node() == self || isKnown(stored, latest)) {
            return stored;
        }
        IssueHistory history = withPassingLooks(stored, asked, latest);
        if (!history.equals(stored)) {
            self.memory().remember(asked.node().index(), asked.certificateOfCluster(), history);
        }
        return history;
    }

    private boolean isKnown(IssueHistory stored, IssuedCertificate latest) {
        return latest.predecessor() == null
                && stored.missedSince().isEmpty()
                && stored.latest()
                        .filter(latest.notBefore().plus(world.backDate())::equals)
                        .isPresent();
    }

    /** Adds the certificates that the peer presented for long enough, since this node's daemon was started. */
    private IssueHistory withPassingLooks(IssueHistory stored, NodeCertificate asked, IssuedCertificate latest) {
        Deque<IssuedCertificate> seen = new ArrayDeque<>();
        long end = now;
        for (@Nullable IssuedCertificate each = latest; each != null; each = each.predecessor()) {
            long begin = each.issuedAt() + NodeCertificate.DEPLOYMENT_TIME;
            if (self.sightTime(asked.node(), begin, end) >= round) {
                seen.addFirst(each);
            }
            end = Math.min(end, begin);
        }
        IssueHistory history = stored;
        for (IssuedCertificate each : seen) {
            history = history.sawInPassing(each.notBefore().plus(world.backDate()), each.notAfter());
        }
        return history;
    }

    @Override
    public Collection<Entry> histories(NameSet set) {
        return world.certificates(set).stream()
                .map(each -> new Entry(each.node().name(), each.spec().name(), history(each)))
                .toList();
    }

    @Override
    public void remember(HostName node, CertificateName certificate, NameSet set, IssueHistory history) {
        NodeCertificate asked = world.certificate(node, certificate);
        self.memory().remember(asked.node().index(), asked.certificateOfCluster(), history);
    }

    @Override
    public Collection<RefusalRecord> refusals(NameSet set) {
        return self.memory().refusals(set, world.domain(set), self.clock(now));
    }
}
