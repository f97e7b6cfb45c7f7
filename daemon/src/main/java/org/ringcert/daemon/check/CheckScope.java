package org.ringcert.daemon.check;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.NodeSettings;
import org.ringcert.view.ca.Rule;

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

    /** Returns the unique names of this node's certificates for the chosen sites, each once. */
    List<HostName> uniqueNames() {
        return sites.stream()
                .flatMap(site -> configuration.uniqueName(site, self).stream())
                .distinct()
                .toList();
    }

    List<HostName> peerNames() {
        return cluster().peers().stream().map(Node::name).toList();
    }

    boolean hasPublicCa() {
        return configuration.authorities().stream().anyMatch(ca -> ca.known().isPresent());
    }

    /** Returns the rules that a private CA need not have; none if one of the CAs is public. */
    Set<Rule> rulesOfPublicCas() {
        return hasPublicCa()
                ? EnumSet.noneOf(Rule.class)
                : EnumSet.of(Rule.PUBLIC_ADDRESS, Rule.TARGET_HOST, Rule.TARGET_PORT);
    }

    /** Returns a list of viewpoints, or how many nodes there are if it has all of them. */
    String list(Collection<HostName> viewpoints) {
        int nodes = configuration.nodes().size();
        return nodes > 1 && viewpoints.size() == nodes ? "all " + nodes + " nodes" : Shown.list(viewpoints);
    }

    /** Returns the nodes whose web servers answer from files, by rules that do not change when a peer is absent. */
    List<Node> nodesInFilesMode() {
        return configuration.nodes().stream()
                .filter(node -> node.listen().isEmpty())
                .map(NodeSettings::node)
                .toList();
    }
}
