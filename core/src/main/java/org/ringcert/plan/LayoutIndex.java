package org.ringcert.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;

/**
 * Which orders of a layout are counted together. Computed once for a layout, because that takes longer than a single
 * turn. Immutable.
 */
public final class LayoutIndex {

    private final Layout layout;
    private final List<OrderGroup> groups;
    private final Map<HostName, Integer> nodes = new HashMap<>();
    private final Map<HostName, Integer> sites = new HashMap<>();
    private final Map<CertificateName, List<OrderGroup>> groupsByNode = new HashMap<>();
    private final Map<NameSet, OrderGroup> bySet = new HashMap<>();
    private final Map<OrderGroup, List<OrderGroup>> related;
    private final Map<OrderGroup, Integer> relatedOrders = new HashMap<>();

    public LayoutIndex(Layout layout, RegisteredDomains domains) {
        this.layout = layout;
        for (int i = 0; i < layout.nodes().size(); i++) {
            nodes.put(layout.nodes().get(i), i);
        }
        this.groups = OrderGroups.of(layout, domains);
        groups.forEach(group -> bySet.put(group.set(), group));
        for (PlannedSite site : layout.sites()) {
            sites.put(site.name(), sites.size());
            List<OrderGroup> ofNodes = site.sets().stream().map(bySet::get).toList();
            site.certificates().forEach(certificate -> groupsByNode.put(certificate, ofNodes));
        }
        this.related = OrderGroups.related(groups);
        related.values().stream()
                .filter(list -> !relatedOrders.containsKey(list.getFirst()))
                .forEach(this::addOrders);
    }

    private void addOrders(List<OrderGroup> together) {
        int orders = together.stream()
                .mapToInt(group -> group.nodes().size() * group.certificates().size())
                .sum();
        together.forEach(group -> relatedOrders.put(group, orders));
    }

    /** Returns all nodes, in the order of the file. */
    List<HostName> nodes() {
        return layout.nodes();
    }

    /** Returns all groups, in the order of the file. */
    List<OrderGroup> groups() {
        return groups;
    }

    /**
     * Returns the group of an order.
     *
     * @throws IllegalArgumentException if the layout has no such node or certificate
     */
    OrderGroup group(HostName node, CertificateName certificate) {
        Integer index = nodes.get(node);
        List<OrderGroup> ofNodes = groupsByNode.get(certificate);
        if (index == null || ofNodes == null) {
            throw new IllegalArgumentException("the layout has no " + certificate + " on " + node);
        }
        return ofNodes.get(index);
    }

    /** Returns the group of all orders with exactly these names; empty if the layout has none. */
    Optional<OrderGroup> group(NameSet set) {
        return Optional.ofNullable(bySet.get(set));
    }

    /**
     * Returns the part of a certificate in the renewals of its names, for a CA whose limits count them.
     *
     * @throws IllegalArgumentException if the layout has no such node or certificate
     */
    public SpreadShare share(HostName node, CertificateName certificate, Limits limits) {
        OrderGroup group = group(node, certificate);
        int nodesInGroup = group.nodes().size();
        Spread spread = new Spread(
                nodesInGroup * group.certificates().size(), limits.find(LimitKind.CERTIFICATES_PER_NAME_SET));
        int index = group.certificates().indexOf(certificate) * nodesInGroup
                + group.nodes().indexOf(node);
        return new SpreadShare(spread, index, phase(group));
    }

    /** Spreads the sites of one node, in the order of the file. */
    private int phase(OrderGroup group) {
        return (int) ((2000L * sites.getOrDefault(group.site(), 0) + 1000) / (2L * sites.size()));
    }

    /** Returns all groups that have a registered domain in common with this one, directly or through others. */
    List<OrderGroup> related(OrderGroup group) {
        return related.getOrDefault(group, List.of());
    }

    /** Returns how many certificates there are in all groups that are {@link #related} to this one. */
    int relatedOrders(OrderGroup group) {
        return relatedOrders.getOrDefault(group, 0);
    }
}
