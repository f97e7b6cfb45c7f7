package org.ringcert.daemon.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.Site;

/**
 * What the configuration file says, checked and completed with defaults. The same on every node. Immutable.
 *
 * @param nodes the servers in the file's order, at least one, no name twice
 * @param sites the sites in the file's order, at least one, no name in two of them
 * @param authorities the CAs in order of preference, at least one, no directory twice
 * @param front what holds for port 80
 * @param store the directory of keys and certificates, absolute
 * @param deploy what is done after new certificates
 * @param resolver the DNS server that sees what the CA sees; empty for the system's
 */
public record Configuration(
        List<NodeSettings> nodes,
        List<Site> sites,
        List<AcmeSettings> authorities,
        FrontSettings front,
        Path store,
        DeploySettings deploy,
        Optional<InetSocketAddress> resolver) {

    /** The store where the file names none. */
    public static final Path DEFAULT_STORE = Path.of("/var/lib/ringcert");

    public Configuration {
        nodes = List.copyOf(nodes);
        sites = List.copyOf(sites);
        authorities = List.copyOf(authorities);
    }

    /** The same with another store, for {@code --store}. */
    public Configuration withStore(Path directory) {
        return new Configuration(nodes, sites, authorities, front, directory.toAbsolutePath(), deploy, resolver);
    }

    /**
     * The cluster as one of its nodes sees it.
     *
     * @throws IllegalArgumentException if no node has that name
     */
    public Cluster cluster(HostName self) {
        return new Cluster(nodes.stream().map(NodeSettings::node).toList(), self);
    }

    /**
     * What holds for one node.
     *
     * @throws IllegalArgumentException if no node has that name
     */
    public NodeSettings node(HostName name) {
        return nodes.stream()
                .filter(settings -> settings.node().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " is not among the nodes"));
    }

    /** The site that a user means by one of its names, not only the first. */
    public Optional<Site> site(HostName name) {
        return sites.stream().filter(site -> site.names().contains(name)).findFirst();
    }

    /**
     * Which of the nodes this process is: the one of {@code --node}, else of {@code RINGCERT_NODE}, else the one that
     * is named like the host. Each may be the full name or, where that is unambiguous, its first label.
     *
     * @param option the value of {@code --node}
     * @param environment of the process
     * @param hostName the host's name, as the system knows it; asked only where it is needed, an empty one is none
     * @throws ConfigurationException if that is none of the nodes or may be several; the message lists them
     */
    public HostName whichNode(Optional<String> option, Map<String, String> environment, Supplier<String> hostName)
            throws ConfigurationException {
        List<HostName> names =
                nodes.stream().map(NodeSettings::node).map(Node::name).toList();
        return new NodeIdentity(names).find(option, environment, hostName);
    }
}
