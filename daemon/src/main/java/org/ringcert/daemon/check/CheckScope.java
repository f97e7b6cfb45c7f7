package org.ringcert.daemon.check;

import java.util.List;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.NodeSettings;

/**
 * What is checked.
 *
 * @param self the node that checks
 * @param sites the chosen sites of the configuration
 */
record CheckScope(Configuration configuration, HostName self, List<Site> sites) {

    CheckScope {
        sites = List.copyOf(sites);
    }

    Cluster cluster() {
        return configuration.cluster(self);
    }

    /** Returns the settings of the node that checks. */
    NodeSettings settings() {
        return configuration.node(self);
    }

    /** Returns the names of all chosen sites. */
    List<HostName> siteNames() {
        return sites.stream().flatMap(site -> site.names().stream()).toList();
    }

    List<HostName> peerNames() {
        return cluster().peers().stream().map(Node::name).toList();
    }

    /** Returns the nodes whose web servers answer from files, by rules that do not change when a peer is absent. */
    List<Node> nodesInFilesMode() {
        return configuration.nodes().stream()
                .filter(node -> node.listen().isEmpty())
                .map(NodeSettings::node)
                .toList();
    }
}
