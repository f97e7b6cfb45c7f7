package org.ringcert.daemon;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.challenge.Challenges;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.daemon.check.PreflightViews;
import org.ringcert.daemon.check.ViewpointPreflight;
import org.ringcert.daemon.config.CaHandoff;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.dns.DnsResolver;
import org.ringcert.dns.DnsjavaResolver;
import org.ringcert.handoff.PeerRequest;
import org.ringcert.http.HostResolver;
import org.ringcert.issue.Preflight;
import org.ringcert.view.ca.CaView;
import org.ringcert.view.ca.CaaPolicy.Applicant;
import org.ringcert.view.ca.ClusterReach;
import org.ringcert.view.ca.LocalViewpoint;
import org.ringcert.view.ca.Reach;
import org.ringcert.view.ca.ValidationRules;
import org.ringcert.view.ca.ValidationRules.Strictness;
import org.ringcert.view.ca.ValidationRules.UserAgent;
import org.ringcert.view.look.LookService;
import org.ringcert.view.look.PeerViewpoint;

/**
 * From where a node can see the cluster as a CA does: from itself and from each of its peers. Immutable apart from what
 * its parts know; thread-safe.
 *
 * @param rules those of the strictest configured CA
 * @param dns asks the configured DNS server, or else the system's
 * @param view looks from this server, for this server
 * @param viewForPeers looks from this server for others, who may be strangers
 * @param local this server
 * @param peers one for each peer, in the order of the ring
 */
public record ClusterViews(
        ValidationRules rules,
        DnsResolver dns,
        CaView view,
        CaView viewForPeers,
        LocalViewpoint local,
        List<PeerViewpoint> peers) {

    public ClusterViews {
        peers = List.copyOf(peers);
    }

    /** Returns the viewpoints of a node without a store. They send nothing until they are used. */
    public static ClusterViews of(Configuration configuration, HostName self) {
        return of(configuration, configuration.cluster(self), new HostResolver());
    }

    /**
     * Returns the viewpoints of a node. They send nothing until they are used.
     *
     * @param cluster the nodes of the configuration, seen from this one
     * @param resolver resolves the addresses of peers
     */
    static ClusterViews of(Configuration configuration, Cluster cluster, HostResolver resolver) {
        Node self = cluster.self();
        ValidationRules rules = rules(configuration, self);
        DnsResolver dns =
                configuration.check().resolver().map(DnsjavaResolver::of).orElseGet(DnsjavaResolver::ofSystem);
        CaView view = new CaView(dns, rules);
        PeerRequest request = new PeerRequest(resolver);
        return new ClusterViews(
                rules,
                dns,
                view,
                new CaView(dns, rules, reach(configuration, new ClusterAddresses(configuration, dns, resolver))),
                new LocalViewpoint(self.name(), view, LookService.TIMEOUT),
                cluster.peers().stream()
                        .map(peer -> new PeerViewpoint(peer, self.name(), request))
                        .toList());
    }

    /**
     * Returns what looks before the orders of this node at one CA.
     *
     * @param applicant for whom CAA records must allow a certificate; empty if that is not known. Asked for each look.
     */
    Preflight preflight(
            Configuration configuration,
            Challenges challenges,
            SecureRandom random,
            Supplier<Optional<Applicant>> applicant) {
        Cluster cluster = configuration.cluster(local.node());
        return new ViewpointPreflight(
                challenges,
                random,
                new PreflightViews(cluster, dns, view::lookWithoutHttps, peers),
                _ -> applicant.get(),
                ca -> configuration.check().beforeOrder(configuration.authority(ca)));
    }

    /** Returns how far looks for others reach: to the ports of the cluster, and to its servers. */
    private static Reach reach(Configuration configuration, ClusterAddresses addresses) {
        Set<Integer> ports = configuration.nodes().stream()
                .flatMap(each -> Stream.of(each.node().port(), each.https().port()))
                .collect(Collectors.toSet());
        return new ClusterReach(ports, addresses);
    }

    /** Returns the rules of the strictest configured CA for validations that start at the port of a node. */
    static ValidationRules rules(Configuration configuration, Node node) {
        boolean hasPublicCa =
                configuration.authorities().stream().anyMatch(ca -> ca.known().isPresent());
        Set<Integer> ports = configuration.nodes().stream()
                .map(settings -> settings.node().port())
                .collect(Collectors.toSet());
        return new ValidationRules(
                hasPublicCa ? Strictness.PUBLIC_CA : Strictness.PRIVATE_CA,
                node.port(),
                configuration.node(node.name()).https().port(),
                ports,
                userAgent(configuration));
    }

    /**
     * A node relays challenges for CAs that may not follow redirects, so a look must not be taken for one that does.
     */
    private static UserAgent userAgent(Configuration configuration) {
        return configuration.authorities().stream()
                        .anyMatch(ca -> ca.known().isPresent() && ca.handoff() == CaHandoff.REDIRECT)
                ? UserAgent.LETS_ENCRYPT
                : UserAgent.OTHER_CA;
    }
}
