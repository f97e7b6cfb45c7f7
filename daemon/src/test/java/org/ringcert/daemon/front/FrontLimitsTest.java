package org.ringcert.daemon.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ringcert.daemon.front.FrontFixture.HELD;
import static org.ringcert.daemon.front.FrontFixture.SLOW;
import static org.ringcert.daemon.front.FrontFixture.limits;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;

/** Clients that take more than their share of time, connections or memory. */
@Timeout(120)
class FrontLimitsTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final String HOST = " HTTP/1.1\r\nHost: www.example.org\r\n\r\n";
    private static final String UNFINISHED = "GET /x HTTP/1.1\r\nHost: www.exa";

    @Test
    void timesOutAHeadThatTricklesInByteByByte() throws Exception {
        try (Front front = FrontFixture.start(limits().headTimeout(SHORT).build(), FrontFixture::held);
                RawClient client = new RawClient(front)) {
            client.send("GET /x HTTP/1.1\r\nX: ");
            await().pollInterval(20, TimeUnit.MILLISECONDS)
                    .until(() -> client.send("x").hasReceivedBytes());
            assertThat(client.read().status()).isEqualTo("HTTP/1.1 408 Request Timeout");
        }
    }

    @Test
    void answers408ToAnUnfinishedHead() throws IOException {
        try (Front front = FrontFixture.start(limits().headTimeout(SHORT).build(), FrontFixture::held);
                RawClient client = new RawClient(front)) {
            assertThat(client.send(UNFINISHED).read().status()).isEqualTo("HTTP/1.1 408 Request Timeout");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void timesOutTheSecondHeadLikeTheFirst() throws IOException {
        try (Front front = FrontFixture.start(limits().headTimeout(SHORT).build(), FrontFixture::held);
                RawClient client = new RawClient(front)) {
            client.send("GET /x" + HOST).read();
            assertThat(client.send(UNFINISHED).read().status()).isEqualTo("HTTP/1.1 408 Request Timeout");
        }
    }

    @Test
    void closesSilentConnectionsWithoutAResponse() throws IOException {
        try (Front front = FrontFixture.start(
                        limits().headTimeout(SHORT).idleTimeout(SHORT).build(), FrontFixture::held);
                RawClient silent = new RawClient(front);
                RawClient idle = new RawClient(front)) {
            idle.send("GET /x" + HOST).read();

            assertThat(silent.isClosed()).isTrue();
            assertThat(idle.isClosed()).isTrue();
        }
    }

    @Test
    void answers503WhenAnAnswerIsLateAndThenDropsIt() throws IOException {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        try (Front front = FrontFixture.start(
                        limits().answerTimeout(SHORT).build(), request -> awaitAndAnswer(mayAnswer, request));
                RawClient client = new RawClient(front)) {
            RawResponse reply = client.send("GET " + SLOW.path() + HOST).read();
            mayAnswer.countDown();

            assertThat(reply.status()).isEqualTo("HTTP/1.1 503 Service Unavailable");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void answers503WhenTooManyAnswersArePendingButStillAnswersFromMemory() throws Exception {
        CountDownLatch asked = new CountDownLatch(2);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        try (Front front = FrontFixture.start(limits().maxPendingAnswers(2).build(), request -> {
                    asked.countDown();
                    return awaitAndAnswer(mayAnswer, request);
                });
                RawClient first = new RawClient(front);
                RawClient second = new RawClient(front);
                RawClient third = new RawClient(front);
                RawClient fourth = new RawClient(front)) {
            first.send("GET " + SLOW.path() + HOST);
            second.send("GET " + SLOW.path() + HOST);
            asked.await();
            RawResponse refused = third.send("GET " + SLOW.path() + HOST).read();

            assertThat(refused.status()).isEqualTo("HTTP/1.1 503 Service Unavailable");
            assertThat(refused.has("Retry-After: 1")).isTrue();
            assertThat(third.isClosed()).isTrue();
            assertThat(fourth.send("GET " + HELD.path() + HOST).read().status()).isEqualTo("HTTP/1.1 200 OK");
            mayAnswer.countDown();
            assertThat(first.read().status()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(second.read().status()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(first.send("GET " + SLOW.path() + HOST).read().status()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void closesConnectionsThatTakeNoResponses() throws Exception {
        try (Front front = FrontFixture.start(
                        limits().writeTimeout(SHORT)
                                .maxRequestsPerConnection(Integer.MAX_VALUE)
                                .build(),
                        FrontFixture::held);
                RawClient client = new RawClient(front)) {
            String requests = ("GET /" + "x".repeat(2_000) + HOST).repeat(50);
            await().pollInterval(1, TimeUnit.MILLISECONDS).until(() -> sendingFails(client, requests));
        }
    }

    @Test
    void closesAConnectionAfterItsMaximumOfRequests() throws IOException {
        try (Front front =
                        FrontFixture.start(limits().maxRequestsPerConnection(2).build(), FrontFixture::held);
                RawClient client = new RawClient(front)) {
            assertThat(client.send("GET /x" + HOST).read().has("Connection: close"))
                    .isFalse();
            assertThat(client.send("GET /x" + HOST).read().has("Connection: close"))
                    .isTrue();
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void deliversAllResponsesEvenIfMoreRequestsFollowTheLastOne() throws IOException {
        try (Front front =
                        FrontFixture.start(limits().maxRequestsPerConnection(50).build(), FrontFixture::held);
                RawClient client = new RawClient(front)) {
            client.send(("GET /x" + HOST).repeat(1_000));
            for (int i = 0; i < 50; i++) {
                assertThat(client.read().status()).contains("301");
            }
            assertThat(client.readToEnd()).isEmpty();
            assertThat(sendingFails(client)).as("connection was reset").isFalse();
        }
    }

    @Test
    @SuppressWarnings("try") // The test closes connections early.
    void limitsConnectionsPerAddressUntilOneIsClosed() throws IOException {
        try (Front front =
                        FrontFixture.start(limits().maxConnectionsPerAddress(2).build(), FrontFixture::held);
                RawClient first = new RawClient(front);
                RawClient second = new RawClient(front)) {
            first.send("GET /x" + HOST).read();
            second.send("GET /x" + HOST).read();
            try (RawClient third = new RawClient(front)) {
                assertThat(third.isClosed()).isTrue();
            }
            first.close();
            await().until(() -> isServed(front));
        }
    }

    @Test
    void exemptsLoopbackFromTheLimitPerAddress() throws IOException {
        FrontLimits exempt =
                limits().maxConnectionsPerAddress(1).loopbackExempt().build();
        try (Front front = FrontFixture.start(exempt, FrontFixture::held);
                RawClient first = new RawClient(front);
                RawClient second = new RawClient(front)) {
            assertThat(first.send("GET /x" + HOST).read().status()).contains("301");
            assertThat(second.send("GET /x" + HOST).read().status()).contains("301");
        }
    }

    @Test
    void closesConnectionsAboveTheMaximum() throws IOException {
        try (Front front = FrontFixture.start(limits().maxConnections(1).build(), FrontFixture::held);
                RawClient first = new RawClient(front)) {
            first.send("GET /x" + HOST).read();
            try (RawClient second = new RawClient(front)) {
                assertThat(second.isClosed()).isTrue();
            }
            assertThat(first.send("GET /x" + HOST).read().status()).contains("301");
        }
    }

    @Test
    @SuppressWarnings("try") // The test closes connections early.
    void limitsTheMemoryOfUnfinishedHeads() throws IOException {
        try (Front front =
                        FrontFixture.start(limits().maxUnfinishedBytes(10_000).build(), FrontFixture::held);
                RawClient first = new RawClient(front);
                RawClient second = new RawClient(front);
                RawClient small = new RawClient(front)) {
            String big = "GET /x HTTP/1.1\r\nX: " + "x".repeat(6_000);
            first.send("GET /x" + HOST).read();
            second.send("GET /x" + HOST).read();
            first.send(big);
            second.send(big);
            await().until(() -> sendingFails(first) || sendingFails(second));
            assertThat(small.send("GET " + HELD.path() + HOST).read().status()).isEqualTo("HTTP/1.1 200 OK");
            first.close();
            second.close();
            await().until(() -> {
                try (RawClient again = new RawClient(front)) {
                    return again.send(big)
                            .send("\r\nHost: www.example.org\r\n\r\n")
                            .read()
                            .status()
                            .contains("301");
                } catch (IOException e) {
                    return false;
                }
            });
        }
    }

    @Test
    void servesOthersDespiteThousandsOfUnfinishedRequests() throws IOException {
        List<RawClient> unfinished = new ArrayList<>();
        try (Front front = FrontFixture.start(limits().build(), FrontFixture::held)) {
            for (int i = 0; i < 2_000; i++) {
                unfinished.add(new RawClient(front).send(UNFINISHED));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(isServed(front)).isTrue();
            }
            unfinished.getFirst().send("mple.org\r\n\r\n");
            assertThat(unfinished.getFirst().read().status()).contains("301");
            unfinished.getLast().send("mple.org\r\n\r\n");
            assertThat(unfinished.getLast().read().status()).contains("301");
        } finally {
            for (RawClient client : unfinished) {
                client.close();
            }
        }
    }

    private static boolean isServed(Front front) {
        try (RawClient client = new RawClient(front)) {
            return client.send("GET /x" + HOST).read().status().contains("301");
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean sendingFails(RawClient client) {
        return sendingFails(client, "x");
    }

    private static boolean sendingFails(RawClient client, String text) {
        try {
            client.send(text);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static Answer awaitAndAnswer(CountDownLatch mayAnswer, ChallengeRequest request) {
        try {
            mayAnswer.await();
            return FrontFixture.held(request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.NotFound();
        }
    }
}
