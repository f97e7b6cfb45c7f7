package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.challenge.Challenges;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.demo.FreePorts;
import org.ringcert.demo.LocalCluster;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.demo.TestCa;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.view.ca.Walk;

/**
 * Three servers: one clock is right, one an hour ahead, one an hour behind. File times are from this machine's clock.
 */
@UsesPebble
class WrongClocksTest {

    private static final List<InetAddress> ADDRESSES = IntStream.rangeClosed(1, 3)
            .mapToObj(i -> InetAddress.ofLiteral("127.88.0." + i))
            .toList();
    private static final List<Duration> OFFSETS = List.of(Duration.ZERO, Duration.ofHours(1), Duration.ofHours(-1));

    private final List<ShiftedClock> clocks =
            OFFSETS.stream().map(ShiftedClock::new).toList();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void aTokenIsFoundOnAllServersUntilItExpires(HandoffMode mode) throws Exception {
        InProcessNodes.InProcessOptions options = InProcessNodes.InProcessOptions.of(
                        ADDRESSES, FreePorts.on(ADDRESSES), mode)
                .clocks(clocks::get);
        try (InProcessNodes nodes = new InProcessNodes(folder, options)) {
            for (int holder = 0; holder < ADDRESSES.size(); holder++) {
                KeyAuthorization answer =
                        new KeyAuthorization(new Token("held-by-a-wrong-clock-" + holder), InProcessNodes.THUMBPRINT);
                Challenges challenges = nodes.node(holder).challenges();
                Challenges afterRestart = new Challenges(nodes.node(holder).store(), List.of(), clocks.get(holder));

                challenges.publish(answer);
                sweep(nodes);
                assertThat(afterRestart.find(answer.token())).contains(answer);
                assertFoundAtEveryServer(nodes, answer);

                challenges.retire(answer.token());
                clocks.forEach(clock -> clock.advance(Challenges.GRACE_PERIOD.minusSeconds(20)));
                sweep(nodes);
                assertThat(afterRestart.find(answer.token())).contains(answer);
                assertFoundAtEveryServer(nodes, answer);

                // A node that has asked its peers remembers the holder for ten minutes, by its own clock.
                clocks.forEach(clock -> clock.advance(Duration.ofMinutes(11)));
                sweep(nodes);
                assertThat(afterRestart.find(answer.token())).isEmpty();
                assertNotFoundAtAnyServer(nodes, answer.token());
            }
        }
    }

    /** The site leads to a different server than the one that orders. */
    @ParameterizedTest
    @EnumSource
    void eachServerGetsItsCertificate(HandoffMode mode) throws Exception {
        try (TestCa ca = TestCa.start(PebbleRelease.INSTALLED.binaries(), PebbleOptions.on(ADDRESSES))) {
            InProcessNodes.InProcessOptions options = InProcessNodes.InProcessOptions.of(ADDRESSES, ca.httpPort(), mode)
                    .ca(ca)
                    .clocks(clocks::get);
            try (InProcessNodes nodes = new InProcessNodes(folder, options)) {
                for (int node = 0; node < ADDRESSES.size(); node++) {
                    ca.setAddress(LocalCluster.name(node), ADDRESSES.get(node));
                }
                for (int node = 0; node < ADDRESSES.size(); node++) {
                    ca.setAddress(InProcessNodes.SITE, ADDRESSES.get((node + 1) % ADDRESSES.size()));
                    nodes.order(node, _ -> {});
                }
            }
            assertThat(CaLog.of(ca).failedValidations()).isEmpty();
        }
    }

    private static void sweep(InProcessNodes nodes) {
        for (int node = 0; node < ADDRESSES.size(); node++) {
            nodes.node(node).challenges().removeExpired();
        }
    }

    private static void assertFoundAtEveryServer(InProcessNodes nodes, KeyAuthorization answer) {
        for (int entry = 0; entry < ADDRESSES.size(); entry++) {
            Walk walk = nodes.walk(entry, answer.token());
            assertThat(walk.verdict()).as("%s", walk).isEqualTo(new Walk.Verdict.Accepted(answer));
        }
    }

    private static void assertNotFoundAtAnyServer(InProcessNodes nodes, Token token) {
        for (int entry = 0; entry < ADDRESSES.size(); entry++) {
            Walk walk = nodes.walk(entry, token);
            assertThat(walk.lastStatus()).as("%s", walk).hasValue(404);
        }
    }
}
