package org.ringcert.it.visitors;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.FreePorts;
import org.ringcert.demo.LocalCluster;
import org.ringcert.demo.ReservedPort;
import org.ringcert.it.Testbed;
import org.ringcert.it.visitors.NginxFiles.VirtualHost;
import org.ringcert.it.web.WebResponse;

/**
 * A {@link Testbed} with an nginx for https beside each daemon. The nginx serves the certificates of the node's store,
 * and reloads when the daemon deploys a new one. Closing it ends all processes but deletes no file.
 */
final class VisitedCluster implements AutoCloseable {

    static final String TURN = "www.example.org: its turn is at ";

    private final Path folder;
    private final Testbed testbed;
    private final ReservedPort httpsPort;
    private final Map<Integer, ChildProcess> webServers = new HashMap<>();
    private final Map<Integer, ChildProcess> daemons = new HashMap<>();

    private VisitedCluster(Path folder, Testbed testbed, ReservedPort httpsPort) {
        this.folder = folder;
        this.testbed = testbed;
        this.httpsPort = httpsPort;
    }

    /**
     * Starts the CA and writes the configuration. No server runs yet. Skips the test if nginx is not installed.
     *
     * @param folder an empty directory for all files
     * @param sites the names of each site, separated by spaces
     */
    static VisitedCluster create(Path folder, int nodes, String... sites) throws IOException {
        NginxFiles.assumeInstalled();
        Testbed testbed = Testbed.start(folder, nodes, sites);
        try {
            VisitedCluster cluster =
                    new VisitedCluster(folder, testbed, FreePorts.reserve(LocalCluster.loopback(nodes)));
            cluster.configure();
            return cluster;
        } catch (IOException | RuntimeException e) {
            testbed.close();
            throw e;
        }
    }

    /** Does the same, starts all servers, and waits until each of them serves a certificate of the CA for each site. */
    static VisitedCluster start(Path folder, int nodes, String... sites) throws Exception {
        VisitedCluster cluster = create(folder, nodes, sites);
        try {
            cluster.startServers();
            cluster.awaitServed();
            return cluster;
        } catch (Exception | AssertionError e) {
            cluster.close();
            throw e;
        }
    }

    /**
     * Writes the limit of a CA into the configuration.
     *
     * @param atOnce how many certificates a first rollout gets at once for the same names
     * @param interval the time until there is another
     */
    void limitSets(URI directory, int atOnce, Duration interval) throws IOException {
        // Without renewal information, one certificate is kept in reserve.
        int capacity = testbed.ca().offersRenewalInformation() ? atOnce : atOnce + 1;
        Path limits = folder.resolve("limits.toml");
        Files.writeString(limits, """
                [[ca]]
                directory = "%s"

                [[ca.limit]]
                kind = "certificates-per-name-set"
                capacity = %d
                period = "%ds"
                source = "this test"
                date = 2026-01-01
                """.formatted(
                        directory, capacity, interval.multipliedBy(capacity).toSeconds()));
        testbed.editConfiguration(text -> text.replace("[acme]\n", "[acme]\nlimits = \"" + limits + "\"\n"));
    }

    /** Waits until a daemon logs when its turn is, and returns that time. */
    Instant awaitTurn(int node) throws IOException {
        String line = daemon(node).awaitLine(text -> text.contains(TURN), Testbed.TIMEOUT);
        String time = line.substring(line.indexOf(TURN) + TURN.length());
        return Instant.parse(time.substring(0, time.indexOf(',')));
    }

    private static InetSocketAddress adminAddress(Testbed testbed, int node) {
        String[] parts = testbed.cluster().adminAddress(node).split(":", 2);
        return new InetSocketAddress(InetAddress.ofLiteral(parts[0]), Integer.parseInt(parts[1]));
    }

    private void configure() throws IOException {
        testbed.editConfiguration(text ->
                text.replaceAll("(?m)^(listen = \\[\"(.*):[0-9]+\"])$", "$1\nhttps = \"$2:" + httpsPort.number() + "\"")
                        + """
                [deploy]
                run = ["sh", "%s"]
                """.formatted(folder.resolve("deploy.sh")));
        Files.writeString(
                folder.resolve("deploy.sh"),
                "exec sh \"%s/deploy-$(basename \"$(dirname \"$RINGCERT_CERTS\")\").sh\"\n".formatted(folder));
        for (int node = 0; node < testbed.cluster().nodes(); node++) {
            Files.createDirectories(nginx(node).folder());
            configureWebServer(node);
            deployByReload(node);
        }
    }

    /** Makes a node deploy new certificates by a reload of its web server, as it does at first. */
    void deployByReload(int node) throws IOException {
        deployBy(node, nginx(node).reloadCommand());
    }

    /** Makes a node deploy new certificates by this shell command. */
    void deployBy(int node, String command) throws IOException {
        Files.writeString(
                folder.resolve("deploy-" + testbed.cluster().store(node).getFileName() + ".sh"), command + "\n");
    }

    /** Makes the node's web server serve the certificates of the node's store from its next reload on. */
    void configureWebServer(int node) throws IOException {
        List<VirtualHost> hosts = new ArrayList<>();
        for (Site site : testbed.cluster().sites()) {
            hosts.add(new VirtualHost(site.names(), installed(node, site.name())));
        }
        configureWebServer(node, hosts);
    }

    /** Makes the node's web server serve these from its next reload on. */
    void configureWebServer(int node, List<VirtualHost> hosts) throws IOException {
        nginx(node)
                .configure(
                        testbed.cluster().address(node).getHostAddress() + ":" + httpsPort.number(),
                        serverName(node),
                        hosts);
    }

    /** Returns what pages of the node's web server contain, and what the balancer calls it. */
    static String serverName(int node) {
        return "web" + node;
    }

    /** Returns the directory with the installed certificate of a node. */
    Path installed(int node, HostName site) {
        return testbed.cluster().store(node).resolve("certs").resolve(site.value());
    }

    private NginxFiles nginx(int node) {
        return new NginxFiles(folder.resolve("nginx-" + serverName(node)));
    }

    /** Starts all daemons and web servers. The CA is paused until all of them answer. */
    void startServers() throws IOException {
        startServers(IntStream.range(0, testbed.cluster().nodes()).boxed().toList());
    }

    /** Starts the daemon and the web server of one node. */
    void startServer(int node) throws IOException {
        startServers(List.of(node));
    }

    private void startServers(List<Integer> nodes) throws IOException {
        testbed.ca().pause();
        try {
            for (int node : nodes) {
                daemons.put(node, testbed.cluster().run(node));
            }
            for (int node : nodes) {
                daemon(node).awaitLine(line -> line.contains(" answers on "), Testbed.TIMEOUT);
                for (Site site : testbed.cluster().sites()) {
                    Path key = installed(node, site.name()).resolve("privkey.pem");
                    await("a first certificate").atMost(Testbed.TIMEOUT).until(() -> Files.exists(key));
                }
                startWebServer(node);
            }
        } finally {
            testbed.ca().resume();
        }
    }

    /** Starts the node's daemon again, and waits until it answers on the port for challenges. */
    void restartDaemon(int node) throws IOException {
        daemon(node).terminate();
        daemon(node).awaitExit(Testbed.TIMEOUT);
        daemons.put(node, testbed.startDaemon(node));
    }

    ChildProcess daemon(int node) {
        ChildProcess daemon = daemons.get(node);
        if (daemon == null) {
            throw new IllegalStateException("no daemon was started on node " + node);
        }
        return daemon;
    }

    /** Starts the node's web server and waits until it listens. */
    void startWebServer(int node) throws IOException {
        NginxFiles files = nginx(node);
        ChildProcess process =
                ChildProcess.start("nginx of " + serverName(node), files.command(), Map.of(), files.log());
        webServers.put(node, process);
        await("nginx of " + serverName(node)).atMost(Testbed.TIMEOUT).until(() -> {
            if (!process.isAlive()) {
                throw new IOException("nginx exited during its start: " + process.output());
            }
            // Written after the certificates have been read and before it takes signals.
            return Files.exists(files.pidFile()) && Files.size(files.pidFile()) > 0;
        });
    }

    /** Stops the node's web server and waits until nothing listens there. */
    void stopWebServer(int node) throws IOException {
        ChildProcess process = webServers.remove(node);
        if (process != null) {
            process.terminate();
            process.awaitExit(Testbed.TIMEOUT);
        }
    }

    /** Makes the node's web server read its configuration and certificates again. Does not wait. */
    void reloadWebServer(int node) throws IOException {
        Objects.requireNonNull(webServers.get(node), "the web server").signal("HUP");
    }

    /** Waits until each web server serves a certificate of the CA for each site. */
    void awaitServed() throws Exception {
        for (int node = 0; node < testbed.cluster().nodes(); node++) {
            awaitServed(node);
        }
    }

    /** Waits until the node's web server serves a certificate of the CA for each site. */
    void awaitServed(int node) throws Exception {
        Visitor visitor = visitor();
        for (Site site : testbed.cluster().sites()) {
            await(serverName(node) + " serves a certificate of the CA for " + site)
                    .atMost(Testbed.TIMEOUT)
                    .until(() -> visitor.isServed(https(node), site.name()));
        }
    }

    Testbed testbed() {
        return testbed;
    }

    /** Returns a visitor who trusts the CA. */
    Visitor visitor() throws Exception {
        return Visitor.trusting(testbed.ca().roots());
    }

    /** Returns where the node's web server serves visitors. */
    InetSocketAddress https(int node) {
        return new InetSocketAddress(testbed.cluster().address(node), httpsPort.number());
    }

    /** Returns where the node's daemon serves its page. */
    InetSocketAddress admin(int node) {
        return adminAddress(testbed, node);
    }

    /** Requests a path from the node's daemon, by address. */
    WebResponse get(int node, String target) throws IOException {
        InetSocketAddress address = admin(node);
        return WebResponse.get(
                address.getAddress(), address.getPort(), testbed.cluster().adminAddress(node), target);
    }

    /** Asks the node's daemon whether a balancer may send it visitors of the site. */
    WebResponse livez(int node, String site) throws IOException {
        return get(node, "/livez?site=" + site);
    }

    /** Waits until the node's daemon answers {@code /livez} with this status. */
    void awaitLivez(int node, String site, int status) {
        await("/livez of " + serverName(node) + " for " + site)
                .atMost(Testbed.TIMEOUT)
                .until(() -> livez(node, site).status() == status);
    }

    /** Returns the node as a balancer knows it. */
    Balancer.Server balanced(int node) {
        return new Balancer.Server(serverName(node), https(node), admin(node));
    }

    @Override
    public void close() throws IOException {
        try (httpsPort;
                testbed) {
            for (int node : List.copyOf(webServers.keySet())) {
                stopWebServer(node);
            }
        }
    }
}
