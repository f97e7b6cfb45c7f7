package org.ringcert.cluster;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * All nodes of the cluster, seen from one of them. Their order in the configuration file forms a ring: the first node
 * follows the last. Immutable.
 */
public final class Cluster {

    private final Node self;
    private final List<Node> peers;

    /**
     * @param nodes all nodes in the order of the file, without duplicate names
     * @param self the name of this node
     * @throws IllegalArgumentException if {@code self} is not among the nodes, or if a name occurs twice
     */
    public Cluster(List<Node> nodes, HostName self) {
        List<HostName> names = nodes.stream().map(Node::name).toList();
        int index = names.indexOf(self);
        if (index < 0) {
            throw new IllegalArgumentException(self + " is not among the nodes");
        }
        if (new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException("a node is listed twice");
        }
        this.self = nodes.get(index);
        List<Node> others = new ArrayList<>(nodes.subList(index + 1, nodes.size()));
        others.addAll(nodes.subList(0, index));
        this.peers = List.copyOf(others);
    }

    /** Returns this node. */
    public Node self() {
        return self;
    }

    /** Returns the other nodes in ring order, starting after this node; empty if there are none. */
    public List<Node> peers() {
        return peers;
    }

    /** Returns the node before this one in the ring; this node itself if it is the only one. */
    public Node predecessor() {
        return peers.isEmpty() ? self : peers.getLast();
    }

    /** Returns the node with this name, which may be this node. */
    public Optional<Node> find(HostName name) {
        return self.name().equals(name)
                ? Optional.of(self)
                : peers.stream().filter(peer -> peer.name().equals(name)).findFirst();
    }
}
