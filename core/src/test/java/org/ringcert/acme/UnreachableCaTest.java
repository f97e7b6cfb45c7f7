package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.ScriptedCa.Response;

/** A CA that hangs, breaks off or refuses: every call fails in time and says what happened and when to try again. */
@Timeout(60)
class UnreachableCaTest extends AcmeClientTestBase {

    @Test
    void closesTheConnectionOfAStalledBodyAtTheDeadline() throws Exception {
        try (RawServer server =
                        new RawServer(OK + "Content-Length: 1000\r\n\r\n{\"newNonce\":", RawServer.Afterwards.HANG);
                AcmeClient stalled = Clients.create(server.directory(), Clients.SHORT)) {
            AcmeException failure = failureOf(stalled::profiles);

            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure).hasMessageContaining("did not answer").hasMessageContaining("400 ms");
            assertThat(server.clientGone.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(server.connections).hasValue(1);
        }
    }

    @Test
    void givesUpOnASilentServerAtTheDeadline() throws Exception {
        try (RawServer server = new RawServer("", RawServer.Afterwards.HANG);
                AcmeClient stalled = Clients.create(server.directory(), Clients.SHORT)) {
            assertThat(failureOf(stalled::profiles).kind()).isEqualTo(Kind.UNREACHABLE);
        }
    }

    @Test
    void retriesOnceWhenTheServerHangsUp() throws Exception {
        try (RawServer server = new RawServer("", RawServer.Afterwards.HANG_UP);
                AcmeClient broken = Clients.create(server.directory(), Clients.LONG)) {
            AcmeException failure = failureOf(broken::profiles);
            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure)
                    .hasMessageContaining("closed the connection without answering")
                    .hasMessageNotContaining("no connection");
            assertThat(server.connections).hasValueGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void reportsATruncatedResponse() throws Exception {
        try (RawServer server = new RawServer(OK + "Content-Length: 1000\r\n\r\n{}", RawServer.Afterwards.HANG_UP);
                AcmeClient broken = Clients.create(server.directory(), Clients.LONG)) {
            AcmeException failure = failureOf(broken::profiles);
            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure).hasMessageContaining("broke off its response").hasMessageNotContaining("no connection");
        }
    }

    /** As when a server closes an idle connection just as it is used: the nonce of the lost request is still valid. */
    @Test
    void resendsAnOrderThatNeverArrived() throws AcmeException {
        ca.closeBeforeReading(ScriptedCa.ORDERS, 1);

        assertThat(client.newOrder(register(), NEW_ORDER).status()).isEqualTo(Order.Status.PENDING);

        assertThat(ca.count(ScriptedCa.ORDERS)).isEqualTo(1);
    }

    @Test
    void doesNotRepeatAnOrderThatMayHaveArrived() throws AcmeException {
        ca.closeAfterReading(ScriptedCa.ORDERS, 1);

        AcmeException failure = failureOfNewOrder();

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure).hasMessageContaining("closed the connection without answering the new order");
        assertThat(ca.count(ScriptedCa.ORDERS)).isEqualTo(1);
    }

    @Test
    void repeatsAFetchThatMayHaveArrived() throws AcmeException {
        ca.closeAfterReading(ScriptedCa.ORDER, 1);

        assertThat(client.fetchOrder(register(), ca.url(ScriptedCa.ORDER)).status())
                .isEqualTo(Order.Status.READY);

        assertThat(ca.count(ScriptedCa.ORDER)).isEqualTo(2);
    }

    @Test
    void givesUpWhenTheConnectionIsClosedAgain() throws AcmeException {
        ca.closeBeforeReading(ScriptedCa.ORDERS, 2);

        assertThat(failureOfNewOrder().kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void reportsAClosedPort() throws Exception {
        URI closed;
        try (RawServer server = new RawServer("", RawServer.Afterwards.HANG_UP)) {
            closed = server.directory();
        }
        try (AcmeClient refused = Clients.create(closed, Clients.LONG)) {
            AcmeException failure = failureOf(refused::profiles);
            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure).hasMessageContaining("no connection");
        }
    }

    @Test
    void reportsANameWithoutAnAddress() {
        try (AcmeClient nowhere = Clients.create(URI.create("https://ca.invalid/dir"), Clients.LONG)) {
            AcmeException failure = catchThrowableOfType(AcmeException.class, nowhere::profiles);
            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure).hasMessageContaining("no connection to ca.invalid");
        }
    }

    @Test
    void doesNotMistakeAMissingDirectoryForAForgottenOrder() {
        ca.on(ScriptedCa.DIRECTORY, _ -> Response.html(404));

        AcmeException failure = failureOf(() -> client.fetchOrder(account, ca.url(ScriptedCa.ORDER)));

        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure).hasMessageContaining("[acme] directory");
    }

    @Test
    void givesUpAfterTenRejectedNonces() throws AcmeException {
        ca.on(ScriptedCa.ORDERS, _ -> Response.problem(400, "badNonce", "never good enough"));

        AcmeException failure = failureOfNewOrder();

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure)
                .hasMessageContainingAll("never good enough", "its own nonces")
                .hasMessageNotContaining("server error");
        assertThat(ca.count(ScriptedCa.ORDERS)).isEqualTo(10);
    }

    @Test
    void reportsStatusAndRetryAfterOfAnHtmlError() throws AcmeException {
        ca.on(ScriptedCa.ORDERS, _ -> Response.html(503).with("Retry-After", "3600"));

        AcmeException failure = failureOfNewOrder();

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure).hasMessageContaining("503").hasMessageContaining("60 min");
        assertThat(failure.retryAfter()).contains(Duration.ofHours(1));
        assertThat(failure.problem()).isEmpty();
        assertThat(ca.count(ScriptedCa.ORDERS)).isEqualTo(1);
    }

    @Test
    void givesUpOnARepeated503AfterThreeRetries() throws AcmeException {
        ca.on(ScriptedCa.ORDERS, _ -> Response.html(503).with("Retry-After", "0"));

        assertThat(failureOfNewOrder().kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(ca.count(ScriptedCa.ORDERS)).isEqualTo(4);
    }

    @Test
    void reportsWhenARateLimitEnds() throws AcmeException {
        ca.on(
                ScriptedCa.ORDERS,
                _ -> Response.problem(429, "rateLimited", "too many certificates (5) already issued")
                        .with("Retry-After", "99999999"));

        AcmeException failure = failureOfNewOrder();

        assertThat(failure.kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(failure).hasMessageContaining("too many certificates (5)");
        assertThat(failure.retryAfter()).contains(Duration.ofDays(7));
    }

    @ParameterizedTest
    @CsvSource({
        "400, accountDoesNotExist, ACCOUNT_GONE",
        "403, rateLimited, RATE_LIMITED",
        "404, malformed, NOT_FOUND",
        "400, rejectedIdentifier, REFUSED",
        "403, unauthorized, REFUSED",
        "500, serverInternal, UNREACHABLE",
        "400, serverInternal, UNREACHABLE"
    })
    void derivesTheKindFromProblemAndStatus(int status, String type, Kind kind) {
        ca.on(ScriptedCa.ORDER, _ -> Response.problem(status, type, "explained by the CA"));

        AcmeException failure = failureOf(() -> client.fetchOrder(register(), ca.url(ScriptedCa.ORDER)));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining("explained by the CA");
        assertThat(failure.problem()).get().satisfies(problem -> {
            assertThat(problem.hasType(type)).isTrue();
            assertThat(problem.status()).isEqualTo(status);
        });
    }

    @Test
    void namesEachRejectedNameInTheMessage() throws AcmeException {
        ca.on(ScriptedCa.ORDERS, _ -> Response.json(400, """
                        {"type":"urn:ietf:params:acme:error:rejectedIdentifier","detail":"Some are no good","subproblems":[
                        {"type":"urn:ietf:params:acme:error:caa","detail":"CAA forbids","identifier":{"type":"dns","value":"www.example.org"}},
                        {"detail":7,"identifier":"x"},17]}"""));

        AcmeException failure = failureOfNewOrder();

        assertThat(failure)
                .hasMessageContaining("Some are no good")
                .hasMessageContaining("www.example.org: CAA forbids");
        assertThat(failure.problem().orElseThrow().subproblems()).hasSize(2);
    }

    @Test
    void timesOutOnAnOrderThatStaysProcessing() throws IOException, AcmeException {
        ca.on(ScriptedCa.FINALIZE, _ -> Response.json(200, ca.orderJson("processing")));
        ca.on(ScriptedCa.ORDER, _ -> Response.json(200, ca.orderJson("processing")));
        register();
        try (AcmeClient impatient = Clients.create(ca.directory(), timeouts(600))) {
            Order order = impatient.fetchOrder(account, ca.url(ScriptedCa.ORDER));

            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> impatient.finalizeOrder(account, order, new byte[1]),
                    () -> impatient.awaitStatusChange(account, order.url(), Order.Status.PROCESSING))) {
                AcmeException failure = failureOf(call);
                assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
                assertThat(failure).hasMessageContaining("is processing after").hasMessageContaining("/order/1");
            }
        }
    }

    @Test
    void timesOutOnAValidationThatStaysPending() throws AcmeException {
        ca.on(ScriptedCa.AUTHORIZATION, _ -> Response.json(200, ca.authorizationJson("pending")));
        register();
        try (AcmeClient impatient = Clients.create(ca.directory(), timeouts(600))) {
            AcmeException failure =
                    failureOf(() -> impatient.awaitValidation(account, ca.url(ScriptedCa.AUTHORIZATION)));

            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure).hasMessageContaining("www.example.org").hasMessageContaining("pending after");
            assertThat(ca.count(ScriptedCa.AUTHORIZATION)).isBetween(1L, 6L);
        }
    }

    @Test
    void rejectsASavedOrderUrlOfAnotherScheme() throws AcmeException {
        register();
        AcmeException failure =
                catchThrowableOfType(AcmeException.class, () -> client.fetchOrder(account, URI.create("ftp://x/y")));

        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure).hasMessageContaining("ftp://x/y");
    }

    @Test
    void failsOnInterruptAndKeepsTheInterruptStatus() throws Exception {
        ca.on(
                ScriptedCa.AUTHORIZATION,
                _ -> Response.json(200, ca.authorizationJson("pending")).with("Retry-After", "30"));
        register();
        AtomicReference<Kind> kind = new AtomicReference<>();
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Thread waiting = Thread.ofVirtual().start(() -> {
            kind.set(failureKind(
                    () -> client.awaitValidation(account, ca.url(ScriptedCa.AUTHORIZATION)), "interrupted"));
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        await().until(() -> ca.count(ScriptedCa.AUTHORIZATION) == 1);

        waiting.interrupt();

        assertThat(waiting.join(Duration.ofSeconds(20))).isTrue();
        assertThat(kind).hasValue(Kind.UNREACHABLE);
        assertThat(interrupted).hasValue(true);
    }

    @Test
    void closeAbortsRequestsAndWaitsInProgress() throws Exception {
        ca.on(
                ScriptedCa.AUTHORIZATION,
                _ -> Response.json(200, ca.authorizationJson("pending")).with("Retry-After", "30"));
        register();
        try (RawServer server = new RawServer("", RawServer.Afterwards.HANG)) {
            AcmeClient hanging = Clients.create(server.directory(), Clients.LONG);
            AtomicReference<Kind> requestFailure = new AtomicReference<>();
            AtomicReference<Kind> waitFailure = new AtomicReference<>();
            Thread requesting = Thread.ofVirtual().start(() -> requestFailure.set(failureKind(hanging::profiles, "")));
            Thread waiting = Thread.ofVirtual()
                    .start(() -> waitFailure.set(
                            failureKind(() -> client.awaitValidation(account, ca.url(ScriptedCa.AUTHORIZATION)), "")));
            await().until(() -> server.connections.get() == 1 && ca.count(ScriptedCa.AUTHORIZATION) == 1);

            hanging.close();
            client.close();

            assertThat(requesting.join(Duration.ofSeconds(10))).isTrue();
            assertThat(waiting.join(Duration.ofSeconds(10))).isTrue();
            assertThat(requestFailure).hasValue(Kind.UNREACHABLE);
            assertThat(waitFailure).hasValue(Kind.UNREACHABLE);
        }
    }

    private static Kind failureKind(ThrowingCallable call, String expectedMessage) {
        AcmeException failure = catchThrowableOfType(AcmeException.class, call);
        assertThat(failure).hasMessageContaining(expectedMessage);
        return failure.kind();
    }

    private static Timeouts timeouts(long waitMillis) {
        Duration wait = Duration.ofMillis(waitMillis);
        return new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(20), wait, wait, wait);
    }
}
