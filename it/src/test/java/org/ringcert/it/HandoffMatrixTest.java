package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.demo.FreePorts;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.view.ca.Walk;

/** Each node finds the tokens of each other node, in every handoff mode. The client follows redirects as CAs do. */
class HandoffMatrixTest {

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0} servers by {1}, down: {2}")
    @CsvSource({
        "1, REDIRECT, -1, 0",
        "3, REDIRECT, -1, 1",
        "12, REDIRECT, -1, 1",
        "12, REDIRECT, 5, 1",
        "12, RELAY, -1, 0",
        "12, RELAY, 5, 0",
        "10, RING, -1, 9",
        "10, RING, 5, 8",
    })
    void everyNodeFindsTheTokensOfAllNodesAndEndsWalksForUnknownOnes(
            int nodes, HandoffMode mode, int down, int maxRedirects) throws Exception {
        List<InetAddress> addresses = IntStream.range(0, nodes)
                .mapToObj(i -> InetAddress.ofLiteral("127.82.0." + (i + 1)))
                .toList();
        List<Integer> downNodes =
                OptionalInt.of(down).stream().filter(node -> node >= 0).boxed().toList();
        List<Integer> up = IntStream.range(0, nodes)
                .filter(node -> !downNodes.contains(node))
                .boxed()
                .toList();
        InProcessNodes.InProcessOptions options = InProcessNodes.InProcessOptions.of(
                        addresses, FreePorts.on(addresses), mode)
                .watch(downNodes.isEmpty() ? "off" : "10s")
                .down(downNodes);
        try (InProcessNodes cluster = new InProcessNodes(folder, options)) {
            if (mode == HandoffMode.RING && !downNodes.isEmpty()) {
                up.forEach(cluster::awaitStepsOverDownNodes);
            }
            for (int holder : up) {
                for (int entry : up) {
                    KeyAuthorization answer = new KeyAuthorization(
                            new Token("held-by-%02d-asked-at-%02d".formatted(holder, entry)),
                            InProcessNodes.THUMBPRINT);
                    cluster.hold(holder, answer);
                    Walk walk = cluster.walk(entry, answer.token());
                    assertThat(walk.verdict()).as("%s", walk).isEqualTo(new Walk.Verdict.Accepted(answer));
                    assertThat(walk.redirects()).isLessThanOrEqualTo(maxRedirects);
                    cluster.release(holder, answer.token());
                }
            }
            for (int entry : up) {
                Walk walk = cluster.walk(entry, new Token("unknown-asked-at-%02d".formatted(entry)));
                assertThat(walk.lastStatus()).as("%s", walk).hasValue(404);
                assertThat(walk.redirects()).isLessThanOrEqualTo(mode == HandoffMode.RING ? nodes - 1 : 0);
            }
        }
    }
}
