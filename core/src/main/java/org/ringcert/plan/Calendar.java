package org.ringcert.plan;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;

/**
 * When each node orders the certificates that it lacks, within the limits of one CA. Nodes that know the same compute
 * the same. Computed on demand; confined to one thread.
 */
public final class Calendar {

    private final RenewalLimit renewals;
    private final Instant now;
    private final Optional<Limit> setLimit;
    private final Optional<Limit> domainLimit;
    private final Optional<Limit> accountLimit;
    private final Map<OrderGroup, GroupView> views = new LinkedHashMap<>();
    private final Map<GroupView.Order, GroupView> byOrder = new HashMap<>();
    private final Map<OrderGroup, List<OrderGroup>> related;
    private final Map<OrderGroup, FirstOrders> firstOrders = new HashMap<>();
    private final Map<OrderGroup, GroupPlan> plans = new HashMap<>();

    /** @param now the earliest time of any turn that is still to come */
    public Calendar(
            Layout layout,
            Limits limits,
            RegisteredDomains domains,
            RenewalLimit renewals,
            Knowledge knowledge,
            Instant now) {
        this.renewals = renewals;
        this.now = now;
        List<OrderGroup> groups = OrderGroups.of(layout, domains);
        this.setLimit = limits.find(LimitKind.CERTIFICATES_PER_NAME_SET);
        this.domainLimit = limits.find(LimitKind.CERTIFICATES_PER_REGISTERED_DOMAIN);
        this.accountLimit = limits.find(LimitKind.ORDERS_PER_ACCOUNT).filter(limit -> groups.size() > limit.capacity());
        this.related = related(groups);
        groups.forEach(group -> add(group, new GroupView(group, knowledge, domainLimit, now)));
    }

    /** An account is used for sites of all domains, so that all are related if its limit can matter. */
    private Map<OrderGroup, List<OrderGroup>> related(List<OrderGroup> groups) {
        return accountLimit.isPresent()
                ? groups.stream().collect(Collectors.toMap(Function.identity(), _ -> groups))
                : OrderGroups.related(groups);
    }

    private void add(OrderGroup group, GroupView view) {
        views.put(group, view);
        for (HostName node : group.nodes()) {
            group.certificates().forEach(certificate -> byOrder.put(new GroupView.Order(node, certificate), view));
        }
    }

    /**
     * Returns the turn of a node to order a certificate that it lacks; empty if it has the certificate.
     *
     * @throws IllegalArgumentException if the layout has no such node or certificate
     */
    public Optional<Turn> turn(HostName node, CertificateName certificate) {
        GroupView.Order order = new GroupView.Order(node, certificate);
        return plan(view(order)).turn(order);
    }

    /**
     * Returns the turn of a node to renew a certificate that it has, if the limits count renewals: when there is a
     * token by what is known, after those of the nodes that lack theirs.
     *
     * @throws IllegalArgumentException if the layout has no such node or certificate
     */
    public Turn renewal(HostName node, CertificateName certificate) {
        GroupView.Order order = new GroupView.Order(node, certificate);
        return plan(view(order)).renewal(order);
    }

    /** Returns the turns of all nodes, the earliest first. */
    public List<Turn> turns() {
        return views.values().stream()
                .flatMap(view -> plan(view).turns().stream())
                .sorted(Comparator.comparing(Turn::at))
                .toList();
    }

    private GroupView view(GroupView.Order order) {
        GroupView view = byOrder.get(order);
        if (view == null) {
            throw new IllegalArgumentException("the layout has no " + order.certificate() + " on " + order.node());
        }
        return view;
    }

    private GroupPlan plan(GroupView view) {
        GroupPlan plan = plans.get(view.group());
        if (plan == null) {
            plan = new GroupPlan(view, first(view), setLimit, renewals, now);
            plans.put(view.group(), plan);
        }
        return plan;
    }

    /** Returns the first order for a set; empty if it is not new, or if nothing counts new sets. */
    private Optional<FirstOrder> first(GroupView view) {
        boolean countsNew = domainLimit.isPresent() || accountLimit.isPresent();
        if (!countsNew || !view.isNew()) {
            return Optional.empty();
        }
        List<OrderGroup> groups = related.getOrDefault(view.group(), List.of());
        FirstOrders orders = firstOrders.get(groups.getFirst());
        if (orders == null) {
            orders = new FirstOrders(groups.stream().map(this::view).toList(), domainLimit, accountLimit);
            firstOrders.put(groups.getFirst(), orders);
        }
        return orders.of(view);
    }

    private GroupView view(OrderGroup group) {
        return Objects.requireNonNull(views.get(group));
    }
}
