package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.Site;
import org.ringcert.demo.ChildProcess;

@UsesPebble
class DeadServerTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void onlySitesThatLeadToADeadServerGetNoCertificate(int up) throws Exception {
        try (Testbed testbed = Testbed.start(folder, 3, "www.example.org", "shop.example.org", "blog.example.org")) {
            List<Site> sites = testbed.cluster().sites();
            List<ChildProcess> daemons =
                    testbed.startDaemons(IntStream.range(0, up).boxed().toArray(Integer[]::new));
            for (int node = 0; node < up; node++) {
                for (int site = 0; site < up; site++) {
                    Certificates.await(testbed, node, site);
                }
                for (int site = up; site < 3; site++) {
                    String failed = sites.get(site) + ": failed, next try";
                    assertThat(daemons.get(node).awaitLine(line -> line.contains(failed), Testbed.TIMEOUT))
                            .contains("connection refused");
                    assertThat(Certificates.isIssued(testbed, node, site)).isFalse();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10})
    void anUnknownTokenGets404AtTheFirstServerInAClusterOfAnySize(int nodes) throws Exception {
        try (Testbed testbed = Testbed.start(folder, nodes, "www.example.org")) {
            testbed.ca().stop();
            testbed.startAllDaemons();
            for (int node = 0; node < nodes; node++) {
                assertThat(NodeResponse.get(testbed, node, NodeResponse.challengePath(Tokens.unknown()) + "?left=")
                                .status())
                        .isEqualTo(404);
            }
            for (int node : new int[] {0, nodes - 1}) {
                String token = Tokens.unknown();
                NodeResponse response = NodeResponse.getChallenge(testbed, node, token);
                assertThat(response.status()).isEqualTo(404);
                assertThat(response.location()).isEmpty();
                assertThat(response.body()).doesNotContain(token);
            }
        }
    }
}
