package org.ringcert.it.cas;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.front.Front;
import org.ringcert.daemon.front.FrontListener;
import org.ringcert.demo.ChildProcess;
import org.ringcert.handoff.HandoffListener;
import org.ringcert.it.CommandResult;
import org.ringcert.it.CrashingRenewal;

/**
 * The scenarios, each with new stores. A method returns if the CA passes, and throws an exception that says what went
 * wrong if not. Used for one scenario.
 *
 * @param folder an empty folder
 * @param handoff the mode that the CA is known to work with
 */
record CaScenarios(Path folder, RunningCa ca, NameServer dns, String handoff) {

    private static final HostName SITE_OF_NODE_0 = new HostName("a.example.net");
    private static final HostName SITE_OF_NODE_1 = new HostName("b.example.net");
    private static final List<HostName> TWO_SITES = List.of(SITE_OF_NODE_0, SITE_OF_NODE_1);

    /** Where an order is killed, each time for another site. */
    private static final List<String> CRASH_POINTS = List.of(
            "after order 1",
            "in Ordered 1",
            "after respond 1",
            "before finalize 1",
            "after finalize 1",
            "before certificate 1",
            "after awaitValidation 1",
            "after await 1");

    /** Points that an order does not reach if the CA validates or issues before it replies. */
    private static final List<String> OPTIONAL_POINTS = List.of("after awaitValidation 1", "after await 1");

    private static final int KILLED = 137;

    /** A user who has mended the DNS should not have waited longer for the CA's verdict. */
    private static final Duration VERDICT_TIMEOUT = Duration.ofSeconds(60);

    private static final Pattern ORDER_URL = Pattern.compile("(\"order\"\\s*:\\s*\"[^\"]*/)([^/\"]+)(/?\")");

    void run(Scenario scenario) throws Exception {
        dns.set(SITE_OF_NODE_0, CaNetwork.NODES.getFirst());
        dns.set(SITE_OF_NODE_1, CaNetwork.NODES.getLast());
        switch (scenario) {
            case REDIRECT -> fourCertificates("redirect");
            case RELAY -> fourCertificates("relay");
            case FORCED_RENEWAL -> forcedRenewal();
            case KILLED -> killed();
            case WRONG_PAGE -> failsAndIsMended(CaNetwork.WELCOME);
            case REFUSED_CONNECTION -> failsAndIsMended(CaNetwork.NOBODY);
            case ORDER_FORGOTTEN -> orderForgotten();
            case ACCOUNT_FORGOTTEN -> accountForgotten();
        }
    }

    private void fourCertificates(String mode) throws Exception {
        try (CaCluster cluster = new CaCluster(folder, ca, mode, TWO_SITES)) {
            List<ChildProcess> daemons = cluster.startDaemons();
            await().atMost(CaCluster.TIMEOUT)
                    .pollInterval(50, TimeUnit.MILLISECONDS)
                    .until(() -> haveFailed(daemons) || haveAllCertificates(cluster));
            if (haveFailed(daemons)) {
                throw new IOException("an order has failed: " + failures(daemons));
            }
            for (int node = 0; node < CaNetwork.NODES.size(); node++) {
                for (HostName site : TWO_SITES) {
                    cluster.certificate(node, site);
                }
            }
        }
    }

    private static boolean haveAllCertificates(CaCluster cluster) throws Exception {
        for (int node = 0; node < CaNetwork.NODES.size(); node++) {
            for (HostName site : TWO_SITES) {
                if (!cluster.isIssued(node, site)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean haveFailed(List<ChildProcess> daemons) throws IOException {
        return !failures(daemons).isEmpty();
    }

    /** Returns the lines about failed orders. What failed at the CA that does not exist is left out. */
    private List<String> failures(List<ChildProcess> daemons) throws IOException {
        List<String> failures = new ArrayList<>();
        for (ChildProcess daemon : daemons) {
            daemon.output()
                    .lines()
                    .filter(line -> line.contains("failed, next try"))
                    .filter(line -> !line.contains(CaCluster.NO_CA.getHost()))
                    .forEach(failures::add);
        }
        return failures;
    }

    /** Renews the site of the other node, which has to hand over. */
    private void forcedRenewal() throws Exception {
        try (CaCluster cluster = new CaCluster(folder, ca, handoff, TWO_SITES)) {
            ChildProcess daemon = cluster.startDaemons().getFirst();
            X509Certificate first = cluster.awaitCertificate(0, SITE_OF_NODE_1);
            // Until it logs this, the daemon works on the site, and the command would find it busy.
            daemon.awaitLine(
                    line -> line.contains(SITE_OF_NODE_1 + ": ") && line.contains("next renewal"), CaCluster.TIMEOUT);
            cluster.renew(0, "--force", SITE_OF_NODE_1.value());
            if (cluster.certificate(0, SITE_OF_NODE_1).equals(first)) {
                throw new IOException("the certificate is still the first one");
            }
        }
    }

    private void killed() throws Exception {
        List<HostName> sites = IntStream.range(0, CRASH_POINTS.size())
                .mapToObj(i -> new HostName("k" + i + ".example.net"))
                .toList();
        sites.forEach(site -> dns.set(site, CaNetwork.NODES.getFirst()));
        try (CaCluster cluster = new CaCluster(folder, ca, handoff, sites)) {
            try (Front _ = frontOf(cluster)) {
                for (int i = 0; i < sites.size(); i++) {
                    crash(cluster, sites.get(i), CRASH_POINTS.get(i));
                }
                cluster.renew(0);
            }
            for (HostName site : sites) {
                cluster.certificate(0, site);
            }
        }
    }

    private static Front frontOf(CaCluster cluster) throws Exception {
        return new LocalNode(
                        ConfigurationLoader.load(cluster.configuration()).withStore(cluster.store(0)),
                        CaCluster.node(0))
                .startFront(HandoffListener.NONE, FrontListener.NONE);
    }

    private void crash(CaCluster cluster, HostName site, String point) throws IOException {
        try (ChildProcess process = CrashingRenewal.start(
                CaCluster.jvmFlags(),
                List.of(
                        cluster.configuration().toString(),
                        CaCluster.node(0).value(),
                        cluster.store(0).toString(),
                        site.value(),
                        point,
                        ca.directory().toString()),
                folder.resolve("crash-" + site + ".log"))) {
            int status = process.awaitExit(CaCluster.TIMEOUT);
            if (status != KILLED && !(status == 0 && OPTIONAL_POINTS.contains(point))) {
                throw new IOException("an order that should have been killed %s ended with %d: %s"
                        .formatted(point, status, process.output()));
            }
        }
    }

    /**
     * Orders while the site's name leads to a wrong place. The order must fail soon, not when the client gives up; once
     * the name is right, the next one must succeed.
     */
    private void failsAndIsMended(InetAddress wrong) throws Exception {
        dns.set(SITE_OF_NODE_0, wrong);
        try (CaCluster cluster = new CaCluster(folder, ca, handoff, List.of(SITE_OF_NODE_0))) {
            long start = System.nanoTime();
            CommandResult first = cluster.run(0, "renew");
            Duration taken = Duration.ofNanos(System.nanoTime() - start);
            if (first.status() == 0) {
                throw new IOException("it issued a certificate for a name that leads elsewhere: " + first.output());
            }
            dns.set(SITE_OF_NODE_0, CaNetwork.NODES.getFirst());
            cluster.renew(0, "--force");
            cluster.certificate(0, SITE_OF_NODE_0);
            if (taken.compareTo(VERDICT_TIMEOUT) > 0) {
                throw new IOException("the failure took %d s to show, though the next order succeeded: %s"
                        .formatted(taken.toSeconds(), first.output().strip()));
            }
        }
    }

    /**
     * The node's file names an order that the CA does not have, as when the CA was restored from a backup. If the CA
     * cannot forget one order without forgetting the account, the file names an order that never existed.
     */
    private void orderForgotten() throws Exception {
        try (CaCluster cluster = new CaCluster(folder, ca, handoff, List.of(SITE_OF_NODE_0))) {
            crash(cluster, SITE_OF_NODE_0, "in Ordered 1");
            if (!ca.forgetOrders()) {
                Path progress = cluster.store(0).resolve("orders").resolve(SITE_OF_NODE_0 + ".json");
                Files.writeString(progress, withUnknownOrder(Files.readString(progress)));
            }
            cluster.renew(0);
            cluster.certificate(0, SITE_OF_NODE_0);
        }
    }

    /** Replaces the last segment of the order's URL by another of the same form. */
    private static String withUnknownOrder(String progress) throws IOException {
        Matcher matcher = ORDER_URL.matcher(progress);
        if (!matcher.find()) {
            throw new IOException("no order in " + progress);
        }
        String other = matcher.group(2)
                .chars()
                .map(c -> Character.isDigit(c) ? '9' - (c - '0') : c == 'a' ? 'b' : c == 'b' ? 'a' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        if (other.equals(matcher.group(2))) {
            throw new IOException("no other order could be made of " + matcher.group());
        }
        return progress.substring(0, matcher.start(2)) + other + progress.substring(matcher.end(2));
    }

    /** One site has a certificate, and an order for another site is in progress. */
    private void accountForgotten() throws Exception {
        HostName ordered = new HostName("c.example.net");
        dns.set(ordered, CaNetwork.NODES.getFirst());
        try (CaCluster cluster = new CaCluster(
                folder, ca, handoff, Stream.of(SITE_OF_NODE_0, ordered).toList())) {
            cluster.renew(0, SITE_OF_NODE_0.value());
            crash(cluster, ordered, "in Ordered 1");
            ca.restartWithoutMemory();
            List<String> problems = new ArrayList<>();
            for (List<String> arguments :
                    List.of(List.of("--force", SITE_OF_NODE_0.value()), List.of(ordered.value()))) {
                try {
                    cluster.renew(0, arguments.toArray(String[]::new));
                } catch (IOException e) {
                    problems.add(String.valueOf(e.getMessage()));
                }
            }
            if (!problems.isEmpty()) {
                throw new IOException(String.join("; ", problems));
            }
            cluster.certificate(0, SITE_OF_NODE_0);
            cluster.certificate(0, ordered);
        }
    }
}
