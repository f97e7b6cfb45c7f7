package org.ringcert.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.http.HostResolver;

/** What a question makes of a peer that answers in its own way; each over a real connection. */
class HostilePeersTest {

    private static final Token TOKEN = new Token("evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA");
    private static final KeyAuthorization ANSWER =
            new KeyAuthorization(TOKEN, "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI");

    /** What the peer does with a connection once it has read the request. */
    private interface Conduct {
        void with(OutputStream out, Socket socket) throws IOException, InterruptedException;
    }

    private static PeerReply ask(Conduct conduct, AtomicReference<String> request) throws IOException {
        return ask(TOKEN, conduct, request);
    }

    private static PeerReply ask(Token token, Conduct conduct, AtomicReference<String> request) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread peer = Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    InputStream in = socket.getInputStream();
                    StringBuilder read = new StringBuilder();
                    while (read.indexOf("\r\n\r\n") < 0) {
                        read.append((char) in.read());
                    }
                    request.set(read.toString());
                    conduct.with(socket.getOutputStream(), socket);
                } catch (IOException e) {
                    // the other side has heard enough
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Node node = new Node(new HostName("web1.example.org"), "127.0.0.1", server.getLocalPort());
            PeerReply reply = new HttpPeerClient(new HostResolver()).ask(node, token);
            peer.interrupt();
            return reply;
        }
    }

    private static PeerReply answered(String bytes) throws IOException {
        return ask((out, socket) -> out.write(bytes.getBytes(StandardCharsets.ISO_8859_1)), new AtomicReference<>());
    }

    @Test
    void holderSaysYes() throws IOException {
        AtomicReference<String> request = new AtomicReference<>("");
        PeerReply reply = ask(
                (out, socket) -> out.write(("HTTP/1.1 200 OK\r\nContent-Length: 87\r\n\r\n" + ANSWER.text())
                        .getBytes(StandardCharsets.ISO_8859_1)),
                request);
        assertThat(reply).isEqualTo(new PeerReply.Holds(ANSWER));
        assertThat(request.get())
                .startsWith("GET /.well-known/acme-challenge/" + TOKEN + "?left= HTTP/1.1\r\nHost: web1.example.org:")
                .contains("Connection: close");
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 211, 212, 213, 256})
    void aTokenOfAnyLengthMayBeHeld(int length) throws IOException {
        KeyAuthorization held = new KeyAuthorization(new Token("t".repeat(length)), ANSWER.thumbprint());
        assertThat(ask(
                        held.token(),
                        (out, socket) -> out.write(
                                ("HTTP/1.1 200 OK\r\n\r\n" + held.text()).getBytes(StandardCharsets.US_ASCII)),
                        new AtomicReference<>()))
                .isEqualTo(new PeerReply.Holds(held));
    }

    @Test
    void chunkedYesAndYesUntilTheEndOfTheConnectionAreUnderstood() throws IOException {
        String text = ANSWER.text();
        String chunks = "20\r\n" + text.substring(0, 32) + "\r\n37;x=y\r\n" + text.substring(32) + "\r\n0\r\n\r\n";
        assertThat(answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks))
                .isEqualTo(new PeerReply.Holds(ANSWER));
        assertThat(answered("HTTP/1.0 200 OK\r\n\r\n" + text)).isEqualTo(new PeerReply.Holds(ANSWER));
        assertThat(answered("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" + text))
                .isEqualTo(new PeerReply.Holds(ANSWER));
    }

    @ParameterizedTest
    @CsvSource({"404", "301", "302", "303", "307", "308"})
    void notFoundAndEveryRedirectAreNo(int status) throws IOException {
        assertThat(answered("HTTP/1.1 " + status + " X\r\nLocation: http://evil.example.com/\r\n\r\n"))
                .isEqualTo(new PeerReply.DoesNotHold());
    }

    @Test
    void notFoundWhoseBodyNeverComesIsNo() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        assertThat(ask(
                        (out, socket) -> {
                            out.write("HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                            never.await();
                        },
                        new AtomicReference<>()))
                .isEqualTo(new PeerReply.DoesNotHold());
    }

    @Test
    void refusedConnectionIsNo() throws IOException {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        Node node = new Node(new HostName("web1.example.org"), "127.0.0.1", port);
        assertThat(new HttpPeerClient(new HostResolver()).ask(node, TOKEN)).isEqualTo(new PeerReply.DoesNotHold());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a page for everything | HTTP/1.1 200 OK\\r\\nContent-Length: 13\\r\\n\\r\\n<html></html>",
                "an empty 200 | HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n",
                "out of order | HTTP/1.1 503 Busy\\r\\n\\r\\n",
                "forbidden | HTTP/1.1 403 Forbidden\\r\\n\\r\\n",
                "not HTTP | SSH-2.0-OpenSSH_9.2\\r\\n",
                "a status that is none | HTTP/1.1 999 X\\r\\n\\r\\n",
                "a header without a name | HTTP/1.1 200 OK\\r\\n: x\\r\\n\\r\\n",
                "a body that ends too early | HTTP/1.1 200 OK\\r\\nContent-Length: 87\\r\\n\\r\\nevaGx",
                "two lengths | HTTP/1.1 200 OK\\r\\nContent-Length: 87\\r\\nContent-Length: 3\\r\\n\\r\\nabc",
                "a length below zero | HTTP/1.1 200 OK\\r\\nContent-Length: -1\\r\\n\\r\\n",
                "an unknown encoding | HTTP/1.1 200 OK\\r\\nTransfer-Encoding: gzip\\r\\n\\r\\nabc",
                "a chunk that lies | HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n1\\r\\nabc\\r\\n",
                "nothing at all | ''"
            })
    void whatIsNoAnswerToTheQuestionIsSilence(String what, String bytes) throws IOException {
        assertThat(answered(bytes.replace("\\r", "\r").replace("\\n", "\n")))
                .as(what)
                .isInstanceOf(PeerReply.Unclear.class);
    }

    @Test
    void rightTokenWithSomethingBehindItIsSilence() throws IOException {
        String text = ANSWER.text() + "x";
        assertThat(answered("HTTP/1.1 200 OK\r\n\r\n" + text)).isInstanceOf(PeerReply.Unclear.class);
        assertThat(answered("HTTP/1.1 200 OK\r\n\r\n" + ANSWER.text().replace(TOKEN.value(), "x".repeat(43))))
                .isInstanceOf(PeerReply.Unclear.class);
    }

    @Test
    void megabytesAreNotRead() throws IOException {
        AtomicLong sent = new AtomicLong();
        byte[] block = new byte[1 << 16];
        PeerReply reply = ask(
                (out, socket) -> {
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
                    for (int i = 0; i < 16_000; i++) {
                        out.write(block);
                        sent.addAndGet(block.length);
                    }
                },
                new AtomicReference<>());
        assertThat(reply).isInstanceOf(PeerReply.Unclear.class);
        assertThat(sent.get()).isLessThan(100_000_000L);
    }

    @Test
    void headersWithoutEndAreNotRead() throws IOException {
        PeerReply reply = ask(
                (out, socket) -> {
                    out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
                    for (int i = 0; i < 1_000_000; i++) {
                        out.write("X-Filler: and so on and so forth\r\n".getBytes(StandardCharsets.US_ASCII));
                    }
                },
                new AtomicReference<>());
        assertThat(reply).isInstanceOf(PeerReply.Unclear.class);
    }

    @Test
    void acceptingAndSayingNothingIsSilenceWithinItsTime() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        long start = System.nanoTime();
        PeerReply reply = ask((out, socket) -> never.await(), new AtomicReference<>());
        assertThat(reply).isInstanceOf(PeerReply.Unclear.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(100));
    }

    @Test
    void oneByteNowAndThenIsSilenceWithinItsTime() throws IOException {
        CountDownLatch pause = new CountDownLatch(1);
        PeerReply reply = ask(
                (out, socket) -> {
                    for (byte b : ("HTTP/1.1 200 OK\r\nX: " + "y".repeat(1000)).getBytes(StandardCharsets.US_ASCII)) {
                        out.write(b);
                        if (pause.await(100, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                            return;
                        }
                    }
                },
                new AtomicReference<>());
        assertThat(reply).isInstanceOf(PeerReply.Unclear.class);
    }

    @Test
    void resetConnectionIsSilence() throws IOException {
        PeerReply reply = ask((out, socket) -> socket.setSoLinger(true, 0), new AtomicReference<>());
        assertThat(reply).isInstanceOf(PeerReply.Unclear.class);
    }

    @Test
    void nameThatLeadsNowhereIsSilence() {
        Node node = new Node(new HostName("web1.example.org"), "no-such-host.invalid", 80);
        assertThat(new HttpPeerClient(new HostResolver()).ask(node, TOKEN)).isInstanceOf(PeerReply.Unclear.class);
    }
}
