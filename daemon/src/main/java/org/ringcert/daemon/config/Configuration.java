package org.ringcert.daemon.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateName;

/**
 * The contents of the configuration file, checked and completed with defaults. The same on every node. Immutable.
 *
 * @param nodes the servers, in the file's order; at least one, and no name twice
 * @param sites the sites, in the file's order; at least one, and no name in two of them
 * @param siteSettings what sites have instead of the settings of the CAs, by the site's name
 * @param authorities the CAs, in order of preference; at least one, and no directory twice
 * @param front the settings of port 80
 * @param store the directory of keys and certificates; absolute
 * @param deploy what to do after new certificates have been installed
 * @param check how the cluster is looked at as a CA sees it
 * @param alert how a person is told of what needs one
 */
public record Configuration(
        List<NodeSettings> nodes,
        List<Site> sites,
        Map<HostName, SiteSettings> siteSettings,
        List<AcmeSettings> authorities,
        FrontSettings front,
        Path store,
        DeploySettings deploy,
        CheckSettings check,
        AlertSettings alert) {

    /** The environment variable that names this node, for {@link #whichNode}. */
    public static final String NODE_VARIABLE = "RINGCERT_NODE";

    /** The store if the file names none. */
    public static final Path DEFAULT_STORE = Path.of("/var/lib/ringcert");

    public Configuration {
        nodes = List.copyOf(nodes);
        sites = List.copyOf(sites);
        siteSettings = Map.copyOf(siteSettings);
        authorities = List.copyOf(authorities);
    }

    /** Returns the same configuration with another store, for {@code --store}. */
    public Configuration withStore(Path directory) {
        return new Configuration(
                nodes, sites, siteSettings, authorities, front, directory.toAbsolutePath(), deploy, check, alert);
    }

    /**
     * Returns the cluster as one of its nodes sees it.
     *
     * @throws IllegalArgumentException if no node has that name
     */
    public Cluster cluster(HostName self) {
        return new Cluster(nodes.stream().map(NodeSettings::node).toList(), self);
    }

    /**
     * Returns the settings of one node.
     *
     * @throws IllegalArgumentException if no node has that name
     */
    public NodeSettings node(HostName name) {
        return nodes.stream()
                .filter(settings -> settings.node().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " is not among the nodes"));
    }

    /**
     * Returns the settings of one CA.
     *
     * @throws IllegalArgumentException if no CA has that directory
     */
    public AcmeSettings authority(URI directory) {
        return authorities.stream()
                .filter(settings -> settings.directory().equals(directory))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(directory + " is not among the CAs"));
    }

    /**
     * Returns whether the challenges of some CA are relayed, whatever {@code [front]} does with those of the others.
     */
    public boolean relaysForSomeCa() {
        return authorities.stream().anyMatch(authority -> authority.handoff() == CaHandoff.RELAY);
    }

    /** Returns what the site has instead of the settings of the CAs. */
    public SiteSettings settings(Site site) {
        return siteSettings.getOrDefault(site.name(), SiteSettings.NONE);
    }

    /**
     * Returns the types of the keys of the site's certificates, in the order of {@link #certificates}. Their algorithms
     * are the same for each CA.
     */
    public List<KeyType> keys(Site site, AcmeSettings ca) {
        return settings(site).keys().orElseGet(ca::keys);
    }

    /**
     * Returns the profile of the site's certificates at a CA. Profiles have the names that a CA gives them, so a site's
     * own one applies to the first CA only.
     */
    public Optional<String> profile(Site site, AcmeSettings ca) {
        boolean isFirst = ca.directory().equals(authorities.getFirst().directory());
        return isFirst ? settings(site).profile().or(ca::profile) : ca.profile();
    }

    /** Returns the names of the site's certificates, one for each kind of key; the first is named after the site. */
    public List<CertificateName> certificates(Site site) {
        CertificateName first = CertificateName.first(site.name());
        Stream<CertificateName> others = keys(site, authorities.getFirst()).stream()
                .skip(1)
                .map(key -> CertificateName.second(site.name(), key.algorithm()));
        return Stream.concat(Stream.of(first), others).toList();
    }

    /**
     * Returns the name that the site's certificates have on a node besides those of the site, so that the CA counts
     * them on their own; empty if the site has none.
     *
     * @throws IllegalArgumentException if no node has that name
     */
    public Optional<HostName> uniqueName(Site site, HostName node) {
        return settings(site).uniqueName().flatMap(pattern -> pattern.on(node(node)));
    }

    /** Returns the unique names of the site on all nodes, each once. */
    public List<HostName> uniqueNames(Site site) {
        return settings(site).uniqueName().stream()
                .flatMap(pattern -> nodes.stream().flatMap(node -> pattern.on(node).stream()))
                .distinct()
                .toList();
    }

    /** Returns the site that has this name, as its first or any other. */
    public Optional<Site> site(HostName name) {
        return sites.stream().filter(site -> site.names().contains(name)).findFirst();
    }

    /** Returns the name of a site that is spelled much like this one, for a person who has mistyped it. */
    public Optional<HostName> siteNameLike(String written) {
        return Suggestions.onlyNearest(
                        written,
                        sites.stream()
                                .flatMap(site -> site.names().stream())
                                .map(HostName::value)
                                .toList())
                .map(HostName::new);
    }

    /**
     * Returns the node that is meant by its full name or, if that is unambiguous, by its first label.
     *
     * @param source begins the message, such as the name of the option that was written
     * @throws ConfigurationException if that is none of the nodes or could be several; the message lists them
     */
    public HostName findNode(String source, String written) throws ConfigurationException {
        return nodeIdentity().findByName(source, written);
    }

    /**
     * Returns which of the nodes this process is: the one of {@code --node}, else of {@link #NODE_VARIABLE}, else the
     * one with the name of the host. Each may be the full name or, if that is unambiguous, its first label.
     *
     * @param option the value of {@code --node}
     * @param environment the variables of this process
     * @param hostName returns the name that the system has for the host, or an empty one; called only if needed
     * @throws ConfigurationException if that is none of the nodes or could be several; the message lists them
     */
    public HostName whichNode(Optional<String> option, Map<String, String> environment, Supplier<String> hostName)
            throws ConfigurationException {
        return nodeIdentity().find(option, environment, hostName);
    }

    private NodeIdentity nodeIdentity() {
        return new NodeIdentity(
                nodes.stream().map(NodeSettings::node).map(Node::name).toList());
    }
}
