package org.ringcert.plan;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;

/**
 * When each node orders the certificates that it lacks, within the limits of one CA. Nodes that know the same compute
 * the same. Computed on demand; confined to one thread.
 */
public final class Calendar {

    /**
     * If all orders of the file that a limit of new sets can count together are not even this part of it, nobody has to
     * wait for the first one: nothing is lost if the CA counts all of them as new.
     */
    private static final int NEGLIGIBLE_PART = 100;

    private final LayoutIndex layout;
    private final RenewalLimit renewals;
    private final Knowledge knowledge;
    private final Instant now;
    private final Optional<Limit> setLimit;
    private final Optional<Limit> domainLimit;
    private final Optional<Limit> accountLimit;
    private final Map<OrderGroup, GroupView> views = new HashMap<>();
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
        this(new LayoutIndex(layout, domains), limits, renewals, knowledge, now);
    }

    /**
     * Creates a calendar of a layout for which there are many.
     *
     * @param now the earliest time of any turn that is still to come
     */
    public Calendar(LayoutIndex layout, Limits limits, RenewalLimit renewals, Knowledge knowledge, Instant now) {
        this.layout = layout;
        this.renewals = renewals;
        this.knowledge = knowledge;
        this.now = now;
        this.setLimit = limits.find(LimitKind.CERTIFICATES_PER_NAME_SET);
        this.domainLimit = limits.find(LimitKind.CERTIFICATES_PER_REGISTERED_DOMAIN);
        this.accountLimit = limits.find(LimitKind.ORDERS_PER_ACCOUNT)
                .filter(limit -> layout.groups().size() > limit.capacity());
    }

    /**
     * Returns the turn of a node to order a certificate that it lacks; empty if it has the certificate.
     *
     * @throws IllegalArgumentException if the layout has no such node or certificate
     */
    public Optional<Turn> turn(HostName node, CertificateName certificate) {
        GroupView.Order order = new GroupView.Order(node, certificate);
        return plan(view(layout.group(node, certificate))).turn(order);
    }

    /**
     * Returns the turn of a node to renew a certificate that it has, if the limits count renewals: when there is a
     * token by what is known, after those of the nodes that lack theirs.
     *
     * @throws IllegalArgumentException if the layout has no such node or certificate
     */
    public Turn renewal(HostName node, CertificateName certificate) {
        GroupView.Order order = new GroupView.Order(node, certificate);
        return plan(view(layout.group(node, certificate))).renewal(order);
    }

    /** Returns the turns of all nodes, the earliest first. */
    public List<Turn> turns() {
        return layout.groups().stream()
                .flatMap(group -> plan(view(group)).turns().stream())
                .sorted(Comparator.comparing(Turn::at))
                .toList();
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
        boolean countsNew =
                domainLimit.filter(limit -> matters(limit, view.group())).isPresent() || accountLimit.isPresent();
        if (!countsNew || !view.isNew()) {
            return Optional.empty();
        }
        List<OrderGroup> groups = related(view.group());
        FirstOrders orders = firstOrders.get(groups.getFirst());
        if (orders == null) {
            orders = new FirstOrders(groups.stream().map(this::view).toList(), domainLimit, accountLimit, now);
            firstOrders.put(groups.getFirst(), orders);
        }
        return orders.of(view);
    }

    private boolean matters(Limit limit, OrderGroup group) {
        return (long) layout.relatedOrders(group) * NEGLIGIBLE_PART > limit.capacity();
    }

    /** An account is used for sites of all domains, so that all are related if its limit can matter. */
    private List<OrderGroup> related(OrderGroup group) {
        return accountLimit.isPresent() ? layout.groups() : layout.related(group);
    }

    private GroupView view(OrderGroup group) {
        GroupView view = views.get(group);
        if (view == null) {
            view = new GroupView(group, knowledge, domainLimit, now);
            views.put(group, view);
        }
        return view;
    }
}
