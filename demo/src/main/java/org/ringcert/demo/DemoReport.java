package org.ringcert.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.TextTable;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.pki.SerialNumber;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.StoreLayout;

/** What the demo prints. */
final class DemoReport {

    private final PrintWriter out;
    private final List<Integer> running;

    /** @param running the indexes of the nodes that run */
    DemoReport(PrintWriter out, List<Integer> running) {
        this.out = out;
        this.running = running;
    }

    void printLine(String line) {
        out.println(line);
        out.flush();
    }

    /** Prints who takes part, and how the servers hand over challenges. */
    void printIntroduction(TestCa ca, PebbleBinaries pebble, LocalCluster cluster, HandoffMode handoff) {
        printLine("");
        printLine("CA      %s (%s)".formatted(ca.directory(), pebble.pebble()));
        for (int node = 0; node < cluster.nodes(); node++) {
            String state = running.contains(node) ? "" : ", down";
            printLine("server  %s at %s:%d, page http://%s/%s"
                    .formatted(
                            cluster.node(node),
                            cluster.address(node).getHostAddress(),
                            ca.httpPort(),
                            cluster.adminAddress(node),
                            state));
        }
        for (int site = 0; site < cluster.sites().size(); site++) {
            printLine(
                    "site    %s leads to %s".formatted(cluster.sites().get(site), cluster.node(cluster.nodeOf(site))));
        }
        printLine("");
        printLine("When a server is asked for a challenge that it does not have, it "
                + switch (handoff) {
                    case REDIRECT -> "asks its peers and redirects the CA to the one that has it.";
                    case RELAY -> "asks its peers and passes their answer on to the CA.";
                    case RING -> "redirects the CA to the next server that is up. It asks nobody.";
                });
        if (handoff == HandoffMode.RING) {
            printLine(
                    "To know who is up, each server checks its peers every 5 seconds. Orders wait for the first check.");
        }
        printLine("");
        printLine("Each server now orders a certificate for each site, all at the same time:");
    }

    /** Prints the CA's route for each validation, according to the servers' logs. */
    void printValidationRoutes(LocalCluster cluster) throws IOException {
        Map<HostName, String> logs = new LinkedHashMap<>();
        for (int node : running) {
            logs.put(cluster.node(node), Files.readString(cluster.log(node)));
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ORDERED BY", "FOR", "THE CA CAME TO", "AND"));
        for (ValidationRoutes.ValidationRoute route : ValidationRoutes.of(logs)) {
            rows.add(List.of(
                    route.orderedBy().value(),
                    route.site().value(),
                    route.entry().map(HostName::value).orElse("nobody"),
                    route.outcome()));
        }
        printLine("");
        printLine("How the CA found the answer to each challenge:");
        printLine("");
        out.print(TextTable.of(rows));
    }

    /**
     * Prints each running server's certificate for each site. If one is missing or does not verify, the ends of the
     * servers' logs follow.
     *
     * @param issued for each running node, its certificates by the site's name
     * @return true if all are there and verify
     */
    boolean printCertificates(
            LocalCluster cluster,
            Map<Integer, Map<HostName, CertificateVersion>> issued,
            List<X509Certificate> roots,
            Duration elapsed)
            throws IOException {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("SITE", "SERVER", "ISSUER", "SERIAL", "DAYS LEFT", "VERIFIED"));
        int verified = 0;
        for (Site site : cluster.sites()) {
            for (int node : running) {
                Optional<CertificateVersion> version =
                        Optional.ofNullable(issued.getOrDefault(node, Map.of()).get(site.name()));
                Optional<String> problem =
                        version.isPresent() ? problemOf(version.get(), roots) : Optional.of("no certificate");
                verified += problem.isEmpty() ? 1 : 0;
                rows.add(row(site.name(), cluster.node(node), version, problem));
            }
        }
        int expected = running.size() * cluster.sites().size();
        printLine("");
        printLine("The certificates of each server, each with a key of its own, verified against the CA's root:");
        printLine("");
        out.print(TextTable.of(rows));
        printLine("");
        printLine("%d of %d certificates verified, %.1f seconds after the servers were started."
                .formatted(verified, expected, elapsed.toMillis() / 1000.0));
        if (verified < expected) {
            printEndsOfLogs(cluster);
        }
        return verified == expected;
    }

    private static List<String> row(
            HostName site, HostName node, Optional<CertificateVersion> version, Optional<String> problem) {
        return List.of(
                site.value(),
                node.value(),
                version.map(v -> v.leaf().getIssuerX500Principal().getName()).orElse("-"),
                version.map(v -> SerialNumber.of(v.leaf())).orElse("-"),
                version.map(v -> String.valueOf(
                                Duration.between(Instant.now(), v.notAfter()).toDays()))
                        .orElse("-"),
                problem.orElse("yes"));
    }

    /** Returns why the chain is not valid for its site; empty if it is valid. */
    private static Optional<String> problemOf(CertificateVersion version, List<X509Certificate> roots) {
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

    private void printEndsOfLogs(LocalCluster cluster) throws IOException {
        printLine("");
        printLine("The last lines of each server's log:");
        for (int node : running) {
            printLine(Programs.lastLines(Files.readString(cluster.log(node))));
        }
    }

    /** Prints commands to try while the cluster keeps running. */
    void printThingsToTry(TestCa ca, LocalCluster cluster) {
        int first = running.getFirst();
        int last = running.getLast();
        String server = cluster.address(first).getHostAddress() + ":" + ca.httpPort();
        Site site = cluster.sites().getLast();
        printLine("");
        printLine("The cluster runs until you press Ctrl-C. Try this from another terminal:");
        printLine("  http://%s/   # in a browser: what visitors get from each server"
                .formatted(cluster.adminAddress(first)));
        printLine("  curl -i -H 'Host: %s' http://%s/page            # redirected to https".formatted(site, server));
        printLine("  curl -i http://%s%sa-token-that-nobody-has   # 404".formatted(server, Token.PATH_PREFIX));
        printLine("  T=$(ls %s | head -n 1); curl -i http://%s%s$T   # the answer, while it is kept"
                .formatted(new StoreLayout(cluster.store(last)).challenges(), server, Token.PATH_PREFIX));
        printLine("  openssl x509 -noout -text -in %s/%s/cert.pem"
                .formatted(new StoreLayout(cluster.store(first)).certificates(), site));
        for (String command : List.of("status --all", "ready " + site, "check", "trace " + site)) {
            printLine("  ./ringcert %s --config %s --node %s --store %s"
                    .formatted(command, cluster.configuration(), cluster.node(first), cluster.store(first)));
        }
        printLine("Logs: "
                + running.stream().map(node -> cluster.log(node).toString()).collect(Collectors.joining(" ")));
    }
}
