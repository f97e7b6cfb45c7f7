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
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.ChildProcess;
import org.ringcert.view.ca.Walk;
import org.ringcert.view.ca.Walker;

/**
 * A stranger invents tokens; the peers hardly notice, and whoever asks for a real one is sent straight to its holder.
 */
@UsesPebble
class FloodTest {

    private static final int DOOR = 0;
    private static final int HOLDER = 2;
    private static final int COUNTING = 3;

    private static final int A_SECOND = 5_000;
    private static final int SECONDS = 5;
    private static final int CONNECTIONS = 8;
    private static final int SHARE = A_SECOND * SECONDS / CONNECTIONS;
    private static final int ON_ONE_CONNECTION = 500;

    /** Questions before the flood: what a peer's first ones cost is the JVM's, not theirs. */
    private static final int WARMING = 300;

    /**
     * The budget of one source, and what 256 questions under way may add to it; what fills up meanwhile is counted by
     * the clock.
     */
    private static final int BUDGET = 20 + 256;

    /**
     * 5 % of a core at 5,000 a second, for one invented token. Counted so and not by the time that went by, since a
     * busy machine takes longer for the same work. A peer that was asked for each of them would need some hundred
     * microseconds for each.
     */
    private static final Duration PEER_CPU_FOR_A_TOKEN = Duration.ofNanos(50_000_000 / A_SECOND);

    @TempDir
    private Path folder;

    @Test
    void floodOfInventedTokensIsNoFloodAtThePeersAndHoldsUpNobody() throws Exception {
        try (Testbed testbed =
                        Testbed.start(folder, PebbleRelease.INSTALLED, UnaryOperator.identity(), 4, "www.example.org");
                FakePeer counting = new FakePeer(
                        testbed.cluster().address(COUNTING),
                        testbed.ca().httpPort(),
                        (line, out) -> FakePeer.head(out, "404 Not Found", "Content-Length: 0"));
                ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<ChildProcess> daemons = testbed.startDaemons(DOOR, 1, HOLDER);
            for (int node = DOOR; node <= HOLDER; node++) {
                Certificates.await(testbed, node, 0);
            }
            for (int question = 0; question < WARMING; question++) {
                for (int peer = 1; peer <= HOLDER; peer++) {
                    NodeResponse.get(testbed, peer, NodeResponse.challengePath(Tokens.unknown()) + "?left=");
                }
            }
            int asked = counting.requests();
            Duration[] before = {cpu(daemons.get(1)), cpu(daemons.get(HOLDER))};
            long began = System.nanoTime();
            List<Future<Integer>> floods = new ArrayList<>();
            for (int client = 0; client < CONNECTIONS; client++) {
                String tokens = "an-invented-token-of-" + client + "-";
                floods.add(clients.submit(() -> flood(testbed, tokens, began)));
            }

            String real = Tokens.unknown();
            Tokens.publish(testbed, HOLDER, real);
            Walk walk = walk(testbed, real);
            assertThat(walk.verdict()).as("%s", walk).isEqualTo(new Walk.Verdict.Ok(Tokens.answer(real)));
            assertThat(walk.redirects()).isEqualTo(1);
            testbed.runCommand(HOLDER, 0, "renew", "--force");
            assertThat(floods).as("the flood is still there").anyMatch(each -> !each.isDone());

            int answered = 0;
            for (Future<Integer> each : floods) {
                answered += each.get();
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            assertThat(answered).isEqualTo(SHARE * CONNECTIONS);
            assertThat(counting.requests() - asked).isLessThanOrEqualTo((int) (BUDGET + seconds / 3 + 2));
            for (int peer = 1; peer <= HOLDER; peer++) {
                Duration spent = cpu(daemons.get(peer)).minus(before[peer - 1]);
                System.out.printf(
                        "%d invented tokens in %.1f s: web%d was busy for %d ms, %.1f %% of a core at %d a second%n",
                        answered,
                        seconds,
                        peer,
                        spent.toMillis(),
                        100.0
                                * spent.toNanos()
                                / PEER_CPU_FOR_A_TOKEN
                                        .multipliedBy(20L * answered)
                                        .toNanos(),
                        A_SECOND);
                assertThat(spent).isLessThan(PEER_CPU_FOR_A_TOKEN.multipliedBy(answered));
            }
            assertThat(CaLog.of(testbed.ca()).failedValidations()).isEmpty();
        }
    }

    /** The share of one client, no faster than its share of the rate. */
    private static int flood(Testbed testbed, String tokens, long began) throws IOException, InterruptedException {
        int answered = 0;
        while (answered < SHARE) {
            try (Socket socket = new Socket()) {
                socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.66.6.6"), 0));
                socket.connect(new InetSocketAddress(
                        testbed.cluster().address(DOOR), testbed.ca().httpPort()));
                BufferedReader answers =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                for (int i = 0; i < ON_ONE_CONNECTION && answered < SHARE; i++) {
                    long due = began + 1_000_000_000L * CONNECTIONS / A_SECOND * answered;
                    Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
                    String head = "GET " + NodeResponse.challengePath(tokens + answered)
                            + " HTTP/1.1\r\nHost: www.example.org\r\n\r\n";
                    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                    assertThat(answers.readLine()).matches("HTTP/1.1 (302|404|503) .*");
                    skipRest(answers);
                    answered++;
                }
            }
        }
        return answered;
    }

    private static void skipRest(BufferedReader answers) throws IOException {
        int length = 0;
        String line = answers.readLine();
        while (!line.isEmpty()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).trim());
            }
            line = answers.readLine();
        }
        answers.skip(length);
    }

    private static Walk walk(Testbed testbed, String token) {
        HostName site = new HostName("www.example.org");
        Walker.Resolver names = name -> testbed.cluster()
                .address(
                        name.equals(site)
                                ? DOOR
                                : Integer.parseInt(name.firstLabel().substring(3)));
        return new Walker(names, testbed.ca().httpPort(), Duration.ofSeconds(20)).walk(site, new Token(token));
    }

    /** What the process has used of the CPU so far: fields 14 and 15 of proc_pid_stat(5), in hundredths of a second. */
    private static Duration cpu(ChildProcess process) throws IOException {
        String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Duration.ofMillis(10 * (Long.parseLong(fields[11]) + Long.parseLong(fields[12])));
    }
}
