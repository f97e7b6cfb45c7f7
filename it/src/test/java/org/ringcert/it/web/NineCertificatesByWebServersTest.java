package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.CaConnections;
import org.ringcert.daemon.LocalNode;
import org.ringcert.demo.PebbleBinaries;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.demo.TestCa;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.it.RealDehydrated;
import org.ringcert.it.Testbed;
import org.ringcert.it.UsesPebble;
import org.ringcert.renew.RenewalMode;
import org.ringcert.renew.RenewalResult;
import org.ringcert.view.ca.Walk;

/** Three servers and three sites with a real CA and a real web server on each server's port. */
@UsesPebble
class NineCertificatesByWebServersTest {

    private static final int NODES = 3;
    private static final List<String> SITES =
            List.of("www.example.org example.org", "shop.example.org", "blog.example.org");

    private static TestCa ca;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startCa() throws IOException {
        PebbleBinaries pebble;
        try {
            pebble = PebbleBinaries.find(System.err::println);
        } catch (IOException e) {
            pebble = abort(String.valueOf(e.getMessage()));
        }
        // dehydrated gives up if a nonce is refused.
        ca = TestCa.start(
                pebble, PebbleOptions.on(WebServers.loopback(91, NODES)).withRefusedNonces(0));
    }

    @AfterAll
    static void stopCa() throws IOException {
        if (ca != null) {
            ca.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"APACHE_FILES", "APACHE_PROXY", "NGINX_FILES", "NGINX_PROXY", "HAPROXY_PROXY"})
    void everyServerServesItsOwnCertificateForEverySite(ServerKind kind) throws Exception {
        try (WebServers servers = servers()) {
            for (int node = 0; node < NODES; node++) {
                servers.startWithHttps(node, kind);
            }
            for (Site site : servers.sites()) {
                // The web server runs before the first order, with a self-signed certificate.
                X509Certificate served = TlsClient.servedCertificate(servers, 0, site.name());
                assertThat(served).isEqualTo(TlsClient.storedCertificate(servers, 0, site));
                assertThat(served.getIssuerX500Principal()).isEqualTo(served.getSubjectX500Principal());
            }

            onAllServersConcurrently(node -> renew(servers.node(node)));

            Set<X509Certificate> certificates = new HashSet<>();
            for (int node = 0; node < NODES; node++) {
                for (Site site : servers.sites()) {
                    X509Certificate stored = TlsClient.storedCertificate(servers, node, site);
                    for (HostName name : site.names()) {
                        awaitServed(servers, node, name, stored);
                    }
                    certificates.add(stored);
                }
            }
            assertThat(certificates).hasSize(NODES * SITES.size());
        }
    }

    /** Waits until no process from before the reload accepts connections. */
    private static void awaitServed(WebServers servers, int node, HostName name, X509Certificate expected) {
        await().atMost(Testbed.TIMEOUT)
                .ignoreException(SSLHandshakeException.class)
                .untilAsserted(() -> assertThat(TlsClient.verifiedCertificate(ca.roots(), servers, node, name))
                        .isEqualTo(expected));
    }

    /**
     * A cluster set up as in "Clustering Let's Encrypt with Apache" (2019) moves to Ringcert, one server after another,
     * without interruption: servers that have not moved yet keep ordering with dehydrated.
     */
    @Test
    void theArticlesClusterMovesServerByServer() throws Exception {
        RealDehydrated.assumeInstalled();
        List<ServerKind> steps = List.of(ServerKind.APACHE_FILES, ServerKind.NGINX_FILES, ServerKind.HAPROXY_PROXY);
        try (WebServers servers = servers()) {
            for (int node = 0; node < NODES; node++) {
                servers.start(node, ServerKind.ARTICLE);
            }
            for (int moved = 0; moved <= NODES; moved++) {
                if (moved > 0) {
                    servers.start(moved - 1, steps.get(moved - 1));
                }
                int movedServers = moved;
                onAllServersConcurrently(node -> {
                    if (node < movedServers) {
                        renew(servers.node(node));
                    } else {
                        dehydrated(servers, node);
                    }
                });
            }
            Walk walk = servers.walk(0, new Token("held-by-no-server-at-all"));
            assertThat(walk.lastStatus()).as("%s", walk).hasValue(404);
        }
    }

    private WebServers servers() throws IOException {
        return WebServers.withCa(ca, folder, WebServers.loopback(91, NODES), "handoff = \"redirect\"", SITES);
    }

    /** Orders a certificate as the article does, on a server that the site's name does not lead to. */
    private void dehydrated(WebServers servers, int node) throws IOException {
        RealDehydrated dehydrated = RealDehydrated.in(
                folder.resolve("dehydrated" + node),
                ca,
                servers.node(node).store().challenges(),
                SITES.get((node + 1) % NODES));
        dehydrated.register();
        dehydrated.cron("--force");
    }

    /** Renews all certificates of a server. */
    private static void renew(LocalNode node) {
        try (CaConnections cas = node.connectToCas()) {
            assertThat(node.renewals(cas, IssuanceListener.NONE).pass(node.specs(), RenewalMode.FORCE))
                    .hasSize(SITES.size())
                    .allMatch(RenewalResult.Renewed.class::isInstance);
        }
    }

    private interface ServerTask {
        void run(int node) throws Exception;
    }

    private static void onAllServersConcurrently(ServerTask serverTask) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> tasks = IntStream.range(0, NODES)
                    .<Callable<Void>>mapToObj(node -> () -> {
                        serverTask.run(node);
                        return null;
                    })
                    .toList();
            for (Future<Void> task : threads.invokeAll(tasks)) {
                task.get();
            }
        }
    }
}
