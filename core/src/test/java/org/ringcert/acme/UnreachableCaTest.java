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

/**
 * A CA that hangs, breaks off or refuses: a call ends in time with an error that says what happened and when to try
 * again.
 */
@Timeout(60)
class UnreachableCaTest extends MisbehavingCa {

    @Test
    void aBodyThatStallsEndsAtTheDeadlineAndTheConnectionIsLetGo() throws Exception {
        try (RawServer server = new RawServer(OK + "Content-Length: 1000\r\n\r\n{\"newNonce\":", true);
                AcmeClient stalled = Clients.of(server.directory(), Clients.SHORT)) {
            AcmeException failure = failing(stalled::profiles);

            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure).hasMessageContaining("did not answer").hasMessageContaining("400 ms");
            assertThat(server.letGo.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(server.connections).hasValue(1);
        }
    }

    @Test
    void aServerThatAcceptsAndSaysNothingEndsAtTheDeadline() throws Exception {
        try (RawServer server = new RawServer("", true);
                AcmeClient stalled = Clients.of(server.directory(), Clients.SHORT)) {
            assertThat(failing(stalled::profiles).kind()).isEqualTo(Kind.UNREACHABLE);
        }
    }

    @Test
    void aServerThatHangsUpIsAskedOnceMore() throws Exception {
        try (RawServer server = new RawServer("", false);
                AcmeClient broken = Clients.of(server.directory(), Clients.LONG)) {
            AcmeException failure = failing(broken::profiles);
            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure)
                    .hasMessageContaining("closed the connection without an answer")
                    .hasMessageNotContaining("no connection");
            assertThat(server.connections).hasValueGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void anAnswerThatIsCutOffIsUnreachable() throws Exception {
        try (RawServer server = new RawServer(OK + "Content-Length: 1000\r\n\r\n{}", false);
                AcmeClient broken = Clients.of(server.directory(), Clients.LONG)) {
            AcmeException failure = failing(broken::profiles);
            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure).hasMessageContaining("broke off its answer").hasMessageNotContaining("no connection");
        }
    }

    /**
     * A server closes an idle connection in the moment in which it is used: the request never arrived, and its nonce is
     * still good.
     */
    @Test
    void anOrderWhoseConnectionIsClosedBeforeItArrivesIsSentOnceMore() throws AcmeException {
        ca.closeBefore(ScriptedCa.ORDERS, 1);

        assertThat(client.newOrder(account(), WANTED).status()).isEqualTo(Order.Status.PENDING);

        assertThat(ca.count(ScriptedCa.ORDERS)).isEqualTo(1);
    }

    @Test
    void anOrderThatMayHaveArrivedIsNotMadeTwice() throws AcmeException {
        ca.closeAfter(ScriptedCa.ORDERS, 1);

        AcmeException failure = failingOrder();

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure).hasMessageContaining("closed the connection without an answer to the new order");
        assertThat(ca.count(ScriptedCa.ORDERS)).isEqualTo(1);
    }

    @Test
    void aLookThatMayHaveArrivedIsAskedAnew() throws AcmeException {
        ca.closeAfter(ScriptedCa.ORDER, 1);

        assertThat(client.fetchOrder(account(), ca.url(ScriptedCa.ORDER)).status())
                .isEqualTo(Order.Status.READY);

        assertThat(ca.count(ScriptedCa.ORDER)).isEqualTo(2);
    }

    @Test
    void aConnectionThatIsClosedAgainAndAgainIsGivenUp() throws AcmeException {
        ca.closeBefore(ScriptedCa.ORDERS, 2);

        assertThat(failingOrder().kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void aClosedPortIsUnreachable() throws Exception {
        URI gone;
        try (RawServer server = new RawServer("", false)) {
            gone = server.directory();
        }
        try (AcmeClient refused = Clients.of(gone, Clients.LONG)) {
            AcmeException failure = failing(refused::profiles);
            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure).hasMessageContaining("no connection");
        }
    }

    @Test
    void aNameWithoutAddressIsUnreachableAndSaysSo() {
        try (AcmeClient nowhere = Clients.of(URI.create("https://ca.invalid/dir"), Clients.LONG)) {
            AcmeException failure = catchThrowableOfType(AcmeException.class, nowhere::profiles);
            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure).hasMessageContaining("no connection to ca.invalid");
        }
    }

    @Test
    void aDirectoryThatIsNotThereIsNotTakenForAForgottenOrder() {
        ca.on(ScriptedCa.DIRECTORY, _ -> Response.html(404));

        AcmeException failure = failing(() -> client.fetchOrder(account, ca.url(ScriptedCa.ORDER)));

        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure).hasMessageContaining("[acme] directory");
    }

    @Test
    void aStormOfBadNoncesEndsAfterTenTries() throws AcmeException {
        ca.on(ScriptedCa.ORDERS, _ -> Response.problem(400, "badNonce", "never good enough"));

        AcmeException failure = failingOrder();

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure)
                .hasMessageContainingAll("never good enough", "nonces that it gives out itself")
                .hasMessageNotContaining("out of order");
        assertThat(ca.count(ScriptedCa.ORDERS)).isEqualTo(10);
    }

    @Test
    void htmlInsteadOfAProblemDocumentKeepsItsStatusAndRetryAfter() throws AcmeException {
        ca.on(ScriptedCa.ORDERS, _ -> Response.html(503).with("Retry-After", "3600"));

        AcmeException failure = failingOrder();

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure).hasMessageContaining("503").hasMessageContaining("60 min");
        assertThat(failure.retryAfter()).contains(Duration.ofHours(1));
        assertThat(failure.problem()).isEmpty();
        assertThat(ca.count(ScriptedCa.ORDERS)).isEqualTo(1);
    }

    @Test
    void a503ThatNeverEndsIsGivenUpAfterAFewWholewaits() throws AcmeException {
        ca.on(ScriptedCa.ORDERS, _ -> Response.html(503).with("Retry-After", "0"));

        assertThat(failingOrder().kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(ca.count(ScriptedCa.ORDERS)).isEqualTo(4);
    }

    @Test
    void aRateLimitSaysWhenAgain() throws AcmeException {
        ca.on(
                ScriptedCa.ORDERS,
                _ -> Response.problem(429, "rateLimited", "too many certificates (5) already issued")
                        .with("Retry-After", "99999999"));

        AcmeException failure = failingOrder();

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
    void theKindFollowsFromProblemAndStatus(int status, String type, Kind kind) {
        ca.on(ScriptedCa.ORDER, _ -> Response.problem(status, type, "in the words of the CA"));

        AcmeException failure = failing(() -> client.fetchOrder(account(), ca.url(ScriptedCa.ORDER)));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining("in the words of the CA");
        assertThat(failure.problem()).get().satisfies(problem -> {
            assertThat(problem.hasType(type)).isTrue();
            assertThat(problem.status()).isEqualTo(status);
        });
    }

    @Test
    void eachRefusedNameIsInTheMessage() throws AcmeException {
        ca.on(ScriptedCa.ORDERS, _ -> Response.json(400, """
                        {"type":"urn:ietf:params:acme:error:rejectedIdentifier","detail":"Some are no good","subproblems":[
                        {"type":"urn:ietf:params:acme:error:caa","detail":"CAA forbids","identifier":{"type":"dns","value":"www.example.org"}},
                        {"detail":7,"identifier":"x"},17]}"""));

        AcmeException failure = failingOrder();

        assertThat(failure)
                .hasMessageContaining("Some are no good")
                .hasMessageContaining("www.example.org: CAA forbids");
        assertThat(failure.problem().orElseThrow().subproblems()).hasSize(2);
    }

    @Test
    void anOrderThatNeverLeavesProcessingEndsWithThePatience() throws IOException, AcmeException {
        ca.on(ScriptedCa.FINALIZE, _ -> Response.json(200, ca.orderJson("processing")));
        ca.on(ScriptedCa.ORDER, _ -> Response.json(200, ca.orderJson("processing")));
        account();
        try (AcmeClient hasty = Clients.of(ca.directory(), patient(600))) {
            Order order = hasty.fetchOrder(account, ca.url(ScriptedCa.ORDER));

            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> hasty.finalizeOrder(account, order, new byte[1]),
                    () -> hasty.awaitStatusChange(account, order.url(), Order.Status.PROCESSING))) {
                AcmeException failure = failing(call);
                assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
                assertThat(failure).hasMessageContaining("is processing after").hasMessageContaining("/order/1");
            }
        }
    }

    @Test
    void aValidationThatNeverEndsEndsWithThePatience() throws AcmeException {
        ca.on(ScriptedCa.AUTHORIZATION, _ -> Response.json(200, ca.authorizationJson("pending")));
        account();
        try (AcmeClient hasty = Clients.of(ca.directory(), patient(600))) {
            AcmeException failure = failing(() -> hasty.awaitValidation(account, ca.url(ScriptedCa.AUTHORIZATION)));

            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure).hasMessageContaining("www.example.org").hasMessageContaining("pending after");
            assertThat(ca.count(ScriptedCa.AUTHORIZATION)).isBetween(1L, 6L);
        }
    }

    @Test
    void anOrderUrlThatWasSavedWronglyIsNotAsked() throws AcmeException {
        account();
        AcmeException failure =
                catchThrowableOfType(AcmeException.class, () -> client.fetchOrder(account, URI.create("ftp://x/y")));

        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure).hasMessageContaining("ftp://x/y");
    }

    @Test
    void anInterruptEndsAWaitAndStaysSet() throws Exception {
        ca.on(
                ScriptedCa.AUTHORIZATION,
                _ -> Response.json(200, ca.authorizationJson("pending")).with("Retry-After", "30"));
        account();
        AtomicReference<Kind> kind = new AtomicReference<>();
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Thread waiting = Thread.ofVirtual().start(() -> {
            kind.set(failing(() -> client.awaitValidation(account, ca.url(ScriptedCa.AUTHORIZATION)), "interrupted"));
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        await().until(() -> ca.count(ScriptedCa.AUTHORIZATION) == 1);

        waiting.interrupt();

        assertThat(waiting.join(Duration.ofSeconds(20))).isTrue();
        assertThat(kind).hasValue(Kind.UNREACHABLE);
        assertThat(interrupted).hasValue(true);
    }

    @Test
    void closingEndsRequestsAndWaitsThatAreUnderWay() throws Exception {
        ca.on(
                ScriptedCa.AUTHORIZATION,
                _ -> Response.json(200, ca.authorizationJson("pending")).with("Retry-After", "30"));
        account();
        try (RawServer server = new RawServer("", true)) {
            AcmeClient hanging = Clients.of(server.directory(), Clients.LONG);
            AtomicReference<Kind> ofRequest = new AtomicReference<>();
            AtomicReference<Kind> ofWait = new AtomicReference<>();
            Thread asking = Thread.ofVirtual().start(() -> ofRequest.set(failing(hanging::profiles, "")));
            Thread waiting = Thread.ofVirtual()
                    .start(() -> ofWait.set(
                            failing(() -> client.awaitValidation(account, ca.url(ScriptedCa.AUTHORIZATION)), "")));
            await().until(() -> server.connections.get() == 1 && ca.count(ScriptedCa.AUTHORIZATION) == 1);

            hanging.close();
            client.close();

            assertThat(asking.join(Duration.ofSeconds(10))).isTrue();
            assertThat(waiting.join(Duration.ofSeconds(10))).isTrue();
            assertThat(ofRequest).hasValue(Kind.UNREACHABLE);
            assertThat(ofWait).hasValue(Kind.UNREACHABLE);
        }
    }

    private static Kind failing(ThrowingCallable call, String words) {
        AcmeException failure = catchThrowableOfType(AcmeException.class, call);
        assertThat(failure).hasMessageContaining(words);
        return failure.kind();
    }

    private static Timeouts patient(long millis) {
        Duration whole = Duration.ofMillis(millis);
        return new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(20), whole, whole);
    }
}
