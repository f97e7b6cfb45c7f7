package org.ringcert.daemon.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ringcert.daemon.front.Fixture.HELD;
import static org.ringcert.daemon.front.Fixture.SLOW;
import static org.ringcert.daemon.front.Fixture.limits;

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

/** Clients that take more than their share: of time, of connections, of memory. */
@Timeout(120)
class FrontLimitsTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final String HOST = " HTTP/1.1\r\nHost: www.example.org\r\n\r\n";
    private static final String HALF = "GET /x HTTP/1.1\r\nHost: www.exa";

    @Test
    void aHeadThatTricklesInIsCutThoughEachByteIsInTime() throws Exception {
        try (Front front = Fixture.start(limits().head(SHORT).build(), Fixture::held);
                Client client = new Client(front)) {
            client.send("GET /x HTTP/1.1\r\nX: ");
            await().pollInterval(20, TimeUnit.MILLISECONDS)
                    .until(() -> client.send("x").isAnswered());
            assertThat(client.read().status()).isEqualTo("HTTP/1.1 408 Request Timeout");
        }
    }

    @Test
    void aHeadThatStopsHalfWayIsTold408() throws IOException {
        try (Front front = Fixture.start(limits().head(SHORT).build(), Fixture::held);
                Client client = new Client(front)) {
            assertThat(client.send(HALF).read().status()).isEqualTo("HTTP/1.1 408 Request Timeout");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void theSecondHeadIsCutLikeTheFirst() throws IOException {
        try (Front front = Fixture.start(limits().head(SHORT).build(), Fixture::held);
                Client client = new Client(front)) {
            client.send("GET /x" + HOST).read();
            assertThat(client.send(HALF).read().status()).isEqualTo("HTTP/1.1 408 Request Timeout");
        }
    }

    @Test
    void oneThatSaysNothingIsClosedWithoutAWord() throws IOException {
        try (Front front = Fixture.start(limits().head(SHORT).idle(SHORT).build(), Fixture::held);
                Client silent = new Client(front);
                Client idle = new Client(front)) {
            idle.send("GET /x" + HOST).read();

            assertThat(silent.isClosed()).isTrue();
            assertThat(idle.isClosed()).isTrue();
        }
    }

    @Test
    void anAnswerThatDoesNotComeIsA503AndComesToNobodyElseLater() throws IOException {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        try (Front front = Fixture.start(limits().answer(SHORT).build(), request -> waiting(mayAnswer, request));
                Client client = new Client(front)) {
            Client.Reply reply = client.send("GET " + SLOW.path() + HOST).read();
            mayAnswer.countDown();

            assertThat(reply.status()).isEqualTo("HTTP/1.1 503 Service Unavailable");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void whenTooManyWaitForAnswersTheNextGetsA503AndMemoryStillAnswers() throws Exception {
        CountDownLatch asked = new CountDownLatch(2);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        try (Front front = Fixture.start(limits().inWork(2).build(), request -> {
                    asked.countDown();
                    return waiting(mayAnswer, request);
                });
                Client first = new Client(front);
                Client second = new Client(front);
                Client third = new Client(front);
                Client fourth = new Client(front)) {
            first.send("GET " + SLOW.path() + HOST);
            second.send("GET " + SLOW.path() + HOST);
            asked.await();
            Client.Reply refused = third.send("GET " + SLOW.path() + HOST).read();

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
    void oneThatTakesNoAnswersIsCut() throws Exception {
        try (Front front = Fixture.start(
                        limits().write(SHORT).requests(Integer.MAX_VALUE).build(), Fixture::held);
                Client client = new Client(front)) {
            String requests = ("GET /" + "x".repeat(2_000) + HOST).repeat(50);
            await().pollInterval(1, TimeUnit.MILLISECONDS).until(() -> sendingFails(client, requests));
        }
    }

    @Test
    void aConnectionEndsAfterSoManyRequests() throws IOException {
        try (Front front = Fixture.start(limits().requests(2).build(), Fixture::held);
                Client client = new Client(front)) {
            assertThat(client.send("GET /x" + HOST).read().has("Connection: close"))
                    .isFalse();
            assertThat(client.send("GET /x" + HOST).read().has("Connection: close"))
                    .isTrue();
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void answersArriveThoughMoreRequestsWereOnTheWayWhenTheLastOneWasGiven() throws IOException {
        try (Front front = Fixture.start(limits().requests(50).build(), Fixture::held);
                Client client = new Client(front)) {
            client.send(("GET /x" + HOST).repeat(1_000));
            for (int i = 0; i < 50; i++) {
                assertThat(client.read().status()).contains("301");
            }
            assertThat(client.readToEnd()).isEmpty();
            assertThat(sendingFails(client)).as("reset").isFalse();
        }
    }

    @Test
    void oneAddressGetsItsShareOfConnectionsAndGetsThemBack() throws IOException {
        try (Front front = Fixture.start(limits().perAddress(2).build(), Fixture::held);
                Client first = new Client(front);
                Client second = new Client(front)) {
            first.send("GET /x" + HOST).read();
            second.send("GET /x" + HOST).read();
            try (Client third = new Client(front)) {
                assertThat(third.isClosed()).isTrue();
            }
            first.hangUp();
            await().until(() -> isServed(front));
        }
    }

    @Test
    void loopbackIsNotCountedByAddressWhereAProxyMayStand() throws IOException {
        FrontLimits wide = limits().build();
        FrontLimits exempt = new FrontLimits(
                wide.head(), wide.idle(), wide.answer(), wide.write(), wide.linger(), 10, 1, true, 10, 10, 100_000);
        try (Front front = Fixture.start(exempt, Fixture::held);
                Client first = new Client(front);
                Client second = new Client(front)) {
            assertThat(first.send("GET /x" + HOST).read().status()).contains("301");
            assertThat(second.send("GET /x" + HOST).read().status()).contains("301");
        }
    }

    @Test
    void moreConnectionsThanTheFrontBearsAreClosed() throws IOException {
        try (Front front = Fixture.start(limits().connections(1).build(), Fixture::held);
                Client first = new Client(front)) {
            first.send("GET /x" + HOST).read();
            try (Client second = new Client(front)) {
                assertThat(second.isClosed()).isTrue();
            }
            assertThat(first.send("GET /x" + HOST).read().status()).contains("301");
        }
    }

    @Test
    void unfinishedHeadsFillTheirShareOfMemoryAndNoMore() throws IOException {
        try (Front front = Fixture.start(limits().unfinished(10_000).build(), Fixture::held);
                Client first = new Client(front);
                Client second = new Client(front);
                Client honest = new Client(front)) {
            String big = "GET /x HTTP/1.1\r\nX: " + "x".repeat(6_000);
            first.send("GET /x" + HOST).read();
            second.send("GET /x" + HOST).read();
            first.send(big);
            second.send(big);
            await().until(() -> sendingFails(first) || sendingFails(second));
            assertThat(honest.send("GET " + HELD.path() + HOST).read().status()).isEqualTo("HTTP/1.1 200 OK");
            first.hangUp();
            second.hangUp();
            await().until(() -> {
                try (Client again = new Client(front)) {
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
    void thousandsOfHalfRequestsKeepNobodyFromTheirAnswers() throws IOException {
        List<Client> halves = new ArrayList<>();
        try (Front front = Fixture.start(limits().build(), Fixture::held)) {
            for (int i = 0; i < 2_000; i++) {
                halves.add(new Client(front).send(HALF));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(isServed(front)).isTrue();
            }
            halves.getFirst().send("mple.org\r\n\r\n");
            assertThat(halves.getFirst().read().status()).contains("301");
            halves.getLast().send("mple.org\r\n\r\n");
            assertThat(halves.getLast().read().status()).contains("301");
        } finally {
            for (Client half : halves) {
                half.hangUp();
            }
        }
    }

    private static boolean isServed(Front front) {
        try (Client client = new Client(front)) {
            return client.send("GET /x" + HOST).read().status().contains("301");
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean sendingFails(Client client) {
        return sendingFails(client, "x");
    }

    private static boolean sendingFails(Client client, String text) {
        try {
            client.send(text);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static Answer waiting(CountDownLatch mayAnswer, ChallengeRequest request) {
        try {
            mayAnswer.await();
            return Fixture.held(request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.NotFound();
        }
    }
}
