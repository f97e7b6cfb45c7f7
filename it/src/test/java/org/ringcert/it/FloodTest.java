package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.daemon.demo.FreePorts;
import org.ringcert.handoff.HandoffMode;

/** A stranger invents tokens; the peers hardly notice, and whoever asks for a real one is sent straight to its holder. */
class FloodTest {

    private static final String THUMBPRINT = "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";
    private static final int INVENTED = 5_000;

    /** The budget of one source, and what 256 questions under way may add to it; what fills up meanwhile is counted by the clock. */
    private static final int BUDGET = 20 + 256;

    @TempDir
    private Path folder;

    @Test
    void floodOfInventedTokensIsNoFloodAtThePeersAndHoldsUpNobody() throws Exception {
        List<InetAddress> addresses = IntStream.range(0, 3)
                .mapToObj(i -> InetAddress.ofLiteral("127.86.0." + (i + 1)))
                .toList();
        int port = FreePorts.on(addresses);
        try (StrangePeer counting = new StrangePeer(
                        addresses.get(1),
                        port,
                        (line, out) -> StrangePeer.head(out, "404 Not Found", "Content-Length: 0"));
                InProcessNodes nodes =
                        new InProcessNodes(folder, addresses, port, HandoffMode.REDIRECT, "off", List.of(1));
                ExecutorService clients = Executors.newFixedThreadPool(8)) {
            long began = System.nanoTime();
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < INVENTED; i++) {
                String token = "an-invented-token-%06d".formatted(i);
                answers.add(clients.submit(() -> ask("127.66.6.6", addresses.get(0), port, token)));
            }
            KeyAuthorization answer = new KeyAuthorization(new Token("a-real-token-of-this-time"), THUMBPRINT);
            nodes.hold(2, answer);
            assertThat(ask("127.77.7.7", addresses.get(0), port, answer.token().value()))
                    .startsWith("HTTP/1.1 302 ")
                    .contains("Location: http://web2.example.org:" + port
                            + answer.token().path() + "?left=\r\n");
            for (Future<String> each : answers) {
                assertThat(each.get()).matches("(?s)HTTP/1.1 (302|404|503) .*");
            }
            long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds() + 1;
            assertThat(counting.questions()).isLessThanOrEqualTo((int) (BUDGET + seconds / 3 + 1));
        }
    }

    /** Asks from that address of this machine. */
    private static String ask(String from, InetAddress to, int port, String token) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
            socket.connect(new InetSocketAddress(to, port));
            socket.getOutputStream()
                    .write(("GET /.well-known/acme-challenge/" + token
                                    + " HTTP/1.1\r\nHost: www.example.org\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(4096), StandardCharsets.ISO_8859_1);
        }
    }
}
