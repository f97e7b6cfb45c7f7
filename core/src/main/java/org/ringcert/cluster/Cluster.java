package org.ringcert.cluster;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * All nodes, in the order of the configuration file, seen from one of them. The order closes to a ring: after the last
 * comes the first. Immutable.
 */
public final class Cluster {

    private final Node self;
    private final List<Node> peers;

    /**
     * @param nodes all nodes in the file's order, no name twice
     * @param self the name of the node that looks
     * @throws IllegalArgumentException if {@code self} is none of them or a name is doubled
     */
    public Cluster(List<Node> nodes, HostName self) {
        List<HostName> names = nodes.stream().map(Node::name).toList();
        int at = names.indexOf(self);
        if (at < 0) {
            throw new IllegalArgumentException(self + " is not among the nodes");
        }
        if (new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException("a node is listed twice");
        }
        this.self = nodes.get(at);
        List<Node> others = new ArrayList<>(nodes.subList(at + 1, nodes.size()));
        others.addAll(nodes.subList(0, at));
        this.peers = List.copyOf(others);
    }

    /** The node that looks. */
    public Node self() {
        return self;
    }

    /** The other nodes in ring order, beginning with the one after this node. Empty where there is no other. */
    public List<Node> peers() {
        return peers;
    }

    /** The node before this one in the ring; itself where there is no other. */
    public Node predecessor() {
        return peers.isEmpty() ? self : peers.getLast();
    }

    /** The node of that name, this one included. */
    public Optional<Node> find(HostName name) {
        return self.name().equals(name)
                ? Optional.of(self)
                : peers.stream().filter(peer -> peer.name().equals(name)).findFirst();
    }
}
