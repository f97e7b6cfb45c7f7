package org.ringcert.view.look;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ringcert.view.look.SampleViews.PROBE;
import static org.ringcert.view.look.SampleViews.SITE;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.handoff.PeerRequest;
import org.ringcert.http.HostResolver;
import org.ringcert.view.ca.ViewpointReply;
import org.ringcert.view.ca.ViewpointReply.CannotLook;
import org.ringcert.view.ca.ViewpointReply.NoReply;
import org.ringcert.view.ca.ViewpointReply.Seen;

/** A peer that is asked to look, over real connections. Some peers lie, and some are no peers. */
@Timeout(120)
class PeerViewpointTest {

    private static final HostName SELF = new HostName("web0.example.org");
    private static final HostName PEER = new HostName("web1.example.org");
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final String REPORT = ok(LookJson.write(SampleViews.everything()));

    private static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String status(String status) {
        return "HTTP/1.1 " + status + "\r\nLocation: https://www.example.org/\r\nContent-Length: 0\r\n\r\n";
    }

    /** What the peer does with a connection whose request has been read. */
    private interface Behavior {
        void respond(Socket socket) throws IOException, InterruptedException;
    }

    private static Behavior sends(String response) {
        return socket -> socket.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static final class Peer implements AutoCloseable {

        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final Queue<String> requests = new ConcurrentLinkedQueue<>();
        private final Behavior behavior;

        Peer(Behavior behavior) throws IOException {
            this.behavior = behavior;
            var _ = threads.submit(this::accept);
        }

        private Void accept() throws IOException {
            while (true) {
                Socket socket = server.accept();
                var _ = threads.submit(() -> serve(socket));
            }
        }

        private Void serve(Socket socket) throws IOException, InterruptedException {
            try (socket) {
                InputStream in = socket.getInputStream();
                StringBuilder read = new StringBuilder();
                while (read.indexOf("\r\n\r\n") < 0) {
                    read.append((char) in.read());
                }
                requests.add(read.toString());
                behavior.respond(socket);
            }
            return null;
        }

        Node node() {
            return new Node(PEER, "127.0.0.1", server.getLocalPort());
        }

        PeerViewpoint viewpoint(Duration timeout) {
            return new PeerViewpoint(node(), SELF, new PeerRequest(new HostResolver()), timeout, SHORT);
        }

        @Override
        public void close() throws IOException {
            server.close();
            threads.shutdownNow();
            // The port accepts connections until the thread has left accept.
            threads.close();
        }
    }

    private static ViewpointReply look(Behavior behavior, Duration timeout) throws IOException {
        try (Peer peer = new Peer(behavior)) {
            return peer.viewpoint(timeout).look(SITE, PROBE);
        }
    }

    @Test
    void asksThePeerAndReturnsWhatItSaw() throws IOException {
        try (Peer peer = new Peer(sends(REPORT))) {
            PeerViewpoint viewpoint = peer.viewpoint(LONG);

            assertThat(viewpoint.node()).isEqualTo(PEER);
            assertThat(viewpoint.look(SITE, PROBE)).isEqualTo(new Seen(SampleViews.reported()));
            assertThat(peer.requests)
                    .singleElement()
                    .satisfies(request -> assertThat(request)
                            .startsWith("GET " + PROBE.token().path()
                                    + "?at=web0.example.org&look=www.example.org HTTP/1.1\r\nHost: web1.example.org:"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            302 Found             | a web server or an earlier version answers there (status 302)
            301 Moved Permanently | a web server or an earlier version answers there (status 301)
            404 Not Found         | it does not look for peers, or could not get the probe (status 404)
            503 Busy              | it is busy with looks for others, or its web server does not reach Ringcert (status 503)
            502 Bad Gateway       | it answers with status 502
            403 Forbidden         | it answers with status 403
            """)
    void cannotLookIfItAnswersOtherwise(String status, String reason) throws IOException {
        assertThat(look(sends(status(status)), LONG))
                .isInstanceOfSatisfying(
                        CannotLook.class, reply -> assertThat(reply.reason()).isEqualTo(reason));
    }

    @Test
    void triesABusyPeerAgain() throws IOException {
        AtomicInteger attempts = new AtomicInteger();
        Behavior busyTwice = socket -> sends(attempts.incrementAndGet() < 3 ? status("503 Busy") : REPORT)
                .respond(socket);
        assertThat(look(busyTwice, LONG)).isInstanceOf(Seen.class);

        try (Peer peer = new Peer(sends(status("503 Busy")))) {
            assertThat(peer.viewpoint(LONG).look(SITE, PROBE)).isInstanceOf(CannotLook.class);
            assertThat(peer.requests).hasSize(3);
        }
    }

    @Test
    void triesABusyPeerAgainOnlyWithinTheTime() throws IOException {
        try (Peer peer = new Peer(sends(status("503 Busy")))) {
            PeerViewpoint viewpoint =
                    new PeerViewpoint(peer.node(), SELF, new PeerRequest(new HostResolver()), LONG, LONG);
            assertThat(viewpoint.look(SITE, PROBE)).isInstanceOf(CannotLook.class);
            assertThat(peer.requests).hasSize(1);
        }
    }

    /** A web server may take seconds to find out that it does not reach the daemon. */
    @Test
    void isBusyIfThereIsNoTimeForAnotherAttempt() throws IOException {
        AtomicInteger attempts = new AtomicInteger();
        CountDownLatch over = new CountDownLatch(1);
        Behavior busyOnce = socket -> {
            if (attempts.incrementAndGet() > 1) {
                over.await();
            }
            sends(status("503 Busy")).respond(socket);
        };
        assertThat(look(busyOnce, Duration.ofMillis(500)))
                .isInstanceOfSatisfying(
                        CannotLook.class, reply -> assertThat(reply.reason()).contains("503"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "<html><body>It works!</body></html>",
                "{\"version\":2}",
                "{\"version\":1,\"name\":\"\u001b]0;owned\u0007\"}",
                "probe-token-0123456789-0123456789-0123456789.0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
            })
    void cannotLookIfItReportsGarbage(String body) throws IOException {
        assertThat(look(sends(ok(body)), LONG))
                .isInstanceOfSatisfying(
                        CannotLook.class,
                        reply -> assertThat(reply.reason())
                                .startsWith("its report cannot be read: ")
                                .matches("[ -~]+"));
    }

    @Test
    void cannotLookIfItReportsAnotherName() throws IOException {
        String other = LookJson.write(SampleViews.everything()).replace("\"name\":\"www.", "\"name\":\"shop.");
        assertThat(look(sends(ok(other)), LONG))
                .isEqualTo(new CannotLook("its report cannot be read: it is about another name"));
    }

    @Test
    void readsNoMoreOfAHugeReportThanItMay() throws IOException {
        AtomicInteger sent = new AtomicInteger();
        Behavior endless = socket -> {
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] spaces = " ".repeat(1024).getBytes(StandardCharsets.US_ASCII);
            while (true) {
                socket.getOutputStream().write(spaces);
                sent.addAndGet(spaces.length);
            }
        };
        assertThat(look(endless, LONG)).isEqualTo(new CannotLook("its report has more than 65536 bytes"));
        // What the kernel buffers is counted as sent, too.
        assertThat(sent.get()).isLessThan(32 * 1024 * 1024);
    }

    @Test
    void doesNotReplyIfItIsSilentOrSlow() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        Behavior silent = _ -> over.await();
        assertThat(look(silent, Duration.ofMillis(50))).isEqualTo(new NoReply("no answer within 4 s"));

        Behavior drip = socket -> {
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (!over.await(1, TimeUnit.MILLISECONDS)) {
                socket.getOutputStream().write(' ');
            }
        };
        assertThat(look(drip, Duration.ofMillis(200))).isEqualTo(new NoReply("no answer within 4 s"));
    }

    @Test
    void doesNotReplyIfItBreaksTheConnection() throws IOException {
        assertThat(look(_ -> {}, LONG)).isInstanceOf(NoReply.class);
        assertThat(look(sends("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"), LONG))
                .isInstanceOf(NoReply.class);
    }

    @Test
    void doesNotReplyIfItRefusesTheConnection() throws IOException {
        Peer peer = new Peer(_ -> {});
        peer.close();
        assertThat(peer.viewpoint(LONG).look(SITE, PROBE))
                .isInstanceOfSatisfying(
                        NoReply.class,
                        reply -> assertThat(reply.reason()).startsWith("cannot connect: Connection refused"));
    }

    @Test
    void doesNotReplyIfItsAddressIsUnknown() {
        // A name that the resolver refuses by itself, so that no DNS server is needed.
        Node unknown = new Node(PEER, "x".repeat(64) + ".invalid", 80);
        PeerViewpoint viewpoint = new PeerViewpoint(unknown, SELF, new PeerRequest(new HostResolver()), LONG, SHORT);
        assertThat(viewpoint.look(SITE, PROBE)).isEqualTo(new NoReply("its address cannot be resolved"));
    }

    @Test
    void cannotLookIfItDoesNotSpeakHttp() throws IOException {
        assertThat(look(sends("SSH-2.0-OpenSSH\r\n"), LONG))
                .isEqualTo(
                        new CannotLook(
                                "its answer is not HTTP: the response is not HTTP/1.1",
                                "See which program listens on that port there. It must be a web server or the Ringcert daemon."));
    }

    /** A peer refuses more than four looks, and a second one with the same token. */
    @Test
    void asksForFourLooksAtATimeAndOnceForEachToken() throws Exception {
        AtomicInteger active = new AtomicInteger();
        AtomicInteger max = new AtomicInteger();
        CountDownLatch mayAnswer = new CountDownLatch(1);
        Behavior counting = socket -> {
            max.accumulateAndGet(active.incrementAndGet(), Math::max);
            mayAnswer.await();
            active.decrementAndGet();
            sends(status("404 Not Found")).respond(socket);
        };
        try (Peer peer = new Peer(counting);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            PeerViewpoint viewpoint = peer.viewpoint(LONG);
            List<Future<ViewpointReply>> replies = new ArrayList<>();
            IntStream.range(0, 3).forEach(_ -> replies.add(threads.submit(() -> viewpoint.look(SITE, PROBE))));
            await().atMost(LONG).until(() -> peer.requests.size() == 1 && active.get() == 1);
            IntStream.range(0, 10).forEach(i -> {
                KeyAuthorization probe =
                        new KeyAuthorization(new Token("another-probe-number-" + i), PROBE.thumbprint());
                replies.add(threads.submit(() -> viewpoint.look(SITE, probe)));
            });
            await().atMost(LONG).until(() -> active.get() == LookSlots.MAX_LOOKS);
            mayAnswer.countDown();
            for (Future<ViewpointReply> reply : replies) {
                assertThat(reply.get()).isInstanceOf(CannotLook.class);
            }
            assertThat(peer.requests).hasSize(13);
            assertThat(max.get()).isEqualTo(LookSlots.MAX_LOOKS);
        }
    }

    @Test
    void endsWhenItIsInterrupted() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Peer peer = new Peer(_ -> over.await())) {
            PeerViewpoint viewpoint = peer.viewpoint(LONG);
            Queue<ViewpointReply> replies = new ConcurrentLinkedQueue<>();
            Thread first = Thread.ofVirtual().start(() -> replies.add(viewpoint.look(SITE, PROBE)));
            await().atMost(LONG).until(() -> peer.requests.size() == 1);
            Thread second = Thread.ofVirtual().start(() -> replies.add(viewpoint.look(SITE, PROBE)));
            second.interrupt();
            second.join();
            assertThat(replies).containsExactly(new NoReply("the wait for it was interrupted"));
            first.interrupt();
            first.join();
            assertThat(replies).hasSize(2).allSatisfy(reply -> assertThat(reply).isInstanceOf(NoReply.class));
        }
    }
}
