package org.ringcert.demo;

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
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.TextTable;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoreLayout;

/** A cluster on this machine that gets its certificates from a real CA, made for this and gone afterwards. */
public final class Demo {

    private static final List<String> LABELS = List.of("www", "shop", "blog");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long GLANCE_MILLIS = 50;

    /**
     * What is shown.
     *
     * @param down a node that is not there, by its number: sites that would lead to it lead to the next one
     * @param keep whether it stays up until this process is ended
     */
    public record Plan(int nodes, int sites, HandoffMode handoff, OptionalInt down, boolean keep) {}

    private final Plan plan;
    private final List<Site> sites;
    private final List<Integer> up;
    private final PrintWriter out;

    /** To be run once. */
    public Demo(Plan plan, PrintWriter out) {
        this.plan = plan;
        this.sites = IntStream.range(0, plan.sites())
                .mapToObj(i -> i < LABELS.size() ? LABELS.get(i) : "site" + i)
                .map(label -> new Site(List.of(new HostName(label + ".example.org"))))
                .toList();
        this.up = IntStream.range(0, plan.nodes())
                .filter(node -> plan.down().stream().noneMatch(down -> down == node))
                .boxed()
                .toList();
        this.out = out;
    }

    /**
     * Runs it. Blocks until it is over.
     *
     * @return whether every node that is up has a certificate for every site that verifies to the CA's root
     * @throws IOException if it cannot be run; the message says why and what to do
     */
    public boolean run() throws IOException, InterruptedException {
        say("%d servers that share nothing, %d sites that each lead to one of them, a real ACME CA."
                .formatted(plan.nodes(), sites.size()));
        PebbleBinaries pebble = PebbleBinaries.find(this::say);
        List<InetAddress> addresses = LocalCluster.loopback(plan.nodes());
        Path folder = Files.createTempDirectory("ringcert-demo-");
        Thread deletion = new Thread(() -> deleteQuietly(folder));
        Runtime.getRuntime().addShutdownHook(deletion);
        try (TestCa ca = TestCa.start(pebble, PebbleOptions.on(addresses));
                LocalCluster cluster =
                        new LocalCluster(ca, folder, addresses, sites, plan.handoff(), NodeProcess.installedFlags())) {
            introduce(ca, cluster, pebble);
            Instant start = Instant.now();
            List<ChildProcess> processes = new ArrayList<>();
            for (int node : up) {
                processes.add(cluster.run(node));
            }
            awaitCertificates(cluster, processes);
            double seconds = Duration.between(start, Instant.now()).toMillis() / 1000.0;
            tellJourneys(cluster);
            boolean well = tellCertificates(ca, cluster, seconds);
            if (plan.keep()) {
                stay(ca, cluster);
            }
            return well;
        } finally {
            deleteQuietly(folder);
            Runtime.getRuntime().removeShutdownHook(deletion);
        }
    }

    private int wanted() {
        return up.size() * sites.size();
    }

    private void introduce(TestCa ca, LocalCluster cluster, PebbleBinaries pebble) throws IOException {
        say("");
        say("CA      %s (%s)".formatted(ca.directory(), pebble.pebble()));
        for (int node = 0; node < plan.nodes(); node++) {
            String state = up.contains(node) ? "" : ", down";
            say("server  %s at %s:%d%s"
                    .formatted(cluster.node(node), cluster.address(node).getHostAddress(), ca.httpPort(), state));
        }
        for (int site = 0; site < sites.size(); site++) {
            int node = site % plan.nodes();
            if (!up.contains(node)) {
                node = (node + 1) % plan.nodes();
                cluster.move(site, node);
            }
            say("site    %s leads to %s".formatted(sites.get(site), cluster.node(node)));
        }
        say("");
        say("A server that is asked for a challenge which it does not hold "
                + switch (plan.handoff()) {
                    case REDIRECT -> "asks its peers, and sends the CA to the one that does.";
                    case RELAY -> "asks its peers, and gives the CA the answer itself.";
                    case RING -> "sends the CA on to the next server that is up, without asking anybody.";
                });
        if (plan.handoff() == HandoffMode.RING) {
            say("For that each looks every 5 seconds who is up; so the orders wait until all have looked.");
        }
        say("");
        say("Each server now orders a certificate for each site, all at once:");
    }

    private void awaitCertificates(LocalCluster cluster, List<ChildProcess> processes)
            throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        int before = -1;
        while (before < wanted() && Instant.now().isBefore(end)) {
            int now = 0;
            for (int node : up) {
                now += issued(cluster, node).size();
            }
            for (ChildProcess process : processes) {
                if (!process.isAlive()) {
                    throw new IOException("a server has ended:\n" + process.output());
                }
            }
            if (now != before) {
                say("  %d of %d certificates".formatted(now, wanted()));
                before = now;
            }
            // what the servers write to their disks tells nobody
            Thread.sleep(GLANCE_MILLIS);
        }
    }

    private Map<HostName, CertificateVersion> issued(LocalCluster cluster, int node) throws IOException {
        Map<HostName, CertificateVersion> issued = new HashMap<>();
        if (!Files.isDirectory(new StoreLayout(cluster.store(node)).certificates())) {
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
        for (int node : up) {
            logs.put(cluster.node(node), Files.readString(cluster.log(node)));
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ORDERED BY", "FOR", "THE CA CAME TO", "AND"));
        for (Journeys.Journey journey : Journeys.of(logs)) {
            rows.add(List.of(
                    journey.orderer().value(),
                    journey.name().value(),
                    journey.entry().map(HostName::value).orElse("nobody"),
                    journey.course()));
        }
        say("");
        say("What the CA saw when it validated:");
        say("");
        out.print(TextTable.of(rows));
    }

    private boolean tellCertificates(TestCa ca, LocalCluster cluster, double seconds) throws IOException {
        List<X509Certificate> roots = ca.roots();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("SITE", "SERVER", "ISSUER", "SERIAL", "DAYS LEFT", "VERIFIED"));
        int verified = 0;
        for (Site site : sites) {
            for (int node : up) {
                Optional<CertificateVersion> version =
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
        out.print(TextTable.of(rows));
        say("");
        say("%d of %d certificates verified, %.1f seconds after the servers were started."
                .formatted(verified, wanted(), seconds));
        if (verified < wanted()) {
            say("");
            say("The servers' last words:");
            for (int node : up) {
                say(Programs.end(Files.readString(cluster.log(node))));
            }
        }
        return verified == wanted();
    }

    /** Why the chain is not good for its site, if it is not. */
    private static Optional<String> flaw(CertificateVersion version, List<X509Certificate> roots) {
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
        String first = cluster.address(up.getFirst()).getHostAddress() + ":" + ca.httpPort();
        Site site = sites.getLast();
        say("");
        say("All stays up until Ctrl-C. To try, from another terminal:");
        say("  curl -i -H 'Host: %s' http://%s/page            # sent to https".formatted(site, first));
        say("  curl -i http://%s/.well-known/acme-challenge/a-token-that-nobody-has   # 404".formatted(first));
        say("  T=$(ls %s | head -n 1); curl -i http://%s/.well-known/acme-challenge/$T   # the answer, while it is kept"
                .formatted(new StoreLayout(cluster.store(up.getLast())).challenges(), first));
        say("  openssl x509 -noout -text -in %s/%s/cert.pem"
                .formatted(new StoreLayout(cluster.store(up.getFirst())).certificates(), site));
        say("  ringcert status --config %s --node %s --store %s"
                .formatted(cluster.configuration(), cluster.node(up.getFirst()), cluster.store(up.getFirst())));
        say("The servers' logs: %s".formatted(String.join(" ", logs(cluster))));
        out.flush();
        Thread.currentThread().join();
    }

    private List<String> logs(LocalCluster cluster) {
        List<String> logs = new ArrayList<>();
        for (int node : up) {
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
