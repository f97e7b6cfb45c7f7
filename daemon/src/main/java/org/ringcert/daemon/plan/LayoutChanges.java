package org.ringcert.daemon.plan;

import java.util.Collection;
import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.plan.Layout;
import org.ringcert.plan.PlannedSite;

/**
 * What one configuration changes in comparison with another. Immutable.
 *
 * @param addedNodes nodes that are new
 * @param removedNodes nodes that are gone
 * @param addedSites sites that are new, by their first names
 * @param removedSites sites that are gone
 * @param changedSites sites whose names or kinds of keys differ on a node that is in both
 */
public record LayoutChanges(
        List<HostName> addedNodes,
        List<HostName> removedNodes,
        List<HostName> addedSites,
        List<HostName> removedSites,
        List<HostName> changedSites) {

    /** No changes. */
    public static final LayoutChanges NONE = new LayoutChanges(List.of(), List.of(), List.of(), List.of(), List.of());

    public LayoutChanges {
        addedNodes = List.copyOf(addedNodes);
        removedNodes = List.copyOf(removedNodes);
        addedSites = List.copyOf(addedSites);
        removedSites = List.copyOf(removedSites);
        changedSites = List.copyOf(changedSites);
    }

    /** Compares two layouts. */
    public static LayoutChanges between(Layout present, Layout next) {
        List<HostName> presentSites =
                present.sites().stream().map(PlannedSite::name).toList();
        List<HostName> nextSites = next.sites().stream().map(PlannedSite::name).toList();
        return new LayoutChanges(
                without(next.nodes(), present.nodes()),
                without(present.nodes(), next.nodes()),
                without(nextSites, presentSites),
                without(presentSites, nextSites),
                next.sites().stream()
                        .filter(site -> present.sites().stream()
                                .anyMatch(former ->
                                        former.name().equals(site.name()) && differs(former, present, site, next)))
                        .map(PlannedSite::name)
                        .toList());
    }

    private static List<HostName> without(Collection<HostName> all, Collection<HostName> others) {
        return all.stream().filter(name -> !others.contains(name)).toList();
    }

    private static boolean differs(PlannedSite former, Layout present, PlannedSite site, Layout next) {
        return !former.certificates().equals(site.certificates())
                || next.nodes().stream()
                        .filter(present.nodes()::contains)
                        .anyMatch(node -> !former.sets()
                                .get(present.nodes().indexOf(node))
                                .equals(site.sets().get(next.nodes().indexOf(node))));
    }

    boolean isEmpty() {
        return equals(NONE);
    }
}
