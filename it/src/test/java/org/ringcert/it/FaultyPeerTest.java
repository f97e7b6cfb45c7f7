package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.demo.FreePorts;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.view.ca.Walk;

/**
 * One of four servers is at fault; what the others hold is found all the same, in each way of handing over. Not in the
 * list: a server that answers 200 with a page to everything, in a ring. A ring asks nobody, so the CA takes what it
 * gets there.
 */
class FaultyPeerTest {

    private static final int SIZE = 4;
    private static final int FAULTY = 2;

    /** What is wrong with the server. */
    enum Fault {
        DEAD,
        SILENT,
        SLOW,
        OUT_OF_ORDER,
        LYING,
        A_PAGE_FOR_EVERYTHING;

        /** What stands in its place, if anything. */
        Optional<FakePeer> standIn(InetAddress address, int port, CountDownLatch end) throws IOException {
            return switch (this) {
                case DEAD -> Optional.empty();
                case SILENT -> Optional.of(new FakePeer(address, port, (line, out) -> end.await()));
                case SLOW ->
                    Optional.of(new FakePeer(address, port, (line, out) -> {
                        boolean _ = end.await(300, TimeUnit.MILLISECONDS);
                        FakePeer.head(out, "404 Not Found", "Content-Length: 0");
                    }));
                case OUT_OF_ORDER ->
                    Optional.of(new FakePeer(
                            address, port, (line, out) -> FakePeer.head(out, "502 Bad Gateway", "Content-Length: 0")));
                case LYING ->
                    Optional.of(new FakePeer(address, port, (line, out) -> {
                        String other = "another-token-than-was-asked-for." + InProcessNodes.THUMBPRINT;
                        FakePeer.head(out, "200 OK", "Content-Length: " + other.length());
                        out.write(other.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                    }));
                case A_PAGE_FOR_EVERYTHING -> Optional.of(new FakePeer(address, port, FakePeer.Nonsense.A_PAGE));
            };
        }
    }

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{1} by {0}")
    @CsvSource({
        "REDIRECT, DEAD, 1",
        "REDIRECT, SILENT, 1",
        "REDIRECT, SLOW, 1",
        "REDIRECT, OUT_OF_ORDER, 1",
        "REDIRECT, LYING, 1",
        "REDIRECT, A_PAGE_FOR_EVERYTHING, 1",
        "RELAY, DEAD, 0",
        "RELAY, SILENT, 0",
        "RELAY, SLOW, 0",
        "RELAY, OUT_OF_ORDER, 0",
        "RELAY, LYING, 0",
        "RELAY, A_PAGE_FOR_EVERYTHING, 0",
        "RING, DEAD, 2",
        "RING, SILENT, 2",
        "RING, OUT_OF_ORDER, 2",
    })
    void whatTheOthersHoldIsFound(HandoffMode mode, Fault fault, int mostRedirects) throws Exception {
        List<InetAddress> addresses = IntStream.range(0, SIZE)
                .mapToObj(i -> InetAddress.ofLiteral("127.85.0." + (i + 1)))
                .toList();
        int port = FreePorts.on(addresses);
        CountDownLatch end = new CountDownLatch(1);
        Optional<FakePeer> standIn = fault.standIn(addresses.get(FAULTY), port, end);
        InProcessNodes.Plan plan =
                InProcessNodes.Plan.of(addresses, port, mode).watch("1s").down(List.of(FAULTY));
        try (InProcessNodes nodes = new InProcessNodes(folder, plan)) {
            if (mode == HandoffMode.RING) {
                // it learns by its watch, so that it may take a moment
                List.of(0, 1, 3).forEach(nodes::awaitStepsOverDownNodes);
            }
            for (int entry : List.of(0, 1, 3)) {
                for (int holder : List.of(0, 1, 3)) {
                    KeyAuthorization answer = new KeyAuthorization(
                            new Token("held-by-%d-asked-at-%d".formatted(holder, entry)), InProcessNodes.THUMBPRINT);
                    nodes.hold(holder, answer);
                    Walk walk = nodes.walk(entry, answer.token());
                    assertThat(walk.verdict()).as("%s", walk).isEqualTo(new Walk.Verdict.Ok(answer.text()));
                    assertThat(walk.redirects()).as("%s", walk).isLessThanOrEqualTo(mostRedirects);
                }
            }
        } finally {
            end.countDown();
            if (standIn.isPresent()) {
                standIn.get().close();
            }
        }
    }
}
