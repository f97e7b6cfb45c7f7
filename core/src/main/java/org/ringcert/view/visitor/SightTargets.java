package org.ringcert.view.visitor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;

/** What a node keeps an eye on: its own server, the servers of its peers, and their port 80. Immutable. */
public final class SightTargets {

    private final Map<HostName, List<VisitorTarget>> ownBySite;
    private final List<VisitorTarget> own;
    private final List<VisitorTarget> ofPeers;
    private final List<Node> peers;

    /**
     * @param own the certificates of this node's own server
     * @param ofPeers the certificates of its peers, in the order in which they are looked at
     * @param peers the peers whose port 80 is asked
     */
    public SightTargets(List<VisitorTarget> own, List<VisitorTarget> ofPeers, List<Node> peers) {
        this.own = List.copyOf(own);
        this.ofPeers = List.copyOf(ofPeers);
        this.peers = List.copyOf(peers);
        this.ownBySite = this.own.stream()
                .collect(Collectors.groupingBy(
                        target -> target.site().name(), LinkedHashMap::new, Collectors.toUnmodifiableList()));
    }

    public List<VisitorTarget> own() {
        return own;
    }

    /** Returns the certificates of one site at this node's own server, one for each kind of key; empty if none. */
    public List<VisitorTarget> own(HostName site) {
        return ownBySite.getOrDefault(site, List.of());
    }

    public List<VisitorTarget> ofPeers() {
        return ofPeers;
    }

    public List<Node> peers() {
        return peers;
    }
}
