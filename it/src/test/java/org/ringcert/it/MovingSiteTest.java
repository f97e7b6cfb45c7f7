package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.demo.LocalCluster;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.demo.TestCa;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.issue.IssuanceEvent;

@UsesPebble
class MovingSiteTest {

    private static final int NODES = 3;

    @TempDir
    private Path folder;

    @Test
    void allServersRenewAMovedSiteWithoutAConfigurationChange() throws Exception {
        try (Testbed testbed = Testbed.start(folder, NODES, "www.example.org")) {
            testbed.startAllDaemons();
            X509Certificate[] previous = new X509Certificate[NODES];
            for (int node = 0; node < NODES; node++) {
                previous[node] = Certificates.await(testbed, node, 0);
            }
            testbed.cluster().move(0, 2);
            for (int node = 0; node < 2; node++) {
                testbed.runCommand(node, 0, "renew", "--force");
                assertThat(Certificates.verified(testbed, node, 0)).isNotEqualTo(previous[node]);
            }
        }
    }

    /**
     * The site moves after the challenge is published and before the CA is asked to validate it. The CA resolves the
     * name after that.
     */
    @ParameterizedTest(name = "ordered by {0}")
    @ValueSource(ints = {0, 2})
    void aSiteThatMovesDuringAnOrderIsValidatedAtItsNewAddress(int orderer) throws Exception {
        List<InetAddress> addresses = LocalCluster.loopback(NODES);
        try (TestCa ca = TestCa.start(PebbleRelease.INSTALLED.binaries(), PebbleOptions.on(addresses));
                InProcessNodes nodes = new InProcessNodes(
                        folder,
                        InProcessNodes.InProcessOptions.of(addresses, ca.httpPort(), HandoffMode.REDIRECT)
                                .ca(ca))) {
            for (int node = 0; node < NODES; node++) {
                ca.setAddress(LocalCluster.name(node), addresses.get(node));
            }
            ca.setAddress(InProcessNodes.SITE, addresses.get(0));
            AtomicInteger moves = new AtomicInteger();
            nodes.order(orderer, event -> {
                if (event instanceof IssuanceEvent.ChallengeReady) {
                    moves.incrementAndGet();
                    move(ca, addresses.get(1));
                    if (orderer != 0) {
                        // The site has moved because its server is down.
                        nodes.stop(0);
                    }
                }
            });
            assertThat(moves).hasValue(1);
            assertThat(CaLog.of(ca).failedValidations()).isEmpty();
        }
    }

    private static void move(TestCa ca, InetAddress to) {
        try {
            ca.setAddress(InProcessNodes.SITE, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
