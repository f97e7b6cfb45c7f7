package org.ringcert.it.visitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.it.UsesPebble;
import org.ringcert.it.view.TestNetwork;

/** keepalived moves a virtual address away from a server at which visitors would see an error. */
@UsesPebble
class KeepalivedTest {

    /** Enough visits to see that the address stays where it is. */
    private static final int VISITS = 20;

    @TempDir
    private static Path folder;

    private static KeepalivedCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = KeepalivedCluster.start(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void awaitFirstServer() throws Exception {
        cluster.awaitPageOf("web0");
    }

    @Test
    void addressLeavesAServerWhoseWebServerDiesAndComesBack() throws Exception {
        cluster.stopWebServer("web0");
        assertVisitorsStayAt("web1");
        assertThat(cluster.page("web0", "/livez?site=" + KeepalivedCluster.SITE))
                .endsWith("503");

        cluster.startWebServer("web0");
        cluster.awaitPageOf("web0");
    }

    @Test
    void addressLeavesAServerWithAnExpiredCertificateAndComesBack() throws Exception {
        cluster.serve("web0", ExpiredCertificate.write(folder, List.of(KeepalivedCluster.SITE)));
        cluster.reloadWebServer("web0");
        assertVisitorsStayAt("web1");
        assertThat(cluster.page("web0", "/livez?site=" + KeepalivedCluster.SITE))
                .contains("expired")
                .endsWith("503");

        cluster.serveInstalledCertificate("web0");
        cluster.reloadWebServer("web0");
        cluster.awaitPageOf("web0");
    }

    /** Complaint: the standby cannot renew, because the site's name leads to the other server. */
    @Test
    void standbyRenewsAndIsReadyBeforeTheAddressComes() throws Exception {
        String site = KeepalivedCluster.SITE.value();
        cluster.run("web1", 0, "renew", "--force");
        cluster.awaitLivez("web1", 200);
        cluster.run("web0", 0, "ready", site, "web1.example.org");
        assertThat(cluster.page("web1", "/readyz?site=" + site)).endsWith("200");
        cluster.awaitPageOf("web0");
    }

    private static void assertVisitorsStayAt(String host) throws Exception {
        cluster.awaitPageOf(host);
        int moved = cluster.visits().size();
        await().atMost(TestNetwork.TIMEOUT).until(() -> cluster.visits().size() > moved + VISITS);
        assertThat(cluster.visits().subList(moved, moved + VISITS)).containsOnly(host + " 200");
    }
}
