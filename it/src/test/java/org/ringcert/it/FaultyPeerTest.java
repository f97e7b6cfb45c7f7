package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
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
 * One of four servers is faulty. The tokens of the others are found all the same, in every handoff mode. One case is
 * missing: in a ring, a server that answers everything with 200 and a page. A ring's nodes do not ask their peers, so
 * the CA gets that page.
 */
class FaultyPeerTest {

    private static final int SIZE = 4;
    private static final int FAULTY = 2;

    /** The fault of the server. */
    enum PeerFault {
        DEAD,
        SILENT,
        SLOW,
        BAD_GATEWAY,
        WRONG_TOKEN,
        A_PAGE_FOR_EVERYTHING;

        /** Starts a server with the fault. Returns empty for a server that is down. */
        Optional<FakePeer> start(InetAddress address, int port, CountDownLatch end) throws IOException {
            return switch (this) {
                case DEAD -> Optional.empty();
                case SILENT -> Optional.of(new FakePeer(address, port, (request, out) -> end.await()));
                case SLOW ->
                    Optional.of(new FakePeer(address, port, (request, out) -> {
                        boolean _ = end.await(300, TimeUnit.MILLISECONDS);
                        FakePeer.head(out, "404 Not Found", "Content-Length: 0");
                    }));
                case BAD_GATEWAY ->
                    Optional.of(new FakePeer(
                            address,
                            port,
                            (request, out) -> FakePeer.head(out, "502 Bad Gateway", "Content-Length: 0")));
                case WRONG_TOKEN ->
                    Optional.of(new FakePeer(address, port, (request, out) -> {
                        String body = "another-token-than-was-asked-for." + InProcessNodes.THUMBPRINT;
                        FakePeer.head(out, "200 OK", "Content-Length: " + body.length());
                        out.write(body.getBytes(StandardCharsets.US_ASCII));
                    }));
                case A_PAGE_FOR_EVERYTHING -> Optional.of(new FakePeer(address, port, FakePeer.InvalidResponse.A_PAGE));
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
        "REDIRECT, BAD_GATEWAY, 1",
        "REDIRECT, WRONG_TOKEN, 1",
        "REDIRECT, A_PAGE_FOR_EVERYTHING, 1",
        "RELAY, DEAD, 0",
        "RELAY, SILENT, 0",
        "RELAY, SLOW, 0",
        "RELAY, BAD_GATEWAY, 0",
        "RELAY, WRONG_TOKEN, 0",
        "RELAY, A_PAGE_FOR_EVERYTHING, 0",
        "RING, DEAD, 2",
        "RING, SILENT, 2",
        "RING, BAD_GATEWAY, 2",
    })
    void findsTheTokensOfTheOtherServers(HandoffMode mode, PeerFault fault, int maxRedirects) throws Exception {
        List<InetAddress> addresses = IntStream.range(0, SIZE)
                .mapToObj(i -> InetAddress.ofLiteral("127.85.0." + (i + 1)))
                .toList();
        int port = FreePorts.on(addresses);
        CountDownLatch end = new CountDownLatch(1);
        Optional<FakePeer> fake = fault.start(addresses.get(FAULTY), port, end);
        InProcessNodes.InProcessOptions options = InProcessNodes.InProcessOptions.of(addresses, port, mode)
                .watch("1s")
                .down(List.of(FAULTY));
        try (InProcessNodes nodes = new InProcessNodes(folder, options)) {
            if (mode == HandoffMode.RING) {
                // A ring learns of it only through its periodic checks.
                List.of(0, 1, 3).forEach(nodes::awaitStepsOverDownNodes);
            }
            for (int entry : List.of(0, 1, 3)) {
                for (int holder : List.of(0, 1, 3)) {
                    KeyAuthorization answer = new KeyAuthorization(
                            new Token("held-by-%d-asked-at-%d".formatted(holder, entry)), InProcessNodes.THUMBPRINT);
                    nodes.hold(holder, answer);
                    Walk walk = nodes.walk(entry, answer.token());
                    assertThat(walk.verdict()).as("%s", walk).isEqualTo(new Walk.Verdict.Accepted(answer));
                    assertThat(walk.redirects()).as("%s", walk).isLessThanOrEqualTo(maxRedirects);
                }
            }
        } finally {
            end.countDown();
            if (fake.isPresent()) {
                fake.get().close();
            }
        }
    }
}
