package org.ringcert.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;

/** Finds out which orders of a layout are counted together. */
final class OrderGroups {

    private OrderGroups() {}

    /** Returns the groups of all sites, in the order of the file. */
    static List<OrderGroup> of(Layout layout, RegisteredDomains domains) {
        return layout.sites().stream()
                .flatMap(site -> groups(layout, site, domains).stream())
                .toList();
    }

    private static List<OrderGroup> groups(Layout layout, PlannedSite site, RegisteredDomains domains) {
        Map<NameSet, List<HostName>> nodes = new LinkedHashMap<>();
        for (int i = 0; i < layout.nodes().size(); i++) {
            nodes.computeIfAbsent(site.sets().get(i), _ -> new ArrayList<>())
                    .add(layout.nodes().get(i));
        }
        return nodes.entrySet().stream()
                .map(entry -> new OrderGroup(
                        entry.getKey(),
                        entry.getKey().names().stream().map(domains::of).collect(Collectors.toUnmodifiableSet()),
                        site.name(),
                        List.copyOf(entry.getValue()),
                        site.certificates()))
                .toList();
    }

    /** Returns for each group all that have a registered domain in common, directly or through others; in order. */
    static Map<OrderGroup, List<OrderGroup>> related(Collection<OrderGroup> groups) {
        Map<HostName, HostName> parents = new HashMap<>();
        for (OrderGroup group : groups) {
            HostName root = root(parents, group.domains().iterator().next());
            group.domains().forEach(domain -> parents.put(root(parents, domain), root));
        }
        Map<HostName, List<OrderGroup>> byRoot = groups.stream()
                .collect(Collectors.groupingBy(
                        group -> root(parents, group.domains().iterator().next())));
        Map<OrderGroup, List<OrderGroup>> related = new HashMap<>();
        byRoot.values().forEach(list -> list.forEach(group -> related.put(group, list)));
        return related;
    }

    private static HostName root(Map<HostName, HostName> parents, HostName domain) {
        HostName root = domain;
        HostName parent = parents.get(root);
        while (parent != null && !parent.equals(root)) {
            root = parent;
            parent = parents.get(root);
        }
        parents.put(domain, root);
        return root;
    }
}
