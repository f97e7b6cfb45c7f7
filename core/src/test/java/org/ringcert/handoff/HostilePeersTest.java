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

/** Tests {@link HttpPeerClient} with peers that behave in unusual ways, over real connections. */
class HostilePeersTest {

    private static final Token TOKEN = new Token("evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA");
    private static final KeyAuthorization ANSWER =
            new KeyAuthorization(TOKEN, "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI");

    /** What the peer does with a connection after it has read the request. */
    private interface Behaviour {
        void respond(OutputStream out, Socket socket) throws IOException, InterruptedException;
    }

    private static PeerReply ask(Behaviour behaviour, AtomicReference<String> request) throws IOException {
        return ask(TOKEN, behaviour, request);
    }

    private static PeerReply ask(Token token, Behaviour behaviour, AtomicReference<String> request) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread peer = Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    InputStream in = socket.getInputStream();
                    StringBuilder read = new StringBuilder();
                    while (read.indexOf("\r\n\r\n") < 0) {
                        read.append((char) in.read());
                    }
                    request.set(read.toString());
                    behaviour.respond(socket.getOutputStream(), socket);
                } catch (IOException e) {
                    // The client has closed the connection.
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

    private static PeerReply replyTo(String response) throws IOException {
        return ask((out, socket) -> out.write(response.getBytes(StandardCharsets.ISO_8859_1)), new AtomicReference<>());
    }

    @Test
    void theHolderHoldsTheToken() throws IOException {
        AtomicReference<String> request = new AtomicReference<>("");
        PeerReply reply = ask(
                (out, socket) -> out.write(("HTTP/1.1 200 OK\r\nContent-Length: 87\r\n\r\n" + ANSWER.text())
                        .getBytes(StandardCharsets.ISO_8859_1)),
                request);
        assertThat(reply).isEqualTo(new PeerReply.Holds(ANSWER, HandoffHint.NONE));
        assertThat(request.get())
                .startsWith("GET /.well-known/acme-challenge/" + TOKEN + "?left= HTTP/1.1\r\nHost: web1.example.org:")
                .contains("Connection: close");
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 211, 212, 213, 256})
    void acceptsTokensOfAnyLength(int length) throws IOException {
        KeyAuthorization held = new KeyAuthorization(new Token("t".repeat(length)), ANSWER.thumbprint());
        assertThat(ask(
                        held.token(),
                        (out, socket) -> out.write(
                                ("HTTP/1.1 200 OK\r\n\r\n" + held.text()).getBytes(StandardCharsets.US_ASCII)),
                        new AtomicReference<>()))
                .isEqualTo(new PeerReply.Holds(held, HandoffHint.NONE));
    }

    @Test
    void understandsChunkedBodiesAndBodiesUntilTheConnectionCloses() throws IOException {
        String text = ANSWER.text();
        String chunks = "20\r\n" + text.substring(0, 32) + "\r\n37;x=y\r\n" + text.substring(32) + "\r\n0\r\n\r\n";
        assertThat(replyTo("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks))
                .isEqualTo(new PeerReply.Holds(ANSWER, HandoffHint.NONE));
        assertThat(replyTo("HTTP/1.0 200 OK\r\n\r\n" + text)).isEqualTo(new PeerReply.Holds(ANSWER, HandoffHint.NONE));
        assertThat(replyTo("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" + text))
                .isEqualTo(new PeerReply.Holds(ANSWER, HandoffHint.NONE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Ringcert-Handoff: relay",
                "RINGCERT-handoff:relay",
                "Ringcert-Handoff: \t relay \t",
                "X-Ringcert-Handoff: x\r\nRingcert-Handoff: relay"
            })
    void theHolderMayAskForRelay(String header) throws IOException {
        assertThat(replyTo("HTTP/1.1 200 OK\r\n" + header + "\r\n\r\n" + ANSWER.text()))
                .isEqualTo(new PeerReply.Holds(ANSWER, HandoffHint.RELAY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Ringcert-Handoff:",
                "Ringcert-Handoff: Relay",
                "Ringcert-Handoff: redirect",
                "Ringcert-Handoff: relay, relay",
                "Ringcert-Handoff: relay; q=1",
                "Ringcert-Handoff: \"relay\"",
                "Ringcert-Handoff: relay\r\nRingcert-Handoff: relay",
                "Ringcert-Handoff: relay\r\nringcert-handoff: redirect",
                "Ringcert-Handof: relay",
                "X-Ringcert-Handoff: relay"
            })
    void anyOtherHintIsNone(String header) throws IOException {
        assertThat(replyTo("HTTP/1.1 200 OK\r\n" + header + "\r\n\r\n" + ANSWER.text()))
                .isEqualTo(new PeerReply.Holds(ANSWER, HandoffHint.NONE));
    }

    @Test
    void aHintOfAnInterimResponseOrATrailerIsNone() throws IOException {
        String hint = "Ringcert-Handoff: relay\r\n";
        assertThat(replyTo("HTTP/1.1 103 Early Hints\r\n" + hint + "\r\nHTTP/1.1 200 OK\r\n\r\n" + ANSWER.text()))
                .isEqualTo(new PeerReply.Holds(ANSWER, HandoffHint.NONE));
        assertThat(replyTo("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n57\r\n" + ANSWER.text() + "\r\n0\r\n"
                        + hint + "\r\n"))
                .isEqualTo(new PeerReply.Holds(ANSWER, HandoffHint.NONE));
    }

    @ParameterizedTest
    @CsvSource({"404", "301", "302", "303", "307", "308"})
    void notFoundAndAnyRedirectMeanThatThePeerDoesNotHoldTheToken(int status) throws IOException {
        String head = "HTTP/1.1 " + status + " X\r\nLocation: http://evil.example.com/\r\n";
        assertThat(replyTo(head + "\r\n")).isEqualTo(new PeerReply.DoesNotHold());
        assertThat(replyTo(head + "Ringcert-Handoff: relay\r\n\r\n" + ANSWER.text()))
                .isEqualTo(new PeerReply.DoesNotHold());
    }

    @Test
    void doesNotWaitForTheBodyOfANotFound() throws IOException {
        CountDownLatch forever = new CountDownLatch(1);
        assertThat(ask(
                        (out, socket) -> {
                            out.write("HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                            forever.await();
                        },
                        new AtomicReference<>()))
                .isEqualTo(new PeerReply.DoesNotHold());
    }

    @Test
    void aRefusedConnectionMeansThatThePeerDoesNotHoldTheToken() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        Node node = new Node(new HostName("web1.example.org"), "127.0.0.1", port);
        assertThat(new HttpPeerClient(new HostResolver()).ask(node, TOKEN)).isEqualTo(new PeerReply.DoesNotHold());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a page for everything | HTTP/1.1 200 OK\\r\\nContent-Length: 13\\r\\n\\r\\n<html></html>",
                "a page with a hint | HTTP/1.1 200 OK\\r\\nRingcert-Handoff: relay\\r\\n\\r\\n<html></html>",
                "an empty 200 | HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n",
                "an error | HTTP/1.1 503 Busy\\r\\n\\r\\n",
                "forbidden | HTTP/1.1 403 Forbidden\\r\\n\\r\\n",
                "not HTTP | SSH-2.0-OpenSSH_9.2\\r\\n",
                "an invalid status | HTTP/1.1 999 X\\r\\n\\r\\n",
                "a header without a name | HTTP/1.1 200 OK\\r\\n: x\\r\\n\\r\\n",
                "a blank before a colon | HTTP/1.1 200 OK\\r\\nRingcert-Handoff : relay\\r\\n\\r\\n",
                "a blank before a name | HTTP/1.1 200 OK\\r\\n Ringcert-Handoff: relay\\r\\n\\r\\n",
                "a control character | HTTP/1.1 200 OK\\r\\nX: \u0001\\r\\n\\r\\n",
                "chunks in HTTP/1.0 | HTTP/1.0 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n",
                "a body that ends too early | HTTP/1.1 200 OK\\r\\nContent-Length: 87\\r\\n\\r\\nevaGx",
                "two lengths | HTTP/1.1 200 OK\\r\\nContent-Length: 87\\r\\nContent-Length: 3\\r\\n\\r\\nabc",
                "a negative length | HTTP/1.1 200 OK\\r\\nContent-Length: -1\\r\\n\\r\\n",
                "an unknown encoding | HTTP/1.1 200 OK\\r\\nTransfer-Encoding: gzip\\r\\n\\r\\nabc",
                "a chunk of another size | HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n1\\r\\nabc\\r\\n",
                "nothing at all | ''"
            })
    void otherResponsesAreUnclear(String description, String response) throws IOException {
        assertThat(replyTo(response.replace("\\r", "\r").replace("\\n", "\n")))
                .as(description)
                .isInstanceOf(PeerReply.Unclear.class);
    }

    @Test
    void aKeyAuthorizationWithMoreOrAnotherTokenIsUnclear() throws IOException {
        String text = ANSWER.text() + "x";
        assertThat(replyTo("HTTP/1.1 200 OK\r\n\r\n" + text)).isInstanceOf(PeerReply.Unclear.class);
        assertThat(replyTo("HTTP/1.1 200 OK\r\n\r\n" + ANSWER.text().replace(TOKEN.value(), "x".repeat(43))))
                .isInstanceOf(PeerReply.Unclear.class);
    }

    @Test
    void stopsReadingALargeBody() throws IOException {
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
    void stopsReadingEndlessHeaders() throws IOException {
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
    void aPeerThatNeverRespondsIsUnclearAfterTheTimeout() throws IOException {
        CountDownLatch forever = new CountDownLatch(1);
        long start = System.nanoTime();
        PeerReply reply = ask((out, socket) -> forever.await(), new AtomicReference<>());
        assertThat(reply).isInstanceOf(PeerReply.Unclear.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(100));
    }

    @Test
    void aPeerThatSendsAByteAtATimeIsUnclearAfterTheTimeout() throws IOException {
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
    void aResetConnectionIsUnclear() throws IOException {
        PeerReply reply = ask((out, socket) -> socket.setSoLinger(true, 0), new AtomicReference<>());
        assertThat(reply).isInstanceOf(PeerReply.Unclear.class);
    }

    @Test
    void aNameWithoutAddressIsUnclear() {
        Node node = new Node(new HostName("web1.example.org"), "no-such-host.invalid", 80);
        assertThat(new HttpPeerClient(new HostResolver()).ask(node, TOKEN)).isInstanceOf(PeerReply.Unclear.class);
    }
}
