package org.ringcert.daemon.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.daemon.front.FrontFixture.HELD;
import static org.ringcert.daemon.front.FrontFixture.SLOW;
import static org.ringcert.daemon.front.FrontFixture.limits;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ringcert.daemon.RecordedLog;
import org.ringcert.view.look.LookAnswer;
import org.ringcert.view.look.LookRequest;
import org.ringcert.view.look.LookResponder;

/** What peers get that ask a front to look, over real connections. */
@Timeout(120)
class FrontLookTest {

    private static final String JSON = "{\"version\":1,\"name\":\"www.example.org\"}";
    private static final String HOST = " HTTP/1.1\r\nHost: web0.example.org\r\n\r\n";
    private static final String QUERY = "?at=web1.example.org&look=www.example.org";
    private static final String LOOK = "GET " + SLOW.path() + QUERY + HOST;

    private static Front start(FrontLimits limits, LookResponder responder) throws ListenException {
        return start(limits, responder, FrontListener.NONE);
    }

    private static Front start(FrontLimits limits, LookResponder responder, FrontListener listener)
            throws ListenException {
        return FrontFixture.start(
                FrontFixture.service(FrontFixture.responder(FrontFixture::held), responder), limits, listener);
    }

    @Test
    void answersWithTheReport() throws IOException {
        Queue<LookRequest> requests = new ConcurrentLinkedQueue<>();
        LookResponder responder = request -> {
            requests.add(request);
            return new LookAnswer.Report(JSON);
        };
        try (Front front = start(limits().build(), responder);
                RawClient client = new RawClient(front)) {
            RawResponse reply = client.send(LOOK).read();

            assertThat(reply.status()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(reply.body()).isEqualTo(JSON);
            assertThat(reply.has("Content-Type: application/json")).isTrue();
            assertThat(reply.has("X-Content-Type-Options: nosniff")).isTrue();
            assertThat(reply.has("Cache-Control: no-store")).isTrue();
            assertThat(requests).singleElement().satisfies(request -> {
                assertThat(request.token()).isEqualTo(SLOW);
                assertThat(request.at().name()).hasToString("web1.example.org");
                assertThat(request.name()).hasToString("www.example.org");
                assertThat(request.source().isLoopbackAddress()).isTrue();
            });
        }
    }

    @Test
    void answersHeadWithTheLengthAndNoBody() throws IOException {
        try (Front front = start(limits().build(), _ -> new LookAnswer.Report(JSON));
                RawClient client = new RawClient(front)) {
            RawResponse reply =
                    client.send("HEAD " + SLOW.path() + QUERY + HOST).readWithoutBody();

            assertThat(reply.status()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(reply.has("Content-Length: " + JSON.length())).isTrue();
            assertThat(client.send("GET " + HELD.path() + HOST).read().status()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void answers404IfTheTokenIsNotHeldAnd503IfBusy() throws IOException {
        try (Front front = start(
                        limits().build(),
                        request -> request.token().equals(HELD) ? new LookAnswer.NotHeld() : new LookAnswer.Busy());
                RawClient client = new RawClient(front)) {
            assertThat(client.send("GET " + HELD.path() + QUERY + HOST).read().status())
                    .isEqualTo("HTTP/1.1 404 Not Found");
            RawResponse busy = client.send(LOOK).read();
            assertThat(busy.status()).isEqualTo("HTTP/1.1 503 Service Unavailable");
            assertThat(busy.has("Retry-After: 1")).isTrue();
        }
    }

    @Test
    void doesNotLookAtNamesThatAreNotConfigured() throws IOException {
        LookResponder responder = _ -> {
            throw new AssertionError("nothing is looked at");
        };
        Queue<String> events = new ConcurrentLinkedQueue<>();
        FrontListener listener = new FrontListener() {
            @Override
            public void internalError(Throwable error) {
                events.add("error");
            }
        };
        try (Front front = start(limits().build(), responder, listener);
                RawClient client = new RawClient(front)) {
            for (String query : new String[] {
                "?at=web1.example.org&look=evil.example",
                "?at=evil.example&look=www.example.org",
                "?at=web1.example.org&at=web1.example.org&look=www.example.org"
            }) {
                assertThat(client.send("GET " + SLOW.path() + query + HOST)
                                .read()
                                .status())
                        .isEqualTo("HTTP/1.1 404 Not Found");
            }
            assertThat(events).isEmpty();
        }
    }

    /** Otherwise a flood of looks, which take seconds, would keep CAs from getting their answers. */
    @Test
    void answersChallengesWhileTooManyLooksArePending() throws Exception {
        CountDownLatch looking = new CountDownLatch(2);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        LookResponder responder = _ -> {
            looking.countDown();
            await(mayAnswer);
            return new LookAnswer.Report(JSON);
        };
        FrontLimits limits = limits().maxPendingLooks(2).maxPendingAnswers(1).build();
        try (Front front = start(limits, responder);
                RawClient first = new RawClient(front);
                RawClient second = new RawClient(front);
                RawClient third = new RawClient(front);
                RawClient ca = new RawClient(front)) {
            first.send(LOOK);
            second.send(LOOK);
            looking.await();

            assertThat(third.send(LOOK).read().status()).isEqualTo("HTTP/1.1 503 Service Unavailable");
            assertThat(ca.send("GET " + SLOW.path() + HOST).read().status()).isEqualTo("HTTP/1.1 200 OK");
            mayAnswer.countDown();
            assertThat(first.read().body()).isEqualTo(JSON);
            assertThat(second.read().body()).isEqualTo(JSON);
            assertThat(first.send(LOOK).read().body()).isEqualTo(JSON);
        }
    }

    @Test
    void answers500WhenTheResponderFailsAndLooksAgain() throws IOException {
        LookResponder responder = request -> {
            if (request.token().equals(HELD)) {
                throw new IllegalStateException("a bug");
            }
            return new LookAnswer.Report(JSON);
        };
        FrontLimits limits = limits().maxPendingLooks(1).build();
        try (Front front = start(limits, responder);
                RawClient client = new RawClient(front);
                RawClient next = new RawClient(front)) {
            assertThat(client.send("GET " + HELD.path() + QUERY + HOST).read().status())
                    .isEqualTo("HTTP/1.1 500 Internal Server Error");
            assertThat(next.send(LOOK).read().body()).isEqualTo(JSON);
        }
    }

    @Test
    void reportsAndLogsLooks() throws IOException {
        Queue<String> events = new ConcurrentLinkedQueue<>();
        FrontListener listener = new FrontListener() {
            @Override
            public void lookAnswered(LookRequest request, LookAnswer answer) {
                events.add(request.name() + " " + answer.getClass().getSimpleName());
                throw new IllegalStateException("a bug of the listener");
            }
        };
        try (RecordedLog log = new RecordedLog("ringcert.challenge", Level.DEBUG);
                Front front = start(limits().build(), _ -> new LookAnswer.Report(JSON), listener);
                RawClient client = new RawClient(front)) {
            assertThat(client.send(LOOK).read().body()).isEqualTo(JSON);

            assertThat(events).containsExactly("www.example.org Report");
            assertThat(log.messages())
                    .containsExactly(
                            "token=" + SLOW + " from=127.0.0.1 answer=looked at=web1.example.org look=www.example.org");
        }
    }

    @Test
    void interruptsPendingLooksWhenItCloses() throws Exception {
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        LookResponder responder = _ -> {
            looking.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException _) {
                interrupted.countDown();
            }
            return new LookAnswer.Busy();
        };
        Front front = start(limits().build(), responder);
        try (RawClient client = new RawClient(front)) {
            client.send(LOOK);
            looking.await();
        }
        front.close();
        interrupted.await();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
