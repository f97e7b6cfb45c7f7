package org.ringcert.simulate;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;
import org.ringcert.plan.Layout;
import org.ringcert.plan.LayoutIndex;
import org.ringcert.plan.LimitKind;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.PlannedSite;
import org.ringcert.store.CertificateName;

/** The servers, sites and certificates of a simulation, and where the names lead. Confined to one thread. */
final class World {

    static final URI DIRECTORY = URI.create("https://ca.example/directory");

    /** No clock is slow by so much. */
    private static final long BEFORE_START = Duration.ofDays(30).toMillis();

    private final Scenario scenario;
    private final List<SimulatedNode> nodes;
    private final List<NodeCertificate> certificates;
    private final Map<HostName, Integer> nodeIndexes = new HashMap<>();
    private final Map<HostName, Integer> siteIndexes = new HashMap<>();
    private final int[] leaders;
    private final Layout layout;
    private final Map<NameSet, List<NodeCertificate>> bySet = new HashMap<>();
    private final Map<BitSet, LayoutIndex> indexes = new HashMap<>();
    private final Map<HostName, HostName> domains = new HashMap<>();
    private int accounts;

    World(Scenario scenario, ModelCa ca, long start) {
        this.scenario = scenario;
        this.nodes = IntStream.range(0, scenario.nodes())
                .mapToObj(i -> newNode(i, start))
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
        certificates.forEach(
                certificate -> bySet.computeIfAbsent(certificate.set().names(), _ -> new ArrayList<>())
                        .add(certificate));
        this.layout = new Layout(nodes.stream().map(SimulatedNode::name).toList(), planned);
    }

    private SimulatedNode newNode(int index, long start) {
        return new SimulatedNode(
                index,
                HostName.of("node" + (index + 1) + ".servers.example"),
                accounts++,
                new PeerMemory(
                        (start - BEFORE_START) / 1000,
                        scenario.nodes(),
                        scenario.sites() * scenario.kinds(),
                        validity()));
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
        int ofCluster = Objects.requireNonNull(siteIndexes.get(name.site())) * scenario.kinds()
                + (name.secondKey().isPresent() ? 1 : 0);
        return certificatesOf(nodes.get(Objects.requireNonNull(nodeIndexes.get(node))))
                .get(ofCluster);
    }

    /** Returns the certificates of all nodes with exactly these names. */
    List<NodeCertificate> certificates(NameSet set) {
        return bySet.getOrDefault(set, List.of());
    }

    /** Returns the node to which the name of a site leads. */
    HostName leader(HostName site) {
        return nodes.get(leaders[Objects.requireNonNull(siteIndexes.get(site))]).name();
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

    /** Returns the registered domain of names, which is that of all of them. */
    HostName domain(NameSet set) {
        return Objects.requireNonNull(domains.get(set.names().getFirst()));
    }

    /** Returns how long a certificate is valid after it was issued. */
    Duration validity() {
        return scenario.lifetime().minus(backDate());
    }

    /** Returns whether the CA says when to renew, and that a certificate was revoked. */
    boolean offersRenewalInfo() {
        return scenario.renewalInfo() == Scenario.RenewalInfoSupport.OFFERED;
    }

    Duration backDate() {
        return scenario.limits().backDate();
    }

    /** Returns all nodes, in the order of the configuration file. */
    List<HostName> nodeNames() {
        return layout.nodes();
    }

    /** Returns what the configuration file of a node says. */
    LayoutIndex layout(SimulatedNode node) {
        LayoutIndex index = indexes.get(node.unknownSites());
        if (index == null) {
            BitSet unknown = (BitSet) node.unknownSites().clone();
            index = new LayoutIndex(layoutWithout(unknown), name -> Objects.requireNonNull(domains.get(name)));
            indexes.put(unknown, index);
        }
        return index;
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
