package org.ringcert.it.visitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.it.Testbed;
import org.ringcert.it.UsesPebble;

/**
 * Complaint: the standby cannot renew, and dies silently. The site's name leads to web0. Of the two standbys, web1
 * renews all the same; web2 cannot, because its own name leads nowhere, and every other server shows it.
 */
@UsesPebble
class StandbyDiesSilentlyTest {

    private static final HostName SITE = new HostName("www.example.org");
    private static final String FAILING = "web2.example.org";
    private static final InetAddress NOBODY = InetAddress.ofLiteral("127.80.0.254");

    @TempDir
    private static Path folder;

    private static VisitedCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = VisitedCluster.create(folder, 3, SITE.value());
        cluster.testbed().ca().setAddress(new HostName(FAILING), NOBODY);
        cluster.startServers();
        cluster.awaitServed(0);
        cluster.awaitServed(1);
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void standbyRenewsAlthoughTheNameDoesNotLeadToIt() throws Exception {
        Visitor visitor = cluster.visitor();
        X509Certificate previous = visitor.visit(cluster.https(1), SITE).certificate();
        cluster.testbed().runCommand(1, 0, "renew", "--force");
        await("the standby serves the new certificate")
                .atMost(Testbed.TIMEOUT)
                .until(() ->
                        !visitor.visit(cluster.https(1), SITE).certificate().equals(previous));
        // The daemon's last look may be from before its web server was started.
        cluster.awaitLivez(1, SITE.value(), 200);
    }

    @Test
    void everyOtherServerShowsAStandbyThatCannotRenew() throws Exception {
        for (int other : new int[] {0, 1}) {
            // The exit status speaks of the server itself.
            String table = cluster.testbed().runCommand(other, 0, "status", "--all");
            assertThat(table).contains("self-signed", "web2");
            StatusDocument all =
                    StatusDocument.of(cluster.testbed().runCommand(other, 1, "status", "--all", "--strict", "--json"));
            assertThat(all.node(FAILING).path("good").asBoolean()).isFalse();
            assertThat(all.flaws(FAILING, SITE.value())).contains("self-signed");
            assertThat(all.node("web0.example.org").path("good").asBoolean()).isTrue();
            assertThat(all.node("web1.example.org").path("good").asBoolean()).isTrue();

            // Its last look may be from before the web server was started.
            await("the daemon of the other server has seen it")
                    .atMost(Testbed.TIMEOUT)
                    .until(() -> StatusDocument.of(
                                    cluster.get(other, "/status.json").body())
                            .flaws(FAILING, SITE.value())
                            .contains("self-signed"));
            assertThat(cluster.get(other, "/").body()).contains("self-signed");
        }
        assertThat(cluster.livez(2, SITE.value()).status()).isEqualTo(503);
        assertThat(cluster.get(2, "/metrics").body())
                .containsPattern("(?m)^ringcert_certificate_served\\{.*site=\"" + SITE + "\".*} 0");
        assertThat(cluster.testbed().runCommand(0, 1, "ready", SITE.value(), FAILING))
                .contains("self-signed");
    }
}
