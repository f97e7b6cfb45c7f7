package org.ringcert.daemon.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.daemon.front.FrontFixture.ELSEWHERE;
import static org.ringcert.daemon.front.FrontFixture.HELD;
import static org.ringcert.daemon.front.FrontFixture.SLOW;
import static org.ringcert.daemon.front.FrontFixture.THUMBPRINT;
import static org.ringcert.daemon.front.FrontFixture.UNKNOWN;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.daemon.front.FrontService.OtherHosts;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.handoff.HandoffHint;
import org.ringcert.handoff.RemainingNodes;
import org.slf4j.LoggerFactory;

/** What CAs and browsers get on port 80, over real connections. */
class FrontTest {

    private static final String HOST = " HTTP/1.1\r\nHost: www.example.org\r\n\r\n";

    @Test
    void answersAChallengeWithTheKeyAuthorization() throws IOException {
        try (Front front = FrontFixture.start();
                RawClient client = new RawClient(front)) {
            RawResponse reply = client.send("GET " + HELD.path() + " HTTP/1.1\r\nHost: www.example.org\r\n"
                            + "User-Agent: Mozilla/5.0 (compatible; validation server)\r\nAccept: */*\r\n"
                            + "Accept-Encoding: gzip\r\nConnection: close\r\n\r\n")
                    .read();

            assertThat(reply.status()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(reply.body()).isEqualTo(HELD + "." + THUMBPRINT);
            assertThat(reply.head()).contains("\r\nDate: ");
            assertThat(reply.has("Content-Type: text/plain; charset=utf-8")).isTrue();
            assertThat(reply.has("X-Content-Type-Options: nosniff")).isTrue();
            assertThat(reply.has("Cache-Control: no-store")).isTrue();
            assertThat(reply.has("Connection: close")).isTrue();
            assertThat(client.isClosed()).isTrue();
        }
    }

    /** HAProxy, nginx and cloud load balancers ask like this: some with HTTP/1.0 and no Host, some with an address. */
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0\r\n\r\n", "HTTP/1.1\r\nHost: 192.0.2.10\r\nConnection: close\r\n\r\n"})
    void tellsLoadBalancersThatItWorks(String rest) throws IOException {
        try (Front front = FrontFixture.start();
                RawClient client = new RawClient(front)) {
            RawResponse reply =
                    client.send("GET /.well-known/ringcert/health " + rest).read();

            assertThat(reply.status()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(reply.body()).isEqualTo("ok\n");
            assertThat(reply.has("Cache-Control: no-store")).isTrue();
        }
    }

    @Test
    void distinguishesAFrontFromAnotherProgram() throws IOException {
        InetSocketAddress address;
        try (Front front = FrontFixture.start(FrontLimits.standard(), _ -> new Answer.NotFound())) {
            address = front.addresses().getFirst();
            assertThat(Front.answersAt(address)).isTrue();
        }
        assertThat(Front.answersAt(address)).as("nothing listens there").isFalse();
        try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = other.accept()) {
                    socket.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nwelcome"
                                    .getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    // The assertion fails then.
                }
            });
            assertThat(Front.answersAt((InetSocketAddress) other.getLocalSocketAddress()))
                    .isFalse();
        }
    }

    @Test
    void relaysWhatAPeerHolds() throws IOException {
        try (Front front = FrontFixture.start(
                        FrontLimits.standard(),
                        request -> new Answer.Relayed(new KeyAuthorization(request.token(), THUMBPRINT)));
                RawClient client = new RawClient(front)) {
            assertThat(client.send("GET " + SLOW.path() + HOST).read().body()).isEqualTo(SLOW + "." + THUMBPRINT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void asksThePeerForRelayIfTheAnswerSaysSo(HandoffHint hint) throws IOException {
        try (Front front = FrontFixture.start(
                        FrontLimits.standard(),
                        request -> new Answer.Held(new KeyAuthorization(request.token(), THUMBPRINT), hint));
                RawClient client = new RawClient(front)) {
            RawResponse reply =
                    client.send("GET " + SLOW.path() + "?left=" + HOST).read();

            assertThat(reply.body()).isEqualTo(SLOW + "." + THUMBPRINT);
            assertThat(reply.has("Ringcert-Handoff: relay")).isEqualTo(hint == HandoffHint.RELAY);
            assertThat(reply.head().contains("Ringcert")).isEqualTo(hint == HandoffHint.RELAY);
        }
    }

    @Test
    void redirectsToTheNodeThatHoldsTheChallenge() throws IOException {
        try (Front front = FrontFixture.start();
                RawClient client = new RawClient(front)) {
            RawResponse reply = client.send("GET " + ELSEWHERE.path() + HOST).read();

            assertThat(reply.status()).isEqualTo("HTTP/1.1 302 Found");
            assertThat(reply.has("Location: " + FrontFixture.LOCATION)).isTrue();
            assertThat(reply.has("Cache-Control: no-store")).isTrue();
            assertThat(reply.body()).isEmpty();
        }
    }

    @Test
    void answers404WithoutRepeatingAnUnknownToken() throws IOException {
        try (Front front = FrontFixture.start();
                RawClient client = new RawClient(front)) {
            RawResponse reply = client.send("GET " + UNKNOWN.path() + HOST).read();

            assertThat(reply.status()).isEqualTo("HTTP/1.1 404 Not Found");
            assertThat(reply.head() + reply.body()).doesNotContain(UNKNOWN.value());
            assertThat(client.send("GET " + HELD.path() + HOST).read().status()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void passesWhatTheAnswerDependsOnToTheResponder() throws IOException {
        AtomicReference<ChallengeRequest> seen = new AtomicReference<>();
        try (Front front = FrontFixture.start(FrontLimits.standard(), request -> {
                    seen.set(request);
                    return new Answer.NotFound();
                });
                RawClient client = new RawClient(front)) {
            client.send("GET " + SLOW.path() + "?left= HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: test\r\n\r\n")
                    .read();
        }
        assertThat(seen.get())
                .isEqualTo(new ChallengeRequest(
                        SLOW, new RemainingNodes.Named(List.of()), InetAddress.getLoopbackAddress(), "test"));
    }

    @Test
    void answersHeadWithTheLengthAndNoBody() throws IOException {
        try (Front front = FrontFixture.start();
                RawClient client = new RawClient(front)) {
            RawResponse challenge = client.send("HEAD " + HELD.path() + HOST).readWithoutBody();
            RawResponse unknown = client.send("HEAD " + UNKNOWN.path() + HOST).readWithoutBody();
            RawResponse redirect = client.send("HEAD /x" + HOST).readWithoutBody();

            assertThat(challenge.has("Content-Length: " + (HELD + "." + THUMBPRINT).length()))
                    .isTrue();
            assertThat(unknown.status()).isEqualTo("HTTP/1.1 404 Not Found");
            assertThat(redirect.has("Location: https://www.example.org/x")).isTrue();
        }
    }

    @Test
    void redirectsEverythingElseToHttps() throws IOException {
        try (Front front = FrontFixture.start();
                RawClient client = new RawClient(front)) {
            RawResponse get = client.send("GET /login?next=/a%20b%2Fc HTTP/1.1\r\nHost: WWW.Example.org:8080\r\n\r\n")
                    .read();
            RawResponse delete = client.send("DELETE /x" + HOST).read();

            assertThat(get.status()).isEqualTo("HTTP/1.1 301 Moved Permanently");
            assertThat(get.has("Location: https://www.example.org/login?next=/a%20b%2Fc"))
                    .isTrue();
            assertThat(get.has("Content-Length: 0")).isTrue();
            assertThat(delete.status()).isEqualTo("HTTP/1.1 308 Permanent Redirect");
        }
    }

    @Test
    void redirectsAPostedFormWithoutReadingIt() throws IOException {
        try (Front front = FrontFixture.start();
                RawClient client = new RawClient(front)) {
            String form = "x".repeat(100_000);
            RawResponse reply = client.send("POST /form HTTP/1.1\r\nHost: www.example.org\r\nContent-Length: "
                            + form.length() + "\r\n\r\n" + form)
                    .read();

            assertThat(reply.status()).isEqualTo("HTTP/1.1 308 Permanent Redirect");
            assertThat(reply.has("Connection: close")).isTrue();
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void closesHttp10ConnectionsUnlessTheyAskForKeepAlive() throws IOException {
        try (Front front = FrontFixture.start();
                RawClient closing = new RawClient(front);
                RawClient keptAlive = new RawClient(front)) {
            RawResponse last =
                    closing.send("GET " + HELD.path() + " HTTP/1.0\r\n\r\n").read();
            RawResponse first = keptAlive
                    .send("GET " + HELD.path() + " HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
                    .read();

            assertThat(last.has("Connection: close")).isTrue();
            assertThat(closing.isClosed()).isTrue();
            assertThat(first.has("Connection: keep-alive")).isTrue();
            assertThat(keptAlive.send("GET /x HTTP/1.0\r\n\r\n").read().status())
                    .isEqualTo("HTTP/1.1 404 Not Found");
        }
    }

    @Test
    void answersPipelinedRequestsInOrderEvenIfTheFirstIsSlow() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        try (Front front = FrontFixture.start(FrontLimits.standard(), request -> {
                    asked.countDown();
                    await(mayAnswer);
                    return FrontFixture.held(request);
                });
                RawClient client = new RawClient(front);
                RawClient other = new RawClient(front)) {
            client.send("GET " + SLOW.path() + HOST + "GET /second" + HOST + "GET " + HELD.path() + HOST + "GET /fou");
            asked.await();
            assertThat(other.send("GET /not-delayed" + HOST).read().status())
                    .isEqualTo("HTTP/1.1 301 Moved Permanently");
            mayAnswer.countDown();

            assertThat(client.read().body()).startsWith(SLOW.value());
            assertThat(client.read().has("Location: https://www.example.org/second"))
                    .isTrue();
            assertThat(client.read().body()).startsWith(HELD.value());
            client.send("rth" + HOST);
            assertThat(client.read().has("Location: https://www.example.org/fourth"))
                    .isTrue();
        }
    }

    @Test
    void answersHundredsOfPipelinedRequestsWithoutOverflowingTheStack() throws IOException {
        try (Front front = FrontFixture.start();
                RawClient client = new RawClient(front)) {
            client.send(("GET /x" + HOST).repeat(900));
            for (int i = 0; i < 900; i++) {
                assertThat(client.read().status()).isEqualTo("HTTP/1.1 301 Moved Permanently");
            }
        }
    }

    @Test
    void answers500WhenTheResponderFailsAndServesOn() throws IOException {
        try (Front front = FrontFixture.start(FrontLimits.standard(), request -> {
                    throw new IllegalStateException("disk gone");
                });
                RawClient client = new RawClient(front);
                RawClient next = new RawClient(front)) {
            RawResponse reply = client.send("GET " + SLOW.path() + HOST).read();

            assertThat(reply.status()).isEqualTo("HTTP/1.1 500 Internal Server Error");
            assertThat(reply.body()).doesNotContain("disk gone");
            assertThat(next.send("GET " + HELD.path() + HOST).read().status()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void servesAChangedConfigurationFromTheNextRequestOfAnOpenConnection() throws IOException {
        try (Front front = FrontFixture.start();
                RawClient client = new RawClient(front)) {
            String other = "GET / HTTP/1.1\r\nHost: other.example.net\r\n\r\n";
            assertThat(client.send(other).read().status()).isEqualTo("HTTP/1.1 404 Not Found");

            front.reconfigure(FrontFixture.service(OtherHosts.REDIRECT));

            assertThat(client.send(other).read().has("Location: https://other.example.net/"))
                    .isTrue();
        }
    }

    @Test
    void logsOneLineForEachAnsweredChallengeAndNothingElse() throws IOException {
        Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                events.add(event);
            }
        };
        Logger logger = (Logger) LoggerFactory.getLogger("ringcert.challenge");
        appender.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(appender);
        try (Front front = FrontFixture.start(
                        FrontLimits.standard(),
                        request -> new Answer.Relayed(new KeyAuthorization(request.token(), THUMBPRINT)));
                RawClient client = new RawClient(front)) {
            client.send("GET " + HELD.path() + HOST).read();
            client.send("GET " + SLOW.path() + HOST).read();
            client.send("GET " + ELSEWHERE.path() + HOST).read();
            client.send("GET " + UNKNOWN.path() + HOST).read();
            client.send("GET /page" + HOST).read();
        } finally {
            logger.detachAppender(appender);
            logger.setLevel(null);
        }
        assertThat(events)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                .map(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "token=" + HELD + " from=127.0.0.1 answer=held",
                        "token=" + SLOW + " from=127.0.0.1 answer=relayed",
                        "token=" + ELSEWHERE + " from=127.0.0.1 answer=sent-to location=" + FrontFixture.LOCATION);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
