package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.ChildProcess;
import org.ringcert.view.ca.Walk;
import org.ringcert.view.ca.Walker;

/**
 * A client floods a server with invented tokens. The load on its peers is small, and requests for a real token are
 * still redirected to its holder.
 */
@UsesPebble
class FloodTest {

    private static final int FLOODED = 0;
    private static final int HOLDER = 2;
    private static final int FAKE = 3;

    private static final int PER_SECOND = 5_000;
    private static final int SECONDS = 5;
    private static final int CONNECTIONS = 8;
    private static final int TOKENS_PER_CLIENT = PER_SECOND * SECONDS / CONNECTIONS;
    private static final int TOKENS_PER_CONNECTION = 500;

    /** Requests before the flood, because a JVM needs more CPU for its first ones. */
    private static final int WARM_UP = 300;

    /** The look-up budget of one source, plus 256 look-ups that may be in progress. The refill is added by time. */
    private static final int BUDGET = 20 + 256;

    /**
     * The CPU time that a peer may use for each invented token: 5 % of a core at 5,000 a second. It is counted per
     * token and not per second, because a busy machine takes longer for the same work. A peer that was asked for every
     * token would need some hundred microseconds for each.
     */
    private static final Duration PEER_CPU_PER_TOKEN = Duration.ofNanos(50_000_000 / PER_SECOND);

    @TempDir
    private Path folder;

    @Test
    void aFloodOfInventedTokensDoesNotReachThePeersOrDelayOthers() throws Exception {
        try (Testbed testbed = Testbed.start(folder, 4, "www.example.org");
                FakePeer fake = new FakePeer(
                        testbed.cluster().address(FAKE),
                        testbed.ca().httpPort(),
                        (request, out) -> FakePeer.head(out, "404 Not Found", "Content-Length: 0"));
                ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<ChildProcess> daemons = testbed.startDaemons(FLOODED, 1, HOLDER);
            for (int node = FLOODED; node <= HOLDER; node++) {
                Certificates.await(testbed, node, 0);
            }
            for (int i = 0; i < WARM_UP; i++) {
                for (int peer = 1; peer <= HOLDER; peer++) {
                    NodeResponse.get(testbed, peer, NodeResponse.challengePath(Tokens.unknown()) + "?left=");
                }
            }
            int requestsBefore = fake.requests();
            Duration[] cpuBefore = {cpu(daemons.get(1)), cpu(daemons.get(HOLDER))};
            long start = System.nanoTime();
            List<Future<Integer>> floods = new ArrayList<>();
            for (int client = 0; client < CONNECTIONS; client++) {
                String tokens = "an-invented-token-of-" + client + "-";
                floods.add(clients.submit(() -> flood(testbed, tokens, start)));
            }

            String real = Tokens.unknown();
            Tokens.publish(testbed, HOLDER, real);
            Walk walk = walk(testbed, real);
            assertThat(walk.verdict())
                    .as("%s", walk)
                    .isEqualTo(new Walk.Verdict.Accepted(new KeyAuthorization(new Token(real), Tokens.THUMBPRINT)));
            assertThat(walk.redirects()).isEqualTo(1);
            testbed.runCommand(HOLDER, 0, "renew", "--force");
            assertThat(floods).as("the flood is still running").anyMatch(each -> !each.isDone());

            int answered = 0;
            for (Future<Integer> each : floods) {
                answered += each.get();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            assertThat(answered).isEqualTo(TOKENS_PER_CLIENT * CONNECTIONS);
            assertThat(fake.requests() - requestsBefore).isLessThanOrEqualTo((int) (BUDGET + seconds / 3 + 2));
            for (int peer = 1; peer <= HOLDER; peer++) {
                Duration spent = cpu(daemons.get(peer)).minus(cpuBefore[peer - 1]);
                System.out.printf(
                        "%d invented tokens in %.1f s: web%d used %d ms of CPU, %.1f %% of a core at %d a second%n",
                        answered,
                        seconds,
                        peer,
                        spent.toMillis(),
                        100.0
                                * spent.toNanos()
                                / PEER_CPU_PER_TOKEN
                                        .multipliedBy(20L * answered)
                                        .toNanos(),
                        PER_SECOND);
                assertThat(spent).isLessThan(PEER_CPU_PER_TOKEN.multipliedBy(answered));
            }
            assertThat(CaLog.of(testbed.ca()).failedValidations()).isEmpty();
        }
    }

    /** Sends one client's requests at no more than its share of the rate. Returns how many were answered. */
    private static int flood(Testbed testbed, String tokens, long start) throws IOException, InterruptedException {
        int answered = 0;
        while (answered < TOKENS_PER_CLIENT) {
            try (Socket socket = new Socket()) {
                socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.66.6.6"), 0));
                socket.connect(new InetSocketAddress(
                        testbed.cluster().address(FLOODED), testbed.ca().httpPort()));
                BufferedReader responses =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                for (int i = 0; i < TOKENS_PER_CONNECTION && answered < TOKENS_PER_CLIENT; i++) {
                    long nextAt = start + 1_000_000_000L * CONNECTIONS / PER_SECOND * answered;
                    Thread.sleep(Duration.ofNanos(Math.max(0, nextAt - System.nanoTime())));
                    String head = "GET " + NodeResponse.challengePath(tokens + answered)
                            + " HTTP/1.1\r\nHost: www.example.org\r\n\r\n";
                    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                    assertThat(responses.readLine()).matches("HTTP/1.1 (302|404|503) .*");
                    skipRest(responses);
                    answered++;
                }
            }
        }
        return answered;
    }

    private static void skipRest(BufferedReader responses) throws IOException {
        int length = 0;
        String line = responses.readLine();
        while (!line.isEmpty()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).trim());
            }
            line = responses.readLine();
        }
        responses.skip(length);
    }

    private static Walk walk(Testbed testbed, String token) {
        HostName site = new HostName("www.example.org");
        MappedDns dns = new MappedDns(name -> testbed.cluster()
                .address(
                        name.equals(site)
                                ? FLOODED
                                : Integer.parseInt(name.firstLabel().substring(3))));
        return new Walker(dns, MappedDns.privateCa(testbed.ca().httpPort()))
                .walk(site, new Token(token), Duration.ofSeconds(20));
    }

    /** Returns the CPU time used by a process: fields 14 and 15 of proc_pid_stat(5), in hundredths of a second. */
    private static Duration cpu(ChildProcess process) throws IOException {
        String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Duration.ofMillis(10 * (Long.parseLong(fields[11]) + Long.parseLong(fields[12])));
    }
}
