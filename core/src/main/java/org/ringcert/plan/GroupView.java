package org.ringcert.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;

/** What a node knows of a group of orders. Asks for each fact once, when it is needed. Confined to one thread. */
final class GroupView {

    /** Boulder adds up to 3 % to the wait after a refusal; a CA may count in whole seconds. */
    private static final int JITTER_PERCENT = 3;

    private static final Duration ROUNDING = Duration.ofSeconds(2);

    private final OrderGroup group;
    private final Knowledge knowledge;
    private final Optional<Limit> domainLimit;
    private final Instant horizon;
    private final Map<Order, Standing> standings = new HashMap<>();
    private @Nullable List<HostName> ranked;
    private @Nullable List<Order> orders;
    /** {@link Instant#MAX} if none is known. */
    private @Nullable Instant firstIssue;

    /** @param domainLimit the limit of new sets of names */
    GroupView(OrderGroup group, Knowledge knowledge, Optional<Limit> domainLimit, Instant now) {
        this.group = group;
        this.knowledge = knowledge;
        this.domainLimit = domainLimit;
        this.horizon = domainLimit.map(limit -> now.minus(limit.period())).orElse(Instant.MAX);
    }

    /** An order of a node. */
    record Order(HostName node, CertificateName certificate) {}

    /** Returns the node that plans. */
    HostName node() {
        return knowledge.node();
    }

    OrderGroup group() {
        return group;
    }

    /** Returns the nodes in the order in which they order: first the one whose visitors wait. */
    List<HostName> ranked() {
        if (ranked == null) {
            List<HostName> nodes = new ArrayList<>(group.nodes());
            knowledge.leader(group.site()).filter(nodes::remove).ifPresent(leader -> nodes.add(0, leader));
            ranked = List.copyOf(nodes);
        }
        return ranked;
    }

    /** Whether the site's names lead to one of the nodes. */
    boolean hasLeader() {
        return knowledge.leader(group.site()).filter(group.nodes()::contains).isPresent();
    }

    /** Returns all orders, the first to be made first: those for the first kind of key, and then for the next. */
    List<Order> orders() {
        if (orders == null) {
            orders = group.certificates().stream()
                    .flatMap(certificate -> ranked().stream().map(node -> new Order(node, certificate)))
                    .toList();
        }
        return orders;
    }

    Standing standing(Order order) {
        return standings.computeIfAbsent(order, it -> knowledge.standing(it.node(), it.certificate()));
    }

    List<Instant> otherIssues() {
        return knowledge.otherIssues(group.set());
    }

    List<Refusal> pastRefusals() {
        return knowledge.pastRefusals(group.set());
    }

    Optional<Refusal> refusal(HostName node) {
        return knowledge.refusal(node, group.set());
    }

    /** Returns the refusal of a node to which no certificate with these names has been issued since. */
    Optional<Refusal> pendingRefusal(HostName node) {
        return refusal(node)
                .filter(refusal -> group.certificates().stream()
                        .noneMatch(certificate ->
                                standing(new Order(node, certificate)) instanceof Standing.Has(Instant issued)
                                        && !issued.isBefore(refusal.at())));
    }

    /** Whether nobody is known to have a certificate with these names, so that the first one counts as new. */
    boolean isNew() {
        return firstIssue().isEmpty()
                && ranked().stream()
                        .noneMatch(node -> refusal(node)
                                .filter(refusal -> !isOfNewSet(refusal))
                                .isPresent());
    }

    /** Whether a refusal may be for a limit of new sets: the wait is no longer than until the next token of such. */
    boolean isOfNewSet(Refusal refusal) {
        return domainLimit.filter(limit -> mayBe(limit, refusal)).isPresent();
    }

    private static boolean mayBe(Limit limit, Refusal refusal) {
        Duration longest = limit.interval()
                .multipliedBy(100 + JITTER_PERCENT)
                .dividedBy(100)
                .plus(ROUNDING);
        return Duration.between(refusal.at(), refusal.until()).compareTo(longest) <= 0;
    }

    /**
     * Returns when the first certificate with these names was issued, as far as known; empty if none is known. Any time
     * that no limit counts any more is as good as the first.
     */
    Optional<Instant> firstIssue() {
        if (firstIssue == null) {
            firstIssue = findFirstIssue();
        }
        return Optional.of(firstIssue).filter(time -> time.isBefore(Instant.MAX));
    }

    private Instant findFirstIssue() {
        Instant first = otherIssues().stream().min(Instant::compareTo).orElse(Instant.MAX);
        Iterator<Order> orders = ownFirst().iterator();
        while (orders.hasNext() && !first.isBefore(horizon)) {
            if (standing(orders.next()) instanceof Standing.Has(Instant issued) && issued.isBefore(first)) {
                first = issued;
            }
        }
        return first;
    }

    private List<Order> ownFirst() {
        List<Order> orders = new ArrayList<>(orders());
        orders.sort(Comparator.comparing(order -> !order.node().equals(knowledge.node())));
        return orders;
    }
}
