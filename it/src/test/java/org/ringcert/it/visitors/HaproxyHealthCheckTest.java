package org.ringcert.it.visitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.it.Testbed;
import org.ringcert.it.UsesPebble;
import org.ringcert.it.visitors.Balancer.Check;
import org.ringcert.it.visitors.Balancer.Server;
import org.ringcert.it.visitors.NginxFiles.VirtualHost;

/** HAProxy with {@code option httpchk} sends visitors to those servers alone that serve a good certificate. */
@UsesPebble
class HaproxyHealthCheckTest {

    private static final HostName SITE = new HostName("www.example.org");
    private static final String CHECK = "/livez?site=www.example.org";

    /**
     * How old a look may be that {@code /livez} answers from, and a second for clocks that are read at other moments.
     */
    private static final Duration MAX_AGE = Duration.ofSeconds(11);

    @TempDir
    private static Path folder;

    private static VisitedCluster cluster;
    private static Balancer balancer;
    private static Balancer otherBalancer;

    @BeforeAll
    static void start() throws Exception {
        Balancer.assumeInstalled();
        cluster = VisitedCluster.start(Files.createDirectory(folder.resolve("c")), 2, SITE.value());
        List<Server> servers = List.of(cluster.balanced(0), cluster.balanced(1));
        balancer = Balancer.start(Files.createDirectory(folder.resolve("short")), Check.SHORT, CHECK, servers);
        otherBalancer =
                Balancer.start(Files.createDirectory(folder.resolve("long")), Check.AS_DOCUMENTED, CHECK, servers);
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : new AutoCloseable[] {balancer, otherBalancer, cluster}) {
            if (each != null) {
                each.close();
            }
        }
    }

    @BeforeEach
    void awaitAllUp() {
        for (Balancer each : List.of(balancer, otherBalancer)) {
            each.awaitUp("web0");
            each.awaitUp("web1");
        }
    }

    @Test
    void serverWhoseWebServerDiesGetsNoVisitorsUntilItIsBack() throws Exception {
        try (RequestLoop visitors = RequestLoop.visits(cluster.visitor(), SITE, balancer::address)) {
            visitors.awaitAnswer("web0");
            visitors.awaitAnswer("web1");

            cluster.stopWebServer(0);
            Instant stopped = Instant.now();
            assertThat(lastGoodAnswer(0)).isBefore(stopped.plus(MAX_AGE));
            balancer.awaitDown("web0");
            otherBalancer.awaitDown("web0");
            assertThat(cluster.livez(0, SITE.value()).body()).contains("refuse");
            assertThat(cluster.livez(1, SITE.value()).status()).isEqualTo(200);

            cluster.startWebServer(0);
            balancer.awaitUp("web0");
            visitors.awaitAnswer("web0");
            // Until HAProxy knew, the server refused connections, and HAProxy sent their visitors to the other one.
            assertThat(visitors.failures())
                    .as("visitors who came after the web server had ended")
                    .noneMatch(visit -> visit.start().isAfter(stopped));
        }
    }

    /** Asks until the answer is that the server is bad. Returns when the last good answer was asked for. */
    private static Instant lastGoodAnswer(int node) {
        List<Instant> good = new ArrayList<>(List.of(Instant.now()));
        await("503").atMost(Testbed.TIMEOUT).pollInterval(Duration.ofMillis(50)).until(() -> {
            Instant now = Instant.now();
            boolean isGood = cluster.livez(node, SITE.value()).status() == 200;
            if (isGood) {
                good.add(now);
            }
            return !isGood;
        });
        return good.getLast();
    }

    @Test
    void serverWithAnExpiredCertificateGetsNoVisitorsUntilItHasAGoodOne() throws Exception {
        Path expired = ExpiredCertificate.write(folder, List.of(SITE));
        try (RequestLoop visitors = RequestLoop.visits(cluster.visitor(), SITE, balancer::address)) {
            visitors.awaitAnswer("web1");

            cluster.configureWebServer(1, List.of(new VirtualHost(List.of(SITE), expired)));
            cluster.reloadWebServer(1);
            balancer.awaitDown("web1");
            otherBalancer.awaitDown("web1");
            Instant down = Instant.now();
            assertThat(cluster.livez(1, SITE.value()).body()).contains("expired");
            assertThat(cluster.livez(0, SITE.value()).status()).isEqualTo(200);
            visitors.awaitAnswer("web0");

            cluster.configureWebServer(1);
            cluster.reloadWebServer(1);
            balancer.awaitUp("web1");
            visitors.awaitAnswer("web1");
            assertThat(visitors.failures())
                    .as("visitors who came after HAProxy had taken the server out")
                    .noneMatch(visit -> visit.start().isAfter(down));
        }
    }
}
