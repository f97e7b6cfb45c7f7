package org.ringcert.daemon.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ringcert.daemon.front.FrontFixture.HELD;
import static org.ringcert.daemon.front.FrontFixture.SLOW;
import static org.ringcert.daemon.front.FrontFixture.limits;
import static org.ringcert.daemon.front.FrontFixture.service;

import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.handoff.ChallengeResponder;

/** The events that a front reports to its listener. */
@Timeout(120)
class FrontEventsTest {

    private static final String HOST = " HTTP/1.1\r\nHost: www.example.org\r\n\r\n";
    private static final Duration SHORT = Duration.ofMillis(200);

    private final RecordingListener listener = new RecordingListener();

    @Test
    void reportsRedirectsHealthChecksAndRefusals() throws IOException {
        try (Front front = start(limits().build(), FrontFixture.responder(FrontFixture::held));
                RawClient client = new RawClient(front)) {
            client.send("GET /x" + HOST).read();
            client.send("GET " + Router.HEALTH + HOST).read();
            client.send("GET / HTTP/1.1\r\nHost: other.example\r\n\r\n").read();
            client.send("DELETE " + HELD.path() + HOST).read();
        }
        assertThat(listener.events)
                .containsExactly(
                        "accepted",
                        "redirected",
                        "health",
                        "refused NOT_FOUND",
                        "refused METHOD_NOT_ALLOWED",
                        "closed");
    }

    @Test
    void reportsRefusalsOfMalformedRequests() throws IOException {
        try (Front front = start(limits().build(), FrontFixture.responder(FrontFixture::held));
                RawClient client = new RawClient(front)) {
            client.send("\u0016\u0003\u0001").read();
        }
        assertThat(listener.events).containsExactly("accepted", "refused BAD_REQUEST", "closed");
    }

    @Test
    void reportsARefusalWhenAnAnswerTimesOut() throws IOException {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        try (Front front = start(
                        limits().answerTimeout(SHORT).build(),
                        FrontFixture.responder(request -> awaitAndAnswer(mayAnswer, request)));
                RawClient client = new RawClient(front)) {
            client.send("GET " + SLOW.path() + HOST).read();
            assertThat(listener.events).containsExactly("accepted", "refused UNAVAILABLE");
        }
    }

    @Test
    void reportsRefusalsOfUnfinishedRequests() throws IOException {
        try (Front front = start(limits().headTimeout(SHORT).build(), FrontFixture.responder(FrontFixture::held));
                RawClient client = new RawClient(front)) {
            client.send("GET /x").read();
            assertThat(listener.events).containsExactly("accepted", "refused REQUEST_TIMEOUT");
        }
    }

    @Test
    void reportsARefusalWhenTooManyAnswersArePending() throws IOException {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        try (Front front = start(
                        limits().maxPendingAnswers(0).build(),
                        FrontFixture.responder(request -> awaitAndAnswer(mayAnswer, request)));
                RawClient client = new RawClient(front)) {
            client.send("GET " + SLOW.path() + HOST).read();
            assertThat(listener.events).containsExactly("accepted", "refused UNAVAILABLE");
        }
    }

    @Test
    void reportsInternalErrors() throws IOException {
        ChallengeResponder broken = FrontFixture.responder(request -> {
            throw new IllegalStateException("disk gone");
        });
        try (Front front = start(limits().build(), broken);
                RawClient client = new RawClient(front)) {
            client.send("GET " + SLOW.path() + HOST).read();
            assertThat(listener.events).containsExactly("accepted", "error disk gone");
        }
    }

    @Test
    void reportsConnectionsThatAreAcceptedRefusedAndClosed() throws IOException {
        try (Front front = start(limits().maxConnections(1).build(), FrontFixture.responder(FrontFixture::held))) {
            try (RawClient accepted = new RawClient(front)) {
                accepted.send("GET /x" + HOST).read();
                try (RawClient refused = new RawClient(front)) {
                    assertThat(refused.isClosed()).isTrue();
                }
                assertThat(listener.events).containsExactly("accepted", "redirected", "connection refused");
            }
            await().untilAsserted(() -> assertThat(listener.events)
                    .containsExactly("accepted", "redirected", "connection refused", "closed"));
        }
    }

    @Test
    void servesOnWhenTheListenerThrows() throws IOException {
        FrontLimits limits =
                limits().maxConnections(1).maxConnectionsPerAddress(1).build();
        ChallengeResponder broken = FrontFixture.responder(request -> {
            throw new IllegalStateException("disk gone");
        });
        try (Front front = FrontFixture.start(service(broken), limits, new ThrowingListener())) {
            try (RawClient client = new RawClient(front)) {
                assertThat(client.send("GET " + HELD.path() + HOST).read().status())
                        .isEqualTo("HTTP/1.1 200 OK");
                assertThat(client.send("GET /x" + HOST).read().status()).isEqualTo("HTTP/1.1 301 Moved Permanently");
                assertThat(client.send("GET " + Router.HEALTH + HOST).read().status())
                        .isEqualTo("HTTP/1.1 200 OK");
                assertThat(client.send("GET / HTTP/1.1\r\nHost: other.example\r\n\r\n")
                                .read()
                                .status())
                        .isEqualTo("HTTP/1.1 404 Not Found");
                try (RawClient refused = new RawClient(front)) {
                    assertThat(refused.isClosed()).isTrue();
                }
                assertThat(client.send("GET " + SLOW.path() + HOST).read().status())
                        .isEqualTo("HTTP/1.1 500 Internal Server Error");
            }
            // The share of the closed connection is free again although the listener threw.
            await().until(() -> isServed(front));
        }
    }

    private Front start(FrontLimits limits, ChallengeResponder responder) throws ListenException {
        return FrontFixture.start(service(responder), limits, listener);
    }

    private static boolean isServed(Front front) {
        try (RawClient client = new RawClient(front)) {
            return client.send("GET /x" + HOST).read().status().contains("301");
        } catch (IOException e) {
            return false;
        }
    }

    private static Answer awaitAndAnswer(CountDownLatch mayAnswer, ChallengeRequest request) {
        try {
            mayAnswer.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return FrontFixture.held(request);
    }

    private static final class RecordingListener implements FrontListener {

        private final Queue<String> events = new ConcurrentLinkedQueue<>();

        @Override
        public void connectionAccepted() {
            events.add("accepted");
        }

        @Override
        public void connectionRefused() {
            events.add("connection refused");
        }

        @Override
        public void connectionClosed() {
            events.add("closed");
        }

        @Override
        public void redirectedToHttps() {
            events.add("redirected");
        }

        @Override
        public void healthChecked() {
            events.add("health");
        }

        @Override
        public void requestRefused(HttpError reason) {
            events.add("refused " + reason);
        }

        @Override
        public void internalError(Throwable error) {
            events.add("error " + error.getMessage());
        }
    }

    private static final class ThrowingListener implements FrontListener {

        @Override
        public void connectionAccepted() {
            throw new IllegalStateException("listener");
        }

        @Override
        public void connectionRefused() {
            throw new IllegalStateException("listener");
        }

        @Override
        public void connectionClosed() {
            throw new IllegalStateException("listener");
        }

        @Override
        public void redirectedToHttps() {
            throw new IllegalStateException("listener");
        }

        @Override
        public void healthChecked() {
            throw new IllegalStateException("listener");
        }

        @Override
        public void requestRefused(HttpError reason) {
            throw new IllegalStateException("listener");
        }

        @Override
        public void internalError(Throwable error) {
            throw new AssertionError("listener");
        }
    }
}
