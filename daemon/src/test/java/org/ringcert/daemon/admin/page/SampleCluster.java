package org.ringcert.daemon.admin.page;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.admin.page.ClusterSnapshot.Port80;
import org.ringcert.daemon.admin.page.ClusterSnapshot.RingNode;
import org.ringcert.daemon.status.MatrixRow;
import org.ringcert.daemon.status.MatrixView;
import org.ringcert.daemon.status.NodeStatus;
import org.ringcert.store.CertificateName;
import org.ringcert.store.StoreException;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.CellKey;
import org.ringcert.view.visitor.Flaw;
import org.ringcert.view.visitor.ServedCertificate;

/**
 * A cluster that exists only in memory. Servers and sites are counted from 0. All is well at first. Not thread-safe.
 */
final class SampleCluster implements PageSource {

    static final Instant NOW = Instant.parse("2026-05-01T10:15:30Z");

    private final List<HostName> nodes;
    private final List<Site> sites;
    private final Map<HostName, Instant> silent = new HashMap<>();
    private final Map<CellKey, Cell> cells = new HashMap<>();
    private final List<HistoryItem> history = new ArrayList<>();
    private Optional<String> historyProblem = Optional.empty();
    private Duration statusAge = Duration.ZERO;
    private boolean peersAsked = true;

    SampleCluster(int nodes, int sites) {
        this.nodes = IntStream.range(0, nodes)
                .mapToObj(i -> new HostName("web" + i + ".example.org"))
                .toList();
        this.sites = IntStream.range(0, sites)
                .mapToObj(i -> new Site(List.of(
                        new HostName("site" + i + ".example.org"), new HostName("www.site" + i + ".example.org"))))
                .toList();
        for (int site = 0; site < sites; site++) {
            for (int node = 0; node < nodes; node++) {
                put(site, node, 40 + (site * 7 + node * 3) % 45);
            }
        }
    }

    /** Makes a server present a certificate with these flaws. */
    SampleCluster put(int site, int node, int days, Flaw... flaws) {
        CellKey key = key(site, node);
        ServedCertificate certificate = new ServedCertificate(
                "03a1f0c29b7d5e48%04x%04x".formatted(site, node),
                "R11",
                NOW.minus(Duration.ofDays(90L - days)),
                NOW.plus(Duration.ofDays(days)).plusSeconds(60));
        cells.put(key, new Cell(key, Optional.of(certificate), List.of(flaws), NOW.minusSeconds(8 + node * 97L)));
        return this;
    }

    /** Makes a server present nothing. */
    SampleCluster putNothing(int site, int node, Flaw flaw) {
        CellKey key = key(site, node);
        cells.put(key, new Cell(key, Optional.empty(), List.of(flaw), NOW.minusSeconds(30)));
        return this;
    }

    SampleCluster forget(int site, int node) {
        cells.remove(key(site, node));
        return this;
    }

    /** Makes a server's port 80 silent. */
    SampleCluster silence(int node) {
        silent.put(nodes.get(node), NOW.minus(Duration.ofMinutes(3)));
        return this;
    }

    SampleCluster askNoPeers() {
        peersAsked = false;
        return this;
    }

    SampleCluster readStatusBefore(Duration age) {
        statusAge = age;
        return this;
    }

    SampleCluster add(HistoryItem item) {
        history.add(item);
        return this;
    }

    /** Makes the history unreadable. */
    SampleCluster damageHistory(String problem) {
        historyProblem = Optional.of(problem);
        return this;
    }

    HostName node(int index) {
        return nodes.get(index);
    }

    private CellKey key(int site, int node) {
        return new CellKey(sites.get(site).name(), Optional.empty(), nodes.get(node));
    }

    @Override
    public ClusterSnapshot cluster() {
        NodeStatus status = new NodeStatus(
                nodes.getFirst(),
                List.of("letsencrypt"),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty());
        List<RingNode> ring = nodes.stream()
                .map(node -> new RingNode(node, port80(node), Optional.ofNullable(silent.get(node))))
                .toList();
        List<MatrixRow> rows = sites.stream()
                .map(site -> new MatrixRow(site, CertificateName.first(site.name()), Optional.empty()))
                .toList();
        MatrixView matrix = MatrixView.of(nodes.getFirst(), rows, nodes, key -> Optional.ofNullable(cells.get(key)));
        return new ClusterSnapshot(NOW, "0.2.0", status, NOW.minus(statusAge), matrix, ring);
    }

    private Port80 port80(HostName node) {
        if (node.equals(nodes.getFirst())) {
            return Port80.OWN;
        }
        if (!peersAsked) {
            return Port80.NOT_ASKED_YET;
        }
        return silent.containsKey(node) ? Port80.SILENT : Port80.ANSWERS;
    }

    @Override
    public List<HistoryItem> history(HostName site) throws StoreException {
        if (historyProblem.isPresent()) {
            throw new StoreException(historyProblem.get(), null);
        }
        return List.copyOf(history);
    }
}
