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
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.LocalCluster;
import org.ringcert.handoff.HandoffMode;

@UsesPebble
class RestartTest {

    @TempDir
    private Path folder;

    /**
     * The site leads to a server that delays the CA until the daemon that has the token has been restarted, and then
     * redirects the CA to it.
     */
    @Test
    void aKilledDaemonKeepsItsTokenAndResumesTheOrder() throws Exception {
        CountDownLatch caHasArrived = new CountDownLatch(1);
        CountDownLatch daemonIsRestarted = new CountDownLatch(1);
        try (Testbed testbed = Testbed.start(folder, 2, "www.example.org");
                FakePeer delayingPeer =
                        new FakePeer(testbed.cluster().address(1), testbed.ca().httpPort(), (request, out) -> {
                            if (request.contains("?left=")) {
                                FakePeer.head(out, "404 Not Found", "Content-Length: 0");
                                return;
                            }
                            caHasArrived.countDown();
                            daemonIsRestarted.await();
                            String token =
                                    LoggedValidation.all(testbed).getFirst().token();
                            String fields = "Location: " + NodeResponse.finalRedirect(testbed, 0, token)
                                    + "\r\nContent-Length: 0";
                            FakePeer.head(out, "302 Found", fields);
                        })) {
            // Without it, the first walk to the delaying peer would be a look.
            testbed.editConfiguration(text -> text.replace("[check]\n", "[check]\nbefore-order = \"off\"\n"));
            testbed.cluster().move(0, 1);
            ChildProcess daemon = testbed.startDaemon(0);
            assertThat(caHasArrived.await(Testbed.TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            String token = LoggedValidation.all(testbed).getFirst().token();
            NodeResponse previous = NodeResponse.getChallenge(testbed, 0, token);
            assertThat(previous.body()).startsWith(token + ".");

            daemon.kill();
            testbed.startDaemon(0);
            assertThat(NodeResponse.getChallenge(testbed, 0, token)).isEqualTo(previous);
            daemonIsRestarted.countDown();
            Certificates.await(testbed, 0, 0);
            assertThat(delayingPeer.requests()).isPositive();
            assertThat(Files.readAllLines(testbed.cluster().log(0)))
                    .as("one account and one order")
                    .filteredOn(line -> line.contains(": ordered") || line.contains("made an account at "))
                    .hasSize(2);
        }
    }

    /**
     * The peers of the ring know that the node was down. They must no longer step over it when the CA comes, and the
     * node must not order before they know that it is up.
     */
    @ParameterizedTest
    @EnumSource
    void aNodeThatOrdersRightAfterItsRestartSucceedsAtTheFirstAttempt(HandoffMode mode) throws Exception {
        int node = 2;
        try (Testbed testbed =
                Testbed.start(folder, PebbleRelease.INSTALLED, mode, UnaryOperator.identity(), 3, "www.example.org")) {
            testbed.editConfiguration(text -> text + "watch = \"1s\"\n");
            InProcessNodes.InProcessOptions options = InProcessNodes.InProcessOptions.of(
                            LocalCluster.loopback(3), testbed.ca().httpPort(), mode)
                    .watch("1s")
                    .down(List.of(node));
            try (InProcessNodes peers = new InProcessNodes(folder.resolve("peers"), options)) {
                ChildProcess daemon = testbed.startDaemon(node);
                X509Certificate previous = Certificates.await(testbed, node, 0);
                daemon.kill();
                if (mode == HandoffMode.RING) {
                    peers.awaitStepsOverDownNodes(0);
                }

                testbed.editConfiguration(text -> text.replace("agree-to-terms", "key = \"ec384\"\nagree-to-terms"));
                testbed.startDaemon(node).awaitLine(line -> line.contains("next renewal "), Testbed.TIMEOUT);

                assertThat(Certificates.verified(testbed, node, 0)).isNotEqualTo(previous);
                assertThat(CaLog.of(testbed.ca()).failedValidations()).isEmpty();
            }
        }
    }
}
