package org.ringcert.it.visitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.it.Testbed;
import org.ringcert.it.UsesPebble;
import org.ringcert.it.web.WebResponse;

/** The daemon's page has clients that are not meant well. Balancers get their answers. */
@UsesPebble
class ManyIdleConnectionsTest {

    private static final String SITE = "www.example.org";
    private static final String LIVEZ = "/livez?site=" + SITE;
    private static final int CONNECTIONS = 1_000;

    @TempDir
    private static Path folder;

    private static VisitedCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = VisitedCluster.start(folder, 1, SITE);
        cluster.awaitLivez(0, SITE, 200);
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void balancersAreAnsweredDuringAThousandIdleConnections() throws Exception {
        List<SocketChannel> connections = new ArrayList<>();
        int before = countOpenFiles();
        try {
            // The daemon ends each of them after some seconds. On a slow machine, new ones have to replace them.
            await().atMost(Testbed.TIMEOUT).until(() -> {
                for (int i = 0; i < CONNECTIONS; i++) {
                    connections.add(SocketChannel.open(cluster.admin(0)));
                }
                return countOpenFiles() >= before + CONNECTIONS;
            });
            assertThat(cluster.livez(0, SITE).status()).isEqualTo(200);
            assertThat(cluster.get(0, "/healthz").status()).isEqualTo(200);
            assertThat(cluster.get(0, "/").status()).isEqualTo(200);
            assertThat(countOpenFiles())
                    .as("connections that were open meanwhile")
                    .isGreaterThan(before);
        } finally {
            for (SocketChannel each : connections) {
                each.close();
            }
        }
        assertThat(cluster.daemon(0).output()).doesNotContain("OutOfMemory");
    }

    private static int countOpenFiles() throws IOException {
        try (Stream<Path> files =
                Files.list(Path.of("/proc", String.valueOf(cluster.daemon(0).pid()), "fd"))) {
            return Math.toIntExact(files.count());
        }
    }

    /** A page of somebody else whose name leads to this address (DNS rebinding). */
    @Test
    void foreignHostIsRefusedExceptForTheQuestionsOfBalancers() throws Exception {
        for (String page : List.of("/", "/status.json", "/metrics", "/site/" + SITE)) {
            WebResponse refused = request("evil.example.com", page);
            assertThat(refused.status()).as("%s", refused).isEqualTo(421);
            assertThat(refused.body()).contains("DNS rebinding").doesNotContain(SITE);
        }
        for (String question : List.of(LIVEZ, "/healthz")) {
            assertThat(request("evil.example.com", question).status()).isEqualTo(200);
        }
        assertThat(request("evil.example.com", "/readyz?site=" + SITE).status()).isIn(200, 503);
    }

    @Test
    void pageIsServedByAddressAndByTheNameOfTheServer() throws Exception {
        InetSocketAddress address = cluster.admin(0);
        String byAddress = address.getAddress().getHostAddress() + ":" + address.getPort();
        for (String host : List.of(byAddress, "web0.example.org", "localhost:" + address.getPort(), "[::1]")) {
            assertThat(request(host, "/").status()).as(host).isEqualTo(200);
            assertThat(request(host, LIVEZ).status()).as(host).isEqualTo(200);
        }
    }

    /** As HAProxy's {@code option httpchk} sends it by default. */
    @Test
    void balancerNeedsNoHost() throws Exception {
        InetAddress address = cluster.admin(0).getAddress();
        WebResponse answer =
                WebResponse.send(address, cluster.admin(0).getPort(), "GET " + LIVEZ + " HTTP/1.0\r\n\r\n");
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    }

    private static WebResponse request(String host, String target) throws IOException {
        return WebResponse.get(cluster.admin(0).getAddress(), cluster.admin(0).getPort(), host, target);
    }
}
