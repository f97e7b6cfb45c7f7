package org.ringcert.daemon.config;

import java.util.List;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.plan.Layout;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.PlannedSite;

/** Derives from a configuration what plans depend on. */
public final class PlanLayout {

    private PlanLayout() {}

    /** Returns the nodes and sites, with the names that each node orders for each site. */
    public static Layout of(Configuration configuration) {
        List<HostName> nodes = configuration.nodes().stream()
                .map(settings -> settings.node().name())
                .toList();
        return new Layout(
                nodes,
                configuration.sites().stream()
                        .map(site -> planned(configuration, site, nodes))
                        .toList());
    }

    private static PlannedSite planned(Configuration configuration, Site site, List<HostName> nodes) {
        NameSet common = NameSet.of(site.names());
        return new PlannedSite(
                site.name(),
                configuration.certificates(site),
                nodes.stream()
                        .map(node -> configuration
                                .uniqueName(site, node)
                                .map(uniqueName -> with(site, uniqueName))
                                .orElse(common))
                        .toList());
    }

    private static NameSet with(Site site, HostName uniqueName) {
        return NameSet.of(
                Stream.concat(site.names().stream(), Stream.of(uniqueName)).toList());
    }
}
