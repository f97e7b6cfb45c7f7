package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.demo.LocalCluster;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.demo.TestCa;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.issue.IssuanceEvent;

/**
 * The largest cluster that each handoff mode supports, and a real CA. Every server gets its certificate, wherever the
 * site leads, even if one server is down.
 */
@UsesPebble
class ManyServersTest {

    private static final List<InetAddress> ADDRESSES = IntStream.rangeClosed(1, 12)
            .mapToObj(i -> InetAddress.ofLiteral("127.87.0." + i))
            .toList();

    private static TestCa ca;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws IOException {
        ca = TestCa.start(PebbleRelease.INSTALLED.binaries(), PebbleOptions.on(ADDRESSES));
        for (int node = 0; node < ADDRESSES.size(); node++) {
            ca.setAddress(LocalCluster.name(node), ADDRESSES.get(node));
        }
    }

    @AfterAll
    static void stop() throws IOException {
        if (ca != null) {
            ca.close();
        }
    }

    @ParameterizedTest(name = "{0} servers by {1}, down: {2}")
    @CsvSource({
        "12, REDIRECT, ",
        "12, REDIRECT, 5",
        "12, RELAY, ",
        "12, RELAY, 5",
        "10, RING, ",
        "10, RING, 5",
    })
    void everyServerGetsItsCertificateAtTheFirstAttempt(int servers, HandoffMode mode, Integer deadNode)
            throws Exception {
        List<Integer> down = Stream.ofNullable(deadNode).toList();
        List<Integer> up = IntStream.range(0, servers)
                .filter(node -> !down.contains(node))
                .boxed()
                .toList();
        InProcessNodes.InProcessOptions options = InProcessNodes.InProcessOptions.of(
                        ADDRESSES.subList(0, servers), ca.httpPort(), mode)
                .ca(ca)
                .watch(down.isEmpty() ? "off" : "10s")
                .down(down);
        AtomicInteger answered = new AtomicInteger();
        List<Integer> entries = List.of(0, 7);
        for (int entry : entries) {
            // With new accounts, for which the CA has no earlier validation.
            try (InProcessNodes nodes = new InProcessNodes(folder.resolve("entry-" + entry), options);
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                if (mode == HandoffMode.RING && !down.isEmpty()) {
                    nodes.awaitStepsOverDownNodes(entry);
                }
                ca.setAddress(InProcessNodes.SITE, nodes.address(entry));
                List<Future<?>> orders = new ArrayList<>();
                for (int node : up) {
                    orders.add(threads.submit(() -> nodes.order(node, event -> {
                        if (event instanceof IssuanceEvent.ChallengeReady) {
                            answered.incrementAndGet();
                        }
                    })));
                }
                for (Future<?> order : orders) {
                    order.get();
                }
            }
        }
        assertThat(answered).as("every order was validated").hasValue(entries.size() * up.size());
    }
}
