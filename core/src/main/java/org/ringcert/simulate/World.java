package org.ringcert.simulate;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;
import org.ringcert.plan.Layout;
import org.ringcert.plan.LimitKind;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.PlannedSite;
import org.ringcert.plan.RegisteredDomains;
import org.ringcert.store.CertificateName;

/** The servers, sites and certificates of a simulation, and where the names lead. Confined to one thread. */
final class World {

    private static final URI DIRECTORY = URI.create("https://ca.example/directory");

    private final Scenario scenario;
    private final List<SimulatedNode> nodes;
    private final List<NodeCertificate> certificates;
    private final Map<HostName, Integer> nodeIndexes = new HashMap<>();
    private final Map<HostName, Integer> siteIndexes = new HashMap<>();
    private final int[] leaders;
    private final Layout layout;
    private final Map<BitSet, Layout> layouts = new HashMap<>();
    private final Map<HostName, HostName> domains = new HashMap<>();
    private int accounts;

    World(Scenario scenario, ModelCa ca, long start) {
        this.scenario = scenario;
        this.nodes = IntStream.range(0, scenario.nodes())
                .mapToObj(i -> new SimulatedNode(i, HostName.of("node" + (i + 1) + ".servers.example"), accounts++))
                .toList();
        nodes.forEach(node -> nodeIndexes.put(node.name(), node.index()));
        this.leaders = IntStream.range(0, scenario.sites())
                .map(site -> site % scenario.nodes())
                .toArray();
        List<NodeCertificate> all = new ArrayList<>();
        List<PlannedSite> planned = new ArrayList<>();
        NodeCertificate[][] byNode = new NodeCertificate[scenario.nodes()][scenario.sites() * scenario.kinds()];
        for (int site = 0; site < scenario.sites(); site++) {
            planned.add(addSite(site, ca, byNode, start));
        }
        for (NodeCertificate[] ofNode : byNode) {
            all.addAll(List.of(ofNode));
        }
        this.certificates = List.copyOf(all);
        this.layout = new Layout(nodes.stream().map(SimulatedNode::name).toList(), planned);
    }

    private PlannedSite addSite(int index, ModelCa ca, NodeCertificate[][] byNode, long start) {
        HostName domain = HostName.of("domain" + (index % scenario.domains() + 1) + ".example");
        HostName name = HostName.of("www" + (index + 1) + "." + domain);
        siteIndexes.put(name, index);
        Site site = new Site(List.of(name));
        List<CertificateSpec> specs = new ArrayList<>();
        List<CountedSet> sets = new ArrayList<>();
        for (SimulatedNode node : nodes) {
            int group = scenario.groupSize() == 0 ? 0 : node.index() / scenario.groupSize();
            if (group == sets.size()) {
                Optional<HostName> uniqueName = scenario.groupSize() == 0
                        ? Optional.empty()
                        : Optional.of(HostName.of("group" + (group + 1) + "." + name));
                for (int kind = 0; kind < scenario.kinds(); kind++) {
                    specs.add(
                            new CertificateSpec(site, certificateName(name, kind), List.of(source(kind)), uniqueName));
                }
                NameSet names = NameSet.of(specs.getLast().names());
                names.names().forEach(each -> domains.put(each, domain));
                sets.add(new CountedSet(names, List.of(domain), ca.newBucket(LimitKind.CERTIFICATES_PER_NAME_SET)));
            }
            for (int kind = 0; kind < scenario.kinds(); kind++) {
                int ofCluster = index * scenario.kinds() + kind;
                byNode[node.index()][ofCluster] = new NodeCertificate(
                        node.index() * scenario.sites() * scenario.kinds() + ofCluster,
                        node,
                        index,
                        ofCluster,
                        specs.get(group * scenario.kinds() + kind),
                        sets.get(group),
                        start);
            }
        }
        return new PlannedSite(
                name,
                IntStream.range(0, scenario.kinds())
                        .mapToObj(kind -> certificateName(name, kind))
                        .toList(),
                nodes.stream()
                        .map(node -> byNode[node.index()][index * scenario.kinds()]
                                .set()
                                .names())
                        .toList());
    }

    private static CertificateName certificateName(HostName site, int kind) {
        return kind == 0 ? CertificateName.first(site) : CertificateName.second(site, KeyAlgorithm.RSA);
    }

    private static CertificateSpec.Source source(int kind) {
        return new CertificateSpec.Source(DIRECTORY, kind == 0 ? KeyType.EC256 : KeyType.RSA2048, Optional.empty());
    }

    List<SimulatedNode> nodes() {
        return nodes;
    }

    /** Returns all certificates, those of the first node first. */
    List<NodeCertificate> certificates() {
        return certificates;
    }

    List<NodeCertificate> certificatesOf(SimulatedNode node) {
        int count = scenario.sites() * scenario.kinds();
        return certificates.subList(node.index() * count, (node.index() + 1) * count);
    }

    NodeCertificate certificate(HostName node, CertificateName name) {
        int ofCluster = siteIndexes.get(name.site()) * scenario.kinds()
                + (name.secondKey().isPresent() ? 1 : 0);
        return certificatesOf(nodes.get(nodeIndexes.get(node))).get(ofCluster);
    }

    /** Returns the node to which the name of a site leads. */
    HostName leader(HostName site) {
        return nodes.get(leaders[siteIndexes.get(site)]).name();
    }

    boolean isLeader(NodeCertificate certificate) {
        return leaders[certificate.site()] == certificate.node().index();
    }

    void move(int site, int node) {
        leaders[site] = node;
    }

    int newAccount() {
        return accounts++;
    }

    Duration backDate() {
        return scenario.limits().backDate();
    }

    /** Returns the public suffix list of the simulation. */
    RegisteredDomains registeredDomains() {
        return domains::get;
    }

    /** Returns what the configuration file of a node says. */
    Layout layout(SimulatedNode node) {
        BitSet unknown = node.unknownSites();
        return unknown.isEmpty() ? layout : layouts.computeIfAbsent((BitSet) unknown.clone(), this::layoutWithout);
    }

    private Layout layoutWithout(BitSet unknown) {
        return new Layout(
                layout.nodes(),
                IntStream.range(0, layout.sites().size())
                        .filter(site -> !unknown.get(site))
                        .mapToObj(layout.sites()::get)
                        .toList());
    }
}
