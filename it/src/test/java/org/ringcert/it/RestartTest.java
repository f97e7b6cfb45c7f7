package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.daemon.demo.ChildProcess;
import org.ringcert.daemon.demo.LocalCluster;
import org.ringcert.handoff.HandoffMode;

@UsesPebble
class RestartTest {

    @TempDir
    private Path folder;

    /**
     * The site leads to a server that keeps the CA waiting until the daemon, which has the token, is up again; then it
     * sends it there.
     */
    @Test
    void aDaemonThatIsKilledBetweenPublishingAndValidationHasTheTokenAfterItsRestartAndGoesOnWithTheOrder()
            throws Exception {
        CountDownLatch theCaIsThere = new CountDownLatch(1);
        CountDownLatch theDaemonIsUpAgain = new CountDownLatch(1);
        try (Lab lab = Lab.start(folder, RealCa.USUAL, UnaryOperator.identity(), 2, "www.example.org");
                StrangePeer waitingRoom =
                        new StrangePeer(lab.cluster().address(1), lab.ca().httpPort(), (line, out) -> {
                            if (line.contains("?left=")) {
                                StrangePeer.head(out, "404 Not Found", "Content-Length: 0");
                                return;
                            }
                            theCaIsThere.countDown();
                            theDaemonIsUpAgain.await();
                            String token = Validation.all(lab).getFirst().token();
                            String fields = "Location: " + Visit.straightTo(lab, 0, token) + "\r\nContent-Length: 0";
                            StrangePeer.head(out, "302 Found", fields);
                        })) {
            lab.cluster().move(0, 1);
            ChildProcess daemon = lab.run(0);
            assertThat(theCaIsThere.await(Lab.LONG.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            String token = Validation.all(lab).getFirst().token();
            Visit before = Visit.ask(lab, 0, token);
            assertThat(before.body()).startsWith(token + ".");

            daemon.kill();
            lab.run(0);
            assertThat(Visit.ask(lab, 0, token)).isEqualTo(before);
            theDaemonIsUpAgain.countDown();
            Certificates.await(lab, 0, 0);
            assertThat(waitingRoom.questions()).isPositive();
            assertThat(Files.readAllLines(lab.cluster().log(0)))
                    .as("nothing was made twice")
                    .filteredOn(line -> line.contains(": ordered") || line.contains(": made an account"))
                    .hasSize(2);
        }
    }

    /**
     * The peers of the ring have seen it dead, and must not step over it any more when the CA comes; nor may it order
     * before they have seen that it lives.
     */
    @ParameterizedTest
    @EnumSource
    void aNodeThatOrdersRightAfterItsRestartGetsItsCertificateAtTheFirstTry(HandoffMode mode) throws Exception {
        int node = 2;
        try (Lab lab = Lab.start(folder, RealCa.USUAL, mode, UnaryOperator.identity(), 3, "www.example.org")) {
            lab.configure(text -> text + "watch = \"1s\"\n");
            InProcessNodes.Plan plan = InProcessNodes.Plan.of(
                            LocalCluster.loopback(3), lab.ca().httpPort(), mode)
                    .watch("1s")
                    .down(List.of(node));
            try (InProcessNodes peers = new InProcessNodes(folder.resolve("peers"), plan)) {
                ChildProcess daemon = lab.run(node);
                X509Certificate before = Certificates.await(lab, node, 0);
                daemon.kill();
                if (mode == HandoffMode.RING) {
                    peers.awaitSteppedOver(0);
                }

                lab.configure(text -> text.replace("agree-to-terms", "key = \"ec384\"\nagree-to-terms"));
                lab.run(node).awaitLine(line -> line.contains(": next renewal "), Lab.LONG);

                assertThat(Certificates.verified(lab, node, 0)).isNotEqualTo(before);
                assertThat(CaLog.of(lab.ca()).failedValidations()).isEmpty();
            }
        }
    }
}
