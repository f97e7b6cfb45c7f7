package org.ringcert.plan;

import java.util.List;
import org.ringcert.cluster.HostName;

/**
 * What the configuration file says about the cluster, as far as a plan depends on it: the same on every node.
 * Immutable.
 *
 * @param nodes all nodes, in the order of the file
 * @param sites all sites, in the order of the file
 */
public record Layout(List<HostName> nodes, List<PlannedSite> sites) {

    public Layout {
        nodes = List.copyOf(nodes);
        sites = List.copyOf(sites);
    }
}
