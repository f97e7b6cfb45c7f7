package org.ringcert.view.ca;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ringcert.view.ca.Walk.Verdict;

/** Servers that want a walk to take long, to read much or to crash. */
class HostileServersTest {

    private static final Duration SHORT = Duration.ofMillis(500);

    private WalkLab lab;

    @BeforeEach
    void start() throws IOException {
        lab = new WalkLab();
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    /** Sends the bytes again and again until the client is gone. Returns how many were sent. */
    private AtomicLong repeat(String start, String again) {
        AtomicLong sent = new AtomicLong();
        lab.server.handle(socket -> {
            RawServer.readHead(socket);
            OutputStream out = socket.getOutputStream();
            out.write(start.getBytes(StandardCharsets.ISO_8859_1));
            byte[] bytes = again.getBytes(StandardCharsets.ISO_8859_1);
            while (true) {
                out.write(bytes);
                sent.addAndGet(bytes.length);
            }
        });
        return sent;
    }

    @Test
    void endlessHeadersAreNotRead() {
        repeat("HTTP/1.1 200 OK\r\n", "X-A: b\r\n".repeat(100));
        assertThat(WalkLab.refusal(lab.walk()).what()).contains("more than 32768 bytes");
    }

    @Test
    void anEndlessHeaderIsNotRead() {
        repeat("HTTP/1.1 200 OK\r\nX: ", "x".repeat(1000));
        assertThat(WalkLab.refusal(lab.walk()).what()).contains("more than 32768 bytes");
    }

    @Test
    void endlessInterimResponsesAreNotRead() {
        repeat("", "HTTP/1.1 103 Early Hints\r\n\r\n");
        assertThat(WalkLab.refusal(lab.walk()).what()).contains("interim responses");
    }

    @Test
    void anEndlessBodyIsNotRead() {
        repeat("HTTP/1.1 200 OK\r\n\r\n", "x".repeat(1000));
        assertThat(WalkLab.refusal(lab.walk()).rule()).isEqualTo(Rule.BODY_SIZE);
    }

    @Test
    void endlessChunksAreNotRead() {
        repeat("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n");
        assertThat(WalkLab.refusal(lab.walk()).rule()).isEqualTo(Rule.BODY_SIZE);
    }

    @Test
    void anEndlessGzipBodyIsNotRead() {
        repeat("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\u001f\u008b\b\0\0\0\0\0\0\3", "\0\0\0\u00ff\u00ff");
        assertThat(WalkLab.refusal(lab.walk()).rule()).isEqualTo(Rule.BODY_SIZE);
    }

    @Test
    void trailersAreReadWithinTheLimit() {
        repeat(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n57\r\n" + WalkLab.ANSWER.text() + "\r\n0\r\n",
                "X-A: b\r\n".repeat(100));
        assertThat(WalkLab.refusal(lab.walk()).what()).contains("more than 32768 bytes");
    }

    @Test
    void aByteNowAndThenDoesNotExtendTheDeadline() {
        CountDownLatch end = new CountDownLatch(1);
        lab.server.handle(socket -> {
            RawServer.readHead(socket);
            RawServer.send(socket, "HTTP/1.1 200 OK\r\nX: ");
            while (!await(end, 20)) {
                RawServer.send(socket, "x");
            }
        });
        Problem problem = WalkLab.refusal(lab.walkWithLimitOfCas(SHORT));
        end.countDown();
        assertThat(problem.rule()).isEqualTo(Rule.TIME);
    }

    @Test
    void aByteNowAndThenDoesNotExtendAHandshake() throws IOException {
        CountDownLatch end = new CountDownLatch(1);
        try (RawServer https = RawServer.start(WalkLab.LOOPBACK, 0)) {
            lab.httpsPort = https.port();
            https.handle(socket -> {
                // A handshake record of 16,000 bytes.
                RawServer.send(socket, "\u0016\u0003\u0003>\u0080\u0002\0>|");
                while (!await(end, 20)) {
                    RawServer.send(socket, "x");
                }
            });
            lab.server.respond(request -> WalkLab.redirect("https://www.example.org:" + https.port() + "/x"));
            Walk walk = lab.walkWithLimitOfCas(SHORT);
            end.countDown();
            assertThat(WalkLab.refusal(walk).rule()).isEqualTo(Rule.TIME);
            assertThat(walk.hops().getLast().time()).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void slowRedirectsShareTheDeadline() {
        CountDownLatch end = new CountDownLatch(1);
        lab.server.handle(socket -> {
            lab.server.requests().add(RawServer.readHead(socket));
            await(end, 200);
            RawServer.send(
                    socket, WalkLab.redirect("/hop" + lab.server.requests().size()));
        });
        Walk walk = lab.walkWithLimitOfCas(SHORT);
        end.countDown();
        assertThat(WalkLab.refusal(walk).rule()).isEqualTo(Rule.TIME);
        assertThat(walk.hops()).hasSizeLessThan(5);
    }

    @Test
    void anInterruptEndsAWalk() throws Exception {
        CountDownLatch requested = new CountDownLatch(1);
        lab.server.handle(socket -> {
            RawServer.readHead(socket);
            requested.countDown();
            socket.getInputStream().read();
        });
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            Walk walk = lab.walk();
            assertThat(walk.verdict()).isEqualTo(new Verdict.Undecided("the walk was interrupted", ""));
            return Thread.currentThread().isInterrupted();
        });
        Thread walker = Thread.ofVirtual().start(task);
        assertThat(requested.await(60, TimeUnit.SECONDS)).isTrue();
        walker.interrupt();
        assertThat(task.get(60, TimeUnit.SECONDS)).isTrue();
    }

    private static boolean await(CountDownLatch latch, int millis) throws IOException {
        try {
            return latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
