package org.ringcert.daemon.check;

import java.util.List;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.DnsResolver;
import org.ringcert.view.ca.Viewpoint;
import org.ringcert.view.look.LookService.NameObserver;

/**
 * From where a node looks before an order. Immutable.
 *
 * @param cluster seen from this node
 * @param here looks from this server
 * @param peers the viewpoints of other nodes
 */
public record PreflightViews(Cluster cluster, DnsResolver dns, NameObserver here, List<? extends Viewpoint> peers) {

    public PreflightViews {
        peers = List.copyOf(peers);
    }

    HostName self() {
        return cluster.self().name();
    }
}
