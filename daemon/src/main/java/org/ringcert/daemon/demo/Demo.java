package org.ringcert.daemon.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.Columns;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.Version;

/** A cluster on this machine that gets its certificates from a real CA, made for this and gone afterwards. */
public final class Demo {

    private static final List<String> LABELS = List.of("www", "shop", "blog");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long GLANCE_MILLIS = 50;

    private final int nodes;
    private final List<Site> sites;
    private final boolean keep;
    private final PrintWriter out;

    /**
     * What is shown.
     *
     * @param keep whether it stays up until this process is ended
     */
    public Demo(int nodes, int sites, boolean keep, PrintWriter out) {
        this.nodes = nodes;
        this.sites = IntStream.range(0, sites)
                .mapToObj(i -> i < LABELS.size() ? LABELS.get(i) : "site" + i)
                .map(label -> new Site(List.of(new HostName(label + ".example.org"))))
                .toList();
        this.keep = keep;
        this.out = out;
    }

    /**
     * Runs it. Blocks until it is over.
     *
     * @return whether every node has a certificate for every site that verifies to the CA's root
     * @throws IOException if it cannot be run; the message says why and what to do
     */
    public boolean run() throws IOException, InterruptedException {
        say("%d servers that share nothing, %d sites that each lead to one of them, a real ACME CA."
                .formatted(nodes, sites.size()));
        PebbleBinaries pebble = PebbleBinaries.find(this::say);
        List<InetAddress> addresses = LocalCluster.loopback(nodes);
        Path folder = Files.createTempDirectory("ringcert-demo-");
        Thread deletion = new Thread(() -> deleteQuietly(folder));
        Runtime.getRuntime().addShutdownHook(deletion);
        try (TestCa ca = TestCa.start(pebble, PebbleOptions.on(addresses));
                LocalCluster cluster = new LocalCluster(ca, folder, addresses, sites, NodeProcess.installedFlags())) {
            introduce(ca, cluster, pebble);
            Instant start = Instant.now();
            List<ChildProcess> processes =
                    cluster.runTogether(IntStream.range(0, nodes).boxed().toList(), PATIENCE);
            awaitCertificates(cluster, processes);
            double seconds = Duration.between(start, Instant.now()).toMillis() / 1000.0;
            tellJourneys(cluster);
            boolean well = tellCertificates(ca, cluster, seconds);
            if (keep) {
                stay(ca, cluster);
            }
            return well;
        } finally {
            deleteQuietly(folder);
            Runtime.getRuntime().removeShutdownHook(deletion);
        }
    }

    private void introduce(TestCa ca, LocalCluster cluster, PebbleBinaries pebble) {
        say("");
        say("CA      %s (%s)".formatted(ca.directory(), pebble.pebble()));
        for (int node = 0; node < nodes; node++) {
            say("server  %s at %s:%d"
                    .formatted(cluster.node(node), cluster.address(node).getHostAddress(), ca.httpPort()));
        }
        for (int site = 0; site < sites.size(); site++) {
            say("site    %s leads to %s".formatted(sites.get(site), cluster.node(site % nodes)));
        }
        say("");
        say("Each server now orders a certificate for each site, all at once:");
    }

    private void awaitCertificates(LocalCluster cluster, List<ChildProcess> processes)
            throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        int before = -1;
        while (before < nodes * sites.size() && Instant.now().isBefore(end)) {
            int now = 0;
            for (int node = 0; node < nodes; node++) {
                now += issued(cluster, node).size();
                if (!processes.get(node).isAlive()) {
                    throw new IOException(cluster.node(node) + " has ended:\n"
                            + processes.get(node).output());
                }
            }
            if (now != before) {
                say("  %d of %d certificates".formatted(now, nodes * sites.size()));
                before = now;
            }
            Thread.sleep(GLANCE_MILLIS);
        }
    }

    private Map<HostName, Version> issued(LocalCluster cluster, int node) throws IOException {
        Map<HostName, Version> issued = new HashMap<>();
        if (!Files.isDirectory(cluster.store(node).resolve("certs"))) {
            return issued;
        }
        try {
            Store store = Store.open(cluster.store(node), Clock.systemUTC());
            for (Site site : sites) {
                store.current(site.name())
                        .filter(version -> version.origin() instanceof Origin.Issued)
                        .ifPresent(version -> issued.put(version.site(), version));
            }
        } catch (StoreException e) {
            throw new IOException(e.getMessage(), e);
        }
        return issued;
    }

    private void tellJourneys(LocalCluster cluster) throws IOException {
        Map<HostName, String> logs = new LinkedHashMap<>();
        for (int node = 0; node < nodes; node++) {
            logs.put(cluster.node(node), Files.readString(cluster.log(node)));
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ORDERED BY", "FOR", "THE CA CAME TO", "AND"));
        for (Journeys.Journey journey : Journeys.of(logs)) {
            String what = journey.sentTo()
                    .map(holder -> "was sent to " + holder + ", which had the answer")
                    .orElse("found the answer there");
            rows.add(List.of(
                    journey.orderer().value(),
                    journey.name().value(),
                    journey.entry().map(HostName::value).orElse("nobody"),
                    journey.entry().isPresent() ? what + times(journey.requests()) : ""));
        }
        say("");
        say("What the CA saw when it validated:");
        say("");
        out.print(Columns.of(rows));
    }

    private static String times(int requests) {
        return requests > 1 ? " (" + requests + " requests)" : "";
    }

    private boolean tellCertificates(TestCa ca, LocalCluster cluster, double seconds) throws IOException {
        List<X509Certificate> roots = ca.roots();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("SITE", "SERVER", "ISSUER", "SERIAL", "DAYS LEFT", "VERIFIED"));
        int verified = 0;
        for (Site site : sites) {
            for (int node = 0; node < nodes; node++) {
                Optional<Version> version =
                        Optional.ofNullable(issued(cluster, node).get(site.name()));
                Optional<String> flaw =
                        version.isPresent() ? flaw(version.get(), roots) : Optional.of("no certificate");
                verified += flaw.isEmpty() ? 1 : 0;
                rows.add(List.of(
                        site.name().value(),
                        cluster.node(node).value(),
                        version.map(v -> v.leaf().getIssuerX500Principal().getName())
                                .orElse("-"),
                        version.map(v -> v.leaf().getSerialNumber().toString(16))
                                .orElse("-"),
                        version.map(v -> String.valueOf(Duration.between(Instant.now(), v.notAfter())
                                        .toDays()))
                                .orElse("-"),
                        flaw.orElse("yes")));
            }
        }
        say("");
        say("What each server has now, each with a key of its own, verified against the CA's root:");
        say("");
        out.print(Columns.of(rows));
        say("");
        say("%d of %d certificates verified, %.1f seconds after the servers were started."
                .formatted(verified, nodes * sites.size(), seconds));
        if (verified < nodes * sites.size()) {
            say("");
            say("The servers' last words:");
            for (int node = 0; node < nodes; node++) {
                say(Programs.end(Files.readString(cluster.log(node))));
            }
        }
        return verified == nodes * sites.size();
    }

    /** Why the chain is not good for its site, if it is not. */
    private static Optional<String> flaw(Version version, List<X509Certificate> roots) {
        try {
            PKIXParameters parameters = new PKIXParameters(
                    roots.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet()));
            parameters.setRevocationEnabled(false);
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(version.chain()), parameters);
            return version.names().equals(List.of(version.site()))
                    ? Optional.empty()
                    : Optional.of("it is for " + version.names());
        } catch (GeneralSecurityException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void stay(TestCa ca, LocalCluster cluster) throws IOException, InterruptedException {
        String first = cluster.address(0).getHostAddress() + ":" + ca.httpPort();
        Site site = sites.getLast();
        say("");
        say("All stays up until Ctrl-C. To try, from another terminal:");
        say("  curl -i -H 'Host: %s' http://%s/page            # sent to https".formatted(site, first));
        say("  curl -i http://%s/.well-known/acme-challenge/a-token-that-nobody-has   # 404".formatted(first));
        say("  T=$(ls %s | head -n 1); curl -i http://%s/.well-known/acme-challenge/$T   # the answer, while it is kept"
                .formatted(cluster.store(nodes - 1).resolve("challenges"), first));
        say("  openssl x509 -noout -text -in %s/certs/%s/cert.pem".formatted(cluster.store(0), site));
        say("  ringcert status --config %s --node %s --store %s"
                .formatted(cluster.configuration(), cluster.node(0), cluster.store(0)));
        say("The servers' logs: %s".formatted(String.join(" ", logs(cluster))));
        out.flush();
        Thread.currentThread().join();
    }

    private List<String> logs(LocalCluster cluster) {
        List<String> logs = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            logs.add(cluster.log(node).toString());
        }
        return Collections.unmodifiableList(logs);
    }

    private static void deleteQuietly(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            // a temporary folder that something still writes into; nothing depends on it
        }
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
