package org.ringcert.daemon.check;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.dns.DnsResolver;
import org.ringcert.dns.HostAddresses;

/** Which node has which addresses, by the DNS and by the configuration. Thread-safe once it is filled. */
final class NodeAddresses {

    private final Map<HostName, Set<InetAddress>> addresses = new HashMap<>();
    private final Map<HostName, InetAddress> configured = new HashMap<>();

    /** Returns the addresses of all nodes of a cluster. Blocks for as long as a lookup takes, unless there are many. */
    static NodeAddresses of(Cluster cluster, DnsResolver dns) throws InterruptedException {
        List<Node> nodes = Stream.concat(Stream.of(cluster.self()), cluster.peers().stream())
                .toList();
        NodeAddresses addresses = new NodeAddresses();
        List<Callable<HostAddresses>> lookups = nodes.stream()
                .<Callable<HostAddresses>>map(node -> () -> dns.addresses(node.name()))
                .toList();
        List<HostAddresses> found = ParallelTasks.run(lookups);
        for (int i = 0; i < found.size(); i++) {
            Node node = nodes.get(i);
            addresses.add(node);
            addresses.add(node.name(), found.get(i).all());
        }
        return addresses;
    }

    /** Adds the address at which its peers reach a node, if that is an address and not a name. */
    void add(Node node) {
        try {
            InetAddress address = InetAddress.ofLiteral(node.address());
            configured.put(node.name(), address);
            add(node.name(), Set.of(address));
        } catch (IllegalArgumentException e) {
            // A host name. The published addresses of the node's name are added from the DNS.
        }
    }

    void add(HostName node, Iterable<InetAddress> found) {
        Set<InetAddress> known = addresses.computeIfAbsent(node, _ -> new HashSet<>());
        found.forEach(known::add);
    }

    Set<InetAddress> addressesOf(HostName node) {
        return addresses.getOrDefault(node, Set.of());
    }

    /** Returns the address that the configuration has for a node; empty if it has none, or a host name. */
    Optional<InetAddress> configured(HostName node) {
        return Optional.ofNullable(configured.get(node));
    }

    /** Returns the nodes that have this address: those for which the configuration has it, or else by their names. */
    List<HostName> nodesAt(InetAddress address) {
        List<HostName> byConfiguration = configured.entrySet().stream()
                .filter(each -> each.getValue().equals(address))
                .map(Map.Entry::getKey)
                .toList();
        return byConfiguration.isEmpty()
                ? addresses.entrySet().stream()
                        .filter(each -> each.getValue().contains(address))
                        .map(Map.Entry::getKey)
                        .toList()
                : byConfiguration;
    }

    /** Returns the node that has this address; empty if none has, or if several nodes share it. */
    Optional<HostName> nodeAt(InetAddress address) {
        List<HostName> owners = nodesAt(address);
        return owners.size() == 1 ? Optional.of(owners.getFirst()) : Optional.empty();
    }
}
