package org.ringcert.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;
import org.ringcert.store.IssueHistory;
import org.ringcert.store.RefusalRecord;

/**
 * What a node knows for one decision about one CA: its own certificates, those that its peers present, and what it
 * remembers of both. Looks at a peer only when it is asked about it, and once. Confined to one thread.
 */
public final class NodeKnowledge implements Knowledge {

    private final LayoutIndex layout;
    private final ClusterLooks looks;
    private final PlanMemory memory;
    private final Instant now;
    private final Map<GroupView.Order, Standing> standings = new HashMap<>();
    private final Map<GroupView.Order, ClusterLooks.Own> own = new HashMap<>();

    /** @param now the time of the decision */
    public NodeKnowledge(LayoutIndex layout, ClusterLooks looks, PlanMemory memory, Instant now) {
        this.layout = layout;
        this.looks = looks;
        this.memory = memory;
        this.now = now;
    }

    @Override
    public HostName node() {
        return looks.self();
    }

    @Override
    public Optional<HostName> leader(HostName site) {
        return looks.leader(site);
    }

    @Override
    public Standing standing(HostName node, CertificateName certificate) {
        GroupView.Order order = new GroupView.Order(node, certificate);
        Standing known = standings.get(order);
        if (known == null) {
            known = look(order);
            standings.put(order, known);
        }
        return known;
    }

    private Standing look(GroupView.Order order) {
        NameSet set = layout.group(order.node(), order.certificate()).set();
        IssueHistory previous = memory.history(order.node(), order.certificate(), set);
        IssueHistory current = isOwn(order.node()) ? own(order, set, previous) : ofPeer(order, set, previous);
        if (!current.equals(previous)) {
            memory.remember(order.node(), order.certificate(), set, current);
        }
        return current.missedSince()
                .<Standing>map(Standing.Missing::new)
                .orElseGet(() -> new Standing.Has(current.latest().orElse(now)));
    }

    private boolean isOwn(HostName node) {
        return node.equals(looks.self());
    }

    private IssueHistory own(GroupView.Order order, NameSet set, IssueHistory previous) {
        ClusterLooks.Own certificates = own(order.certificate(), set);
        IssueHistory history = previous;
        for (Instant issued : certificates.issued()) {
            history = history.had(issued);
        }
        return certificates.valid().isPresent()
                ? has(history, certificates.valid().get())
                : history.misses(now);
    }

    private ClusterLooks.Own own(CertificateName certificate, NameSet set) {
        return own.computeIfAbsent(new GroupView.Order(looks.self(), certificate), _ -> looks.own(certificate, set));
    }

    private static IssueHistory has(IssueHistory history, ClusterLooks.Validity validity) {
        return history.has(validity.issued(), validity.notAfter());
    }

    private IssueHistory ofPeer(GroupView.Order order, NameSet set, IssueHistory previous) {
        return switch (looks.peer(order.node(), order.certificate(), set)) {
            // A server that is down for a moment still has its certificate, and the CA has counted it.
            case ClusterLooks.Presented.Unreachable() -> previous.isValid(now) ? previous : previous.misses(now);
            case ClusterLooks.Presented.Nothing() -> previous.misses(now);
            case ClusterLooks.Presented.Certificate(ClusterLooks.Validity validity) ->
                now.isBefore(validity.notAfter()) && !isRecalled(order)
                        ? has(previous, validity)
                        : previous.had(validity.issued()).misses(now);
        };
    }

    /** When this node's own certificate was recalled, those of its peers may have been as well. Only the CA knows. */
    private boolean isRecalled(GroupView.Order order) {
        NameSet set = layout.group(looks.self(), order.certificate()).set();
        return own(order.certificate(), set).isRecalled() && looks.isRecalled(order.node(), order.certificate());
    }

    /** Returns the last refusal since the latest certificate of this node with these names. */
    @Override
    public Optional<Refusal> refusal(HostName node, NameSet set) {
        if (!isOwn(node)) {
            return Optional.empty();
        }
        Collection<RefusalRecord> refusals = memory.refusals(set);
        if (refusals.isEmpty()) {
            return Optional.empty();
        }
        Instant lastIssue = lastOwnIssue(set);
        return refusals.stream()
                .filter(refusal -> refusal.at().isAfter(lastIssue) && concerns(refusal, set))
                .max(Comparator.comparing(RefusalRecord::until))
                .map(NodeKnowledge::refusal);
    }

    private static Refusal refusal(RefusalRecord refusal) {
        return new Refusal(refusal.at(), refusal.until());
    }

    /** One for a registered domain concerns only names that nobody has had a certificate with. */
    private boolean concerns(RefusalRecord refusal, NameSet set) {
        return refusal.domain()
                .map(domain -> layout.group(set)
                                .filter(group -> group.domains().contains(domain))
                                .isPresent()
                        && isNew(set))
                .orElseGet(() -> refusal.names().equals(set.names()));
    }

    private boolean isNew(NameSet set) {
        return memory.histories(set).stream()
                .allMatch(entry -> entry.history().issued().isEmpty());
    }

    private Instant lastOwnIssue(NameSet set) {
        readOwn(set);
        return memory.histories(set).stream()
                .filter(entry -> isOwn(entry.node()))
                .flatMap(entry -> entry.history().latest().stream())
                .max(Comparator.naturalOrder())
                .orElse(Instant.MIN);
    }

    @Override
    public List<Refusal> pastRefusals(NameSet set) {
        Collection<RefusalRecord> refusals = memory.refusals(set);
        if (refusals.isEmpty()) {
            return List.of();
        }
        Instant lastIssue = lastOwnIssue(set);
        return refusals.stream()
                .filter(refusal -> refusal.domain().isEmpty() && refusal.names().equals(set.names()))
                .filter(refusal -> !refusal.at().isAfter(lastIssue))
                .map(NodeKnowledge::refusal)
                .toList();
    }

    /**
     * Returns when certificates with these names were issued, apart from those that a standing has shown in this
     * decision: earlier ones, and those of nodes that are not known to have theirs.
     */
    @Override
    public List<Instant> otherIssues(NameSet set) {
        readOwn(set);
        List<Instant> others = new ArrayList<>();
        for (PlanMemory.Entry entry : memory.histories(set)) {
            List<Instant> issued = entry.history().issued();
            boolean isShown =
                    standings.get(new GroupView.Order(entry.node(), entry.certificate())) instanceof Standing.Has;
            others.addAll(isShown ? issued.subList(0, Math.max(0, issued.size() - 1)) : issued);
        }
        return others;
    }

    /**
     * Reads this node's own certificates with these names. If one was recalled, those of the peers probably were as
     * well, and a look is needed to tell what they still have from what they had.
     */
    private void readOwn(NameSet set) {
        layout.group(set).filter(group -> group.nodes().contains(looks.self())).ifPresent(group -> {
            for (CertificateName certificate : group.certificates()) {
                Standing _ = standing(looks.self(), certificate);
                if (own(certificate, set).isRecalled()) {
                    group.nodes().forEach(node -> standing(node, certificate));
                }
            }
        });
    }
}
