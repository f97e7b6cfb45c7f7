package org.ringcert.demo;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoreLayout;

/** A cluster on this machine that gets its certificates from a real ACME CA. Both are removed at the end. */
public final class Demo {

    private static final List<String> LABELS = List.of("www", "shop", "blog");
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final long POLL_MILLIS = 50;

    /**
     * The options of a demo.
     *
     * @param nodes number of nodes in the configuration
     * @param sites number of sites
     * @param down index of a node that is not started; sites that would lead to it lead to the next one instead
     * @param keep true to leave the cluster running until this process is ended
     */
    public record DemoOptions(int nodes, int sites, HandoffMode handoff, OptionalInt down, boolean keep) {}

    private final DemoOptions options;
    private final List<Site> sites;
    private final List<Integer> running;
    private final DemoReport report;

    /** Creates a demo that can be run once. */
    public Demo(DemoOptions options, PrintWriter out) {
        this.options = options;
        this.sites = IntStream.range(0, options.sites())
                .mapToObj(i -> i < LABELS.size() ? LABELS.get(i) : "site" + i)
                .map(label -> new Site(List.of(new HostName(label + ".example.org"))))
                .toList();
        this.running = IntStream.range(0, options.nodes())
                .filter(node -> options.down().stream().noneMatch(down -> down == node))
                .boxed()
                .toList();
        this.report = new DemoReport(out, running);
    }

    /**
     * Runs the demo and blocks until it is over.
     *
     * @return true if every running node has, for every site, a certificate that verifies against the CA's root
     * @throws IOException if the demo cannot be run; the message says why and what to do
     */
    public boolean run() throws IOException, InterruptedException {
        report.printLine("%d servers that share nothing, %d sites that each lead to one of them, a real ACME CA."
                .formatted(options.nodes(), sites.size()));
        PebbleBinaries pebble = PebbleBinaries.find(report::printLine);
        List<InetAddress> addresses = LocalCluster.loopback(options.nodes());
        TemporaryFolder folder = TemporaryFolder.create("ringcert-demo-");
        try (TestCa ca = TestCa.start(pebble, PebbleOptions.on(addresses));
                LocalCluster cluster = LocalCluster.withHttps(
                        ca, folder.path(), addresses, sites, options.handoff(), NodeProcess.installedFlags());
                Closeable _ = DemoWebServer.startAll(cluster, running)) {
            moveSitesToRunningNodes(cluster);
            report.printIntroduction(ca, pebble, cluster, options.handoff());
            boolean allVerified = issueCertificates(ca, cluster);
            if (options.keep()) {
                report.printThingsToTry(ca, cluster);
                Thread.currentThread().join();
            }
            return allVerified;
        } finally {
            closeQuietly(folder);
        }
    }

    private void moveSitesToRunningNodes(LocalCluster cluster) throws IOException {
        for (int site = 0; site < sites.size(); site++) {
            int node = cluster.nodeOf(site);
            if (!running.contains(node)) {
                cluster.move(site, (node + 1) % options.nodes());
            }
        }
    }

    private boolean issueCertificates(TestCa ca, LocalCluster cluster) throws IOException, InterruptedException {
        Instant start = Instant.now();
        List<ChildProcess> processes = new ArrayList<>();
        for (int node : running) {
            processes.add(cluster.run(node));
        }
        awaitCertificates(cluster, processes);
        Duration elapsed = Duration.between(start, Instant.now());
        report.printValidationRoutes(cluster);
        return report.printCertificates(cluster, issuedByNode(cluster), ca.roots(), elapsed);
    }

    /** Waits until all certificates are there, or the time is up. Prints their number whenever it changes. */
    private void awaitCertificates(LocalCluster cluster, List<ChildProcess> processes)
            throws IOException, InterruptedException {
        int expected = running.size() * sites.size();
        Instant deadline = Instant.now().plus(TIMEOUT);
        int previous = -1;
        while (previous < expected && Instant.now().isBefore(deadline)) {
            int issued =
                    issuedByNode(cluster).values().stream().mapToInt(Map::size).sum();
            for (ChildProcess process : processes) {
                if (!process.isAlive()) {
                    throw new IOException("a server has ended:\n" + process.output());
                }
            }
            if (issued != previous) {
                report.printLine("  %d of %d certificates".formatted(issued, expected));
                previous = issued;
            }
            // The servers write to their own disks and notify nobody, so poll.
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** Returns the certificates that the CA has issued so far: for each running node, by the site's name. */
    private Map<Integer, Map<HostName, CertificateVersion>> issuedByNode(LocalCluster cluster) throws IOException {
        Map<Integer, Map<HostName, CertificateVersion>> issued = new LinkedHashMap<>();
        for (int node : running) {
            issued.put(node, issued(cluster.store(node)));
        }
        return issued;
    }

    private Map<HostName, CertificateVersion> issued(Path storeFolder) throws IOException {
        Map<HostName, CertificateVersion> issued = new HashMap<>();
        if (!Files.isDirectory(new StoreLayout(storeFolder).certificates())) {
            return issued;
        }
        try {
            Store store = Store.open(storeFolder, Clock.systemUTC());
            for (Site site : sites) {
                store.current(CertificateName.first(site.name()))
                        .filter(version -> version.origin() instanceof Origin.IssuedByCa)
                        .ifPresent(version -> issued.put(version.site(), version));
            }
        } catch (StoreException e) {
            throw new IOException(e.getMessage(), e);
        }
        return issued;
    }

    private static void closeQuietly(TemporaryFolder folder) {
        try {
            folder.close();
        } catch (IOException e) {
            // A temporary folder that something still writes to. Nothing depends on it.
        }
    }
}
