package org.ringcert.it.visitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.it.DnsQuery;
import org.ringcert.it.Testbed;
import org.ringcert.it.UsesPebble;
import org.ringcert.it.web.WebResponse;

/**
 * Complaint: the DNS must move before the certificate, so there will be some downtime. Here every server has its
 * certificate already, and {@code ringcert ready} proves it before the name moves.
 */
@UsesPebble
class MovingWithoutDowntimeTest {

    private static final HostName SITE = new HostName("www.example.org");
    private static final String FROM = "web0.example.org";
    private static final String TO = "web1.example.org";

    @TempDir
    private static Path folder;

    private static VisitedCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = VisitedCluster.start(folder, 2, SITE.value());
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void siteMovesToAServerThatItNeverLedToAndNoVisitorSeesAnError() throws Exception {
        try (RequestLoop visitors = RequestLoop.visits(cluster.visitor(), SITE, this::whereTheNameLeads)) {
            visitors.awaitAnswer("web0");
            for (int askedAt : new int[] {0, 1}) {
                assertThat(cluster.testbed().runCommand(askedAt, 0, "ready", SITE.value(), TO))
                        .contains(TO);
            }
            WebResponse readyz = cluster.get(1, "/readyz?site=" + SITE);
            assertThat(readyz.status()).as("%s", readyz).isEqualTo(200);

            cluster.testbed().cluster().move(0, 1);
            visitors.awaitAnswer("web1");
            // A certificate of the server that the site has left can still be renewed, and the site can move back.
            cluster.testbed().runCommand(0, 0, "renew", "--force");
            cluster.testbed().runCommand(1, 0, "ready", SITE.value(), FROM);
            cluster.testbed().cluster().move(0, 0);
            visitors.awaitAnswer("web0");
            assertThat(visitors.failures()).isEmpty();
        }
    }

    @Test
    void serverThatIsNotReadyIsNamedWithItsReason() throws Exception {
        cluster.stopWebServer(1);
        // The answer to an earlier question counts for a second.
        for (int askedAt : new int[] {0, 1}) {
            await().atMost(Testbed.TIMEOUT)
                    .untilAsserted(() -> assertThat(cluster.testbed().runCommand(askedAt, 1, "ready", SITE.value(), TO))
                            .contains("refuse"));
        }
        WebResponse readyz = cluster.get(1, "/readyz?site=" + SITE);
        assertThat(readyz.status()).as("%s", readyz).isEqualTo(503);
        assertThat(readyz.body()).contains("refuse");
        cluster.startWebServer(1);
        await().atMost(Testbed.TIMEOUT)
                .untilAsserted(() -> cluster.testbed().runCommand(0, 0, "ready", SITE.value(), TO));
    }

    /** The visitors' DNS server is the CA's. When a name moves, it has no address for a moment. */
    private InetSocketAddress whereTheNameLeads() {
        InetAddress address = await("an address of " + SITE)
                .pollDelay(Duration.ZERO)
                .atMost(Testbed.TIMEOUT)
                .until(
                        () -> DnsQuery.ask(cluster.testbed().ca().dnsPort(), SITE, DnsQuery.Type.A),
                        found -> !found.isEmpty())
                .getFirst();
        return new InetSocketAddress(address, cluster.https(0).getPort());
    }
}
