package org.ringcert.it.visitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.ChildProcess;
import org.ringcert.it.CommandResult;
import org.ringcert.it.view.NetworkCa;
import org.ringcert.it.view.NetworkCluster;
import org.ringcert.it.view.TestNetwork;
import org.ringcert.it.visitors.NginxFiles.VirtualHost;

/**
 * Two servers with a virtual address, to which the name of the only site leads. Both run keepalived, a daemon and an
 * nginx on port 443. The first has the address unless its daemon says that visitors should not come there. Visitors
 * arrive at the address all the time, from elsewhere on the network. Closing it ends all processes but deletes no file.
 */
final class KeepalivedCluster implements Closeable {

    static final HostName SITE = new HostName("www.example.org");
    static final List<String> HOSTS = List.of("web0", "web1");

    private static final String VIRTUAL_ADDRESS = "192.0.1.100";
    private static final String ADMIN = "http://127.0.0.1:9402";

    private final Path folder;
    private final TestNetwork network;
    private final Deque<Closeable> resources = new ArrayDeque<>();
    private final Map<String, ChildProcess> webServers = new HashMap<>();
    private final NetworkCluster cluster;
    private final NetworkCa ca;
    private @Nullable ChildProcess visitors;

    private KeepalivedCluster(Path folder, TestNetwork network) throws IOException {
        this.folder = folder;
        this.network = network;
        resources.push(network);
        this.ca = NetworkCa.start(network, Files.createDirectory(folder.resolve("ca")));
        this.cluster =
                new NetworkCluster(network, Files.createDirectory(folder.resolve("cluster")), HOSTS, SITE.value());
        cluster.setCa(ca.configuration(), "before-order = \"off\"\n");
        cluster.addTables("""
                [deploy]
                run = ["sh", "%s"]
                """.formatted(folder.resolve("deploy.sh")));
        Files.writeString(
                folder.resolve("deploy.sh"),
                "exec sh \"%s/deploy-$(basename \"$(dirname \"$RINGCERT_CERTS\")\").sh\"\n".formatted(folder));
    }

    /**
     * Starts all, and waits until visitors see the page of the first server and the second has a certificate of the CA.
     * Skips the test, with the reason, if this machine does not allow it.
     *
     * @param folder an empty directory for all files
     */
    static KeepalivedCluster start(Path folder) throws Exception {
        Keepalived.assumeInstalled();
        NginxFiles.assumeInstalled();
        TestNetwork network = TestNetwork.start(folder, "web0:ipv4", "web1:ipv4");
        KeepalivedCluster cluster;
        try {
            cluster = new KeepalivedCluster(folder, network);
        } catch (IOException | RuntimeException e) {
            network.close();
            throw e;
        }
        try {
            cluster.startAll();
            return cluster;
        } catch (Exception | AssertionError e) {
            cluster.close();
            throw e;
        }
    }

    private void startAll() throws Exception {
        network.dns().setAddresses(SITE.value(), VIRTUAL_ADDRESS);
        startKeepalived();
        for (String host : HOSTS) {
            Files.createDirectory(nginx(host).folder());
            // The first certificate may arrive before nginx runs.
            Files.writeString(
                    folder.resolve("deploy-" + cluster.store(host).getFileName() + ".sh"),
                    "test ! -s %s || %s\n"
                            .formatted(nginx(host).pidFile(), nginx(host).reloadCommand()));
        }
        cluster.startDaemons(HOSTS.toArray(String[]::new));
        for (String host : HOSTS) {
            await("a first certificate")
                    .atMost(TestNetwork.TIMEOUT)
                    .until(() -> Files.exists(installed(host).resolve("privkey.pem")));
            serveInstalledCertificate(host);
            startWebServer(host);
            reloadWebServer(host);
        }
        for (String host : HOSTS) {
            awaitLivez(host, 200);
        }
        startVisitors();
        awaitPageOf("web0");
    }

    private void startKeepalived() throws IOException {
        Path files = Files.createDirectory(folder.resolve("keepalived"));
        String livez = ADMIN + "/livez?site=" + SITE;
        Keepalived first = Keepalived.start(network, files, "web0", List.of("web1"), VIRTUAL_ADDRESS, 120, livez);
        resources.push(first);
        first.awaitMaster();
        resources.push(Keepalived.start(network, files, "web1", List.of("web0"), VIRTUAL_ADDRESS, 100, livez));
    }

    private void startVisitors() throws IOException {
        Path root = Files.writeString(folder.resolve("root.pem"), ca.root());
        Path script = Files.writeString(folder.resolve("visitors.sh"), """
                while :; do
                    curl -sS --noproxy '*' --cacert %s --max-time 3 -w ' %%{http_code}\\n' https://%s/
                    sleep 0.05
                done
                """.formatted(root, SITE));
        visitors = network.startOnRouter("visitors", List.of("sh", script.toString()), folder.resolve("visitors.log"));
    }

    private NginxFiles nginx(String host) {
        return new NginxFiles(folder.resolve("nginx-" + host));
    }

    private Path installed(String host) {
        return cluster.store(host).resolve("certs").resolve(SITE.value());
    }

    /** Makes nginx serve the certificate of the host's store from its next start or reload on. */
    void serveInstalledCertificate(String host) throws IOException {
        serve(host, installed(host));
    }

    /**
     * Makes nginx serve another certificate from its next start or reload on.
     *
     * @param certificate a directory with files of the usual names
     */
    void serve(String host, Path certificate) throws IOException {
        nginx(host).configure("443", host, List.of(new VirtualHost(List.of(SITE), certificate)));
    }

    /** Starts nginx on a host and waits until it listens. */
    void startWebServer(String host) throws IOException {
        NginxFiles files = nginx(host);
        ChildProcess process = network.start(host, "nginx on " + host, files.command(), files.log());
        webServers.put(host, process);
        await("nginx on " + host).atMost(TestNetwork.TIMEOUT).until(() -> {
            if (!process.isAlive()) {
                throw new IOException("nginx exited during its start: " + process.output());
            }
            return Files.exists(files.pidFile()) && Files.size(files.pidFile()) > 0;
        });
    }

    void stopWebServer(String host) throws IOException {
        ChildProcess process = webServer(host);
        process.terminate();
        process.awaitExit(TestNetwork.TIMEOUT);
        webServers.remove(host);
    }

    void reloadWebServer(String host) throws IOException {
        webServer(host).signal("HUP");
    }

    private ChildProcess webServer(String host) {
        ChildProcess process = webServers.get(host);
        if (process == null) {
            throw new IllegalStateException("no nginx runs on " + host);
        }
        return process;
    }

    /** Waits until a visitor who sets out from now on sees the page of this server. */
    void awaitPageOf(String host) throws IOException {
        // The first line may be that of a visitor who is on the way.
        long lines = visits().size() + 1L;
        await("visitors see the page of " + host)
                .atMost(TestNetwork.TIMEOUT)
                .until(() -> visits().stream().skip(lines).anyMatch((host + " 200")::equals));
    }

    /** Returns what visitors saw: a server and 200, or an error. */
    List<String> visits() throws IOException {
        return Objects.requireNonNull(visitors, "the visitors").output().lines().toList();
    }

    /** Returns the output of curl for a path of a host's page, asked on the host itself, with the status at its end. */
    String page(String host, String target) throws IOException {
        return network.run(
                        host,
                        List.of(
                                "curl",
                                "-sS",
                                "--noproxy",
                                "*",
                                "--max-time",
                                "20",
                                "-w",
                                "%{http_code}",
                                ADMIN + target))
                .output();
    }

    /** Waits until the daemon of a host answers {@code /livez} with this status. */
    void awaitLivez(String host, int status) {
        await("/livez of " + host)
                .atMost(TestNetwork.TIMEOUT)
                .until(() -> page(host, "/livez?site=" + SITE).endsWith(String.valueOf(status)));
    }

    /** Runs {@code ringcert} on a host and checks its exit status. */
    String run(String host, int expectedStatus, String... arguments) throws IOException {
        CommandResult result = cluster.run(host, arguments);
        assertThat(result.status()).as(result.output()).isEqualTo(expectedStatus);
        return result.output();
    }

    NetworkCa ca() {
        return ca;
    }

    @Override
    public void close() throws IOException {
        for (ChildProcess webServer : webServers.values()) {
            webServer.terminate();
        }
        while (!resources.isEmpty()) {
            resources.pop().close();
        }
    }
}
