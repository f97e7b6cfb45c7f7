package org.ringcert.it.visitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.CaConnections;
import org.ringcert.daemon.Daemon;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.demo.LocalCluster;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.demo.TestCa;
import org.ringcert.event.NodeListener;
import org.ringcert.it.CaProxy;
import org.ringcert.it.PebbleRelease;
import org.ringcert.it.ShiftedClock;
import org.ringcert.it.Testbed;
import org.ringcert.it.UsesPebble;
import org.ringcert.it.web.WebResponse;
import org.ringcert.renew.RenewalMode;
import org.ringcert.renew.RenewalResult;

/**
 * The CA cannot be reached for a month, from the day of the renewal to the end of the certificate. The other server of
 * the cluster is down as well. The daemon runs in this JVM, with a clock that the test sets forward.
 */
@UsesPebble
class CaOutageTest {

    private static final HostName SITE = new HostName("www.example.org");
    private static final Duration OUTAGE = Duration.ofDays(30);

    @TempDir
    private Path folder;

    private final ShiftedClock clock = new ShiftedClock(Duration.ZERO);

    @Test
    void siteIsAvailableUntilItsCertificateReallyEnds() throws Exception {
        try (VisitedCluster cluster = VisitedCluster.create(folder, 2, SITE.value())) {
            cluster.deployBy(0, "true");
            LocalNode node = new LocalNode(
                    configuration(cluster), cluster.testbed().cluster().node(0), clock);
            try (Daemon daemon = Daemon.start(node, NodeListener.NONE)) {
                awaitFirstCertificate(cluster);
                Instant end = cluster.visitor()
                        .visit(cluster.https(0), SITE)
                        .certificate()
                        .getNotAfter()
                        .toInstant();
                assertThat(readyz(cluster).status()).isEqualTo(200);

                cluster.testbed().ca().stop();
                for (Instant day = end.minus(OUTAGE).plusSeconds(60);
                        day.isBefore(end);
                        day = day.plus(Duration.ofDays(1))) {
                    assertAvailable(cluster, day);
                    assertThat(renew(node)).as("%s", day).noneMatch(RenewalResult.Renewed.class::isInstance);
                }
                assertAvailable(cluster, end.minusSeconds(60));
                // Whether the site may move here is another question.
                assertThat(readyz(cluster).status()).isEqualTo(503);

                clock.set(end.plusSeconds(1));
                WebResponse expired = cluster.livez(0, SITE.value());
                assertThat(expired.status()).as("%s", expired).isEqualTo(503);
                assertThat(expired.body()).contains("expired");

                assertAvailableAgainWithAnotherCa(cluster, daemon);
            }
        }
    }

    private static Configuration configuration(VisitedCluster cluster) throws Exception {
        return ConfigurationLoader.load(cluster.testbed().cluster().configuration())
                .withStore(cluster.testbed().cluster().store(0));
    }

    private static void awaitFirstCertificate(VisitedCluster cluster) throws Exception {
        Path key = cluster.installed(0, SITE).resolve("privkey.pem");
        await("a first certificate").atMost(Testbed.TIMEOUT).until(() -> Files.exists(key));
        cluster.startWebServer(0);
        cluster.deployByReload(0);
        cluster.reloadWebServer(0);
        cluster.awaitServed(0);
        cluster.awaitLivez(0, SITE.value(), 200);
    }

    private void assertAvailable(VisitedCluster cluster, Instant time) throws IOException {
        clock.set(time);
        WebResponse answer = cluster.livez(0, SITE.value());
        assertThat(answer.status()).as("%s: %s", time, answer).isEqualTo(200);
    }

    /** Does what the daemon does at each of its attempts. */
    private static List<RenewalResult> renew(LocalNode node) {
        try (CaConnections cas = node.connectToCas()) {
            return node.renewals(cas, NodeListener.NONE).pass(node.specs(), RenewalMode.DUE_ONLY);
        }
    }

    private static WebResponse readyz(VisitedCluster cluster) throws IOException {
        return cluster.get(0, "/readyz?site=" + SITE);
    }

    /** Of the first CA, new certificates would have expired already: its clock is this machine's. */
    private void assertAvailableAgainWithAnotherCa(VisitedCluster cluster, Daemon daemon) throws Exception {
        Testbed testbed = cluster.testbed();
        PebbleOptions options = PebbleOptions.on(LocalCluster.loopback(2))
                .withHttpPort(testbed.ca().httpPort())
                .withValidity(Duration.ofDays(365));
        try (TestCa other = TestCa.start(PebbleRelease.INSTALLED.binaries(), options);
                CaProxy proxy = CaProxy.start(other, folder)) {
            proxy.setClockAhead(Duration.between(Instant.now(), clock.instant()));
            other.setAddress(SITE, testbed.cluster().address(0));
            testbed.editConfiguration(text -> text.replace(
                            testbed.ca().directory().toString(),
                            other.directory().toString())
                    .replace(testbed.ca().caFile().toString(), other.caFile().toString()));
            proxy.replaceCaOf(testbed);
            daemon.reconfigure(configuration(cluster));
            cluster.awaitLivez(0, SITE.value(), 200);
        }
    }
}
