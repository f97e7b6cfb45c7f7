package org.ringcert.it.visitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.it.Testbed;
import org.ringcert.it.UsesPebble;
import org.ringcert.it.visitors.NginxFiles.VirtualHost;

/** {@code ringcert ready} in ring mode, for a site with two kinds of keys. Each test leaves the cluster as it was. */
@UsesPebble
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadyInRingTest {

    private static final HostName SITE = new HostName("www.example.org");
    private static final String READY =
            "www.example.org may move to web1.example.org now, as web0.example.org sees it\n";
    private static final String UNREADY =
            "www.example.org may not move to web1.example.org now, as web0.example.org sees it\n";

    private VisitedCluster cluster;

    @BeforeAll
    void startCluster(@TempDir Path folder) throws Exception {
        cluster = VisitedCluster.create(folder, 3, SITE.value());
        cluster.testbed()
                .editConfiguration(text -> text.replace("handoff = \"redirect\"", "handoff = \"ring\"")
                        .replaceFirst("(?m)^names = .*$", "$0\nkeys = [\"ec256\", \"rsa2048\"]"));
        cluster.startServers();
        for (int node = 0; node < 3; node++) {
            presentBothKinds(node);
        }
        await().atMost(Testbed.TIMEOUT)
                .untilAsserted(() -> assertThat(cluster.testbed().runCommand(0, 0, "status", "--strict"))
                        .contains("6 with a warning", "0 with a failure"));
    }

    @AfterAll
    void stopCluster() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
    }

    private void presentBothKinds(int node) throws Exception {
        Path ec = cluster.installed(node, SITE);
        cluster.awaitServed(node);
        present(node, List.of(ec, ec.resolveSibling(SITE + "+rsa")));
    }

    private void present(int node, List<Path> certificates) throws IOException {
        cluster.configureWebServer(node, List.of(new VirtualHost(List.of(SITE), certificates)));
        cluster.reloadWebServer(node);
    }

    private String ready(int expectedStatus) throws IOException {
        return cluster.testbed().runCommand(0, expectedStatus, "ready", SITE.value(), "web1");
    }

    private void awaitReady() {
        await().atMost(Testbed.TIMEOUT).untilAsserted(() -> assertThat(ready(0)).startsWith(READY));
    }

    @Test
    void bothKindsOfKeysAndTheRingAreLookedAt() throws Exception {
        assertThat(ready(0))
                .startsWith(READY)
                .containsPattern("yes: web1.example.org presents to visitors of www.example.org .* \\(EC keys\\)")
                .containsPattern("yes: web1.example.org presents to visitors of www.example.org .* \\(RSA keys\\)")
                .contains("works if it enters at web1.example.org (127.80.1.2)");
    }

    @Test
    void aKindThatTheServerLacksSpeaksAgainstTheMove() throws Exception {
        present(1, List.of(cluster.installed(1, SITE)));
        try {
            await().atMost(Testbed.TIMEOUT)
                    .untilAsserted(() -> assertThat(ready(1))
                            .startsWith(UNREADY)
                            .contains("visitors who accept only RSA keys get no certificate"));
        } finally {
            presentBothKinds(1);
            awaitReady();
        }
    }

    @Test
    void aDeadThirdServerDoesNotMatter() throws Exception {
        cluster.daemon(2).terminate();
        cluster.daemon(2).awaitExit(Testbed.TIMEOUT);
        cluster.stopWebServer(2);
        try {
            // Until the other servers have noticed, the ring still leads there, and a CA would fail as well.
            awaitReady();
        } finally {
            cluster.startWebServer(2);
            cluster.restartDaemon(2);
        }
    }
}
