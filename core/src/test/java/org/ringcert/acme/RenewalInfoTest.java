package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException.Fault;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.ScriptedCa.Received;
import org.ringcert.acme.ScriptedCa.Response;

/** Renewal information (RFC 9773), and the order that replaces a certificate. */
@Timeout(60)
class RenewalInfoTest extends AcmeClientTestBase {

    private static final CertificateId ID = new CertificateId("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE");
    private static final String RESOURCE = ScriptedCa.RENEWAL_INFO + "/" + ID;
    private static final String START = "2027-01-02T04:00:00Z";
    private static final String END = "2027-01-03T04:00:00Z";

    @Test
    void returnsTheWindowWithoutAnAccount() throws AcmeException {
        answer(window(START, END, ",\"explanationURL\":\"https://ca.example/why?id=1\",\"more\":[1]"));

        assertThat(client.hasRenewalInfo()).isTrue();
        RenewalInfo info = client.renewalInfo(ID).orElseThrow();

        assertThat(info)
                .isEqualTo(new RenewalInfo(
                        Instant.parse(START),
                        Instant.parse(END),
                        Optional.of("https://ca.example/why?id=1"),
                        Optional.empty()));
        Received sent = ca.last(RESOURCE);
        assertThat(sent.method()).isEqualTo("GET");
        assertThat(sent.payload()).isEmpty();
        assertThat(ca.count(ScriptedCa.NONCE)).isZero();
    }

    @Test
    void isEmptyForACaWithoutRenewalInformation() throws AcmeException {
        for (String value : List.of("null", "7", "\"\"", "\"ftp://ca.example/\"", "[]")) {
            ca.on(
                    ScriptedCa.DIRECTORY,
                    _ -> Response.json(
                            200, ca.directoryJson("{}").replace("\"" + ca.url(ScriptedCa.RENEWAL_INFO) + "\"", value)));
            try (AcmeClient other = Clients.create(ca.directory(), Clients.LONG)) {
                assertThat(other.renewalInfo(ID)).as(value).isEmpty();
                assertThat(other.hasRenewalInfo()).as(value).isFalse();
            }
        }
    }

    @Test
    void acceptsAResourceUrlThatEndsInASlash() throws AcmeException {
        ca.on(
                ScriptedCa.DIRECTORY,
                _ -> Response.json(200, ca.directoryJson("{}").replace("/renewal-info\"", "/renewal-info/\"")));
        answer(window(START, END, ""));

        assertThat(client.renewalInfo(ID)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "2027-01-02T04:00:00Z, 2027-01-02T04:00:00Z",
        "2027-01-02T04:00:00.25Z, 2027-01-02T04:00:00.250Z",
        "2027-01-02T04:00:00.123456789Z, 2027-01-02T04:00:00.123456789Z",
        "2027-01-02T06:00:00+02:00, 2027-01-02T04:00:00Z",
        "2027-01-01T19:30:00.5-08:30, 2027-01-02T04:00:00.500Z",
        "2027-01-02t04:00:00z, 2027-01-02T04:00:00Z",
        "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z"
    })
    void readsTheTimesOfRfc3339(String text, String expected) throws AcmeException {
        answer(window(text, "9999-12-31T23:59:59Z", ""));

        RenewalInfo info = client.renewalInfo(ID).orElseThrow();

        assertThat(info.start()).isEqualTo(expected);
        assertThat(info.end()).isEqualTo("9999-12-31T23:59:59Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "soon",
                "2027-01-02",
                "2027-01-02T04:00:00",
                "2027-01-02 04:00:00Z",
                "2027-02-30T04:00:00Z",
                "2027-01-02T25:00:00Z",
                "+999999999-01-02T04:00:00Z",
                "2027-01-02T04:00:00+99:00",
                "2027-01-02T04:00:00Z[Europe/Berlin]",
                "1798862400"
            })
    void rejectsATimeThatIsGarbage(String text) {
        answer(window(text, END, ""));

        AcmeException failure = failureOf(() -> client.renewalInfo(ID));

        assertThat(failure.kind()).isEqualTo(Kind.INVALID_RESPONSE);
        assertThat(failure).hasMessageContaining("\"start\"");
    }

    @ParameterizedTest
    @CsvSource({START + "," + START, END + "," + START})
    void rejectsAWindowThatDoesNotEndAfterItsStart(String start, String end) {
        answer(window(start, end, ""));

        AcmeException failure = failureOf(() -> client.renewalInfo(ID));

        assertThat(failure.kind()).isEqualTo(Kind.INVALID_RESPONSE);
        assertThat(failure.fault()).isEqualTo(Fault.CA);
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new RenewalInfo(Instant.parse(start), Instant.parse(end), Optional.empty(), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "null",
                "\"2027\"",
                "{\"suggestedWindow\":[]}",
                "{\"suggestedWindow\":{}}",
                "{\"suggestedWindow\":{\"start\":1,\"end\":2}}",
                "{\"suggestedWindow\":{\"start\":\"" + START + "\"}}",
                "<html>"
            })
    void rejectsAnAnswerOfTheWrongShape(String body) {
        answer(body);

        assertThat(failureOf(() -> client.renewalInfo(ID)).kind()).isEqualTo(Kind.INVALID_RESPONSE);
    }

    @Test
    void rejectsAHugeAnswer() {
        answer(window(START, END, ",\"x\":\"" + "y".repeat(1_000_000) + "\""));

        assertThat(failureOf(() -> client.renewalInfo(ID)))
                .hasMessageContaining("too long")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_RESPONSE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"javascript:alert(1)\"", "\"https://ca.example/a\\u001b[2J\"", "7", "null", "\"\""})
    void ignoresAnExplanationThatIsNoWebPage(String url) throws AcmeException {
        answer(window(START, END, ",\"explanationURL\":" + url));

        assertThat(client.renewalInfo(ID).orElseThrow().explanationUrl()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "21600, 21600", "31536000, 604800", "soon,", "-5,", "1.5,", "99999999999999999999,"})
    void returnsRetryAfterAsTheCaSaysIt(String header, Integer seconds) throws AcmeException {
        answer(window(START, END, ""), "Retry-After", header);

        assertThat(client.renewalInfo(ID).orElseThrow().retryAfter())
                .isEqualTo(Optional.ofNullable(seconds).map(Duration::ofSeconds));
    }

    @Test
    void readsARetryAfterThatIsADate() throws AcmeException {
        String inSixHours = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plus(Duration.ofHours(6)).atOffset(ZoneOffset.UTC));
        answer(window(START, END, ""), "Retry-After", inSixHours);

        assertThat(client.renewalInfo(ID).orElseThrow().retryAfter())
                .hasValueSatisfying(
                        wait -> assertThat(wait).isBetween(Duration.ofMinutes(350), Duration.ofMinutes(360)));
    }

    @Test
    void reportsACertificateThatTheCaDoesNotKnow() {
        ca.on(RESOURCE, _ -> Response.problem(404, "malformed", "no such certificate"));

        assertThat(failureOf(() -> client.renewalInfo(ID)).kind()).isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    void reportsAServerErrorAndItsRetryAfter() {
        ca.on(RESOURCE, _ -> Response.html(503).with("Retry-After", "3600"));

        AcmeException failure = failureOf(() -> client.renewalInfo(ID));

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.retryAfter()).contains(Duration.ofHours(1));
    }

    /** No account is part of the request, so none can be lost. */
    @Test
    void neverReportsALostAccount() {
        ca.on(RESOURCE, _ -> Response.problem(400, "accountDoesNotExist", "who are you?"));

        assertThat(failureOf(() -> client.renewalInfo(ID)).kind()).isEqualTo(Kind.REFUSED);
    }

    /** The other limits of this client are far longer than the test's. */
    @Test
    void givesUpOnASlowCaAfterItsOwnDeadline() throws AcmeException {
        assertThat(Timeouts.DEFAULT.renewalInfo()).isEqualTo(Duration.ofSeconds(10));
        CountDownLatch end = new CountDownLatch(1);
        ca.on(RESOURCE, _ -> {
            awaitUninterruptibly(end);
            return Response.json(200, window(START, END, ""));
        });
        Duration minutes = Duration.ofMinutes(5);
        Timeouts timeouts = new Timeouts(minutes, minutes, minutes, minutes, Duration.ofMillis(300));
        try (AcmeClient impatient = Clients.create(ca.directory(), timeouts)) {
            impatient.profiles();
            assertThat(failureOf(() -> impatient.renewalInfo(ID)).kind()).isEqualTo(Kind.UNREACHABLE);
        } finally {
            end.countDown();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void namesTheCertificateThatAnOrderReplacesAndReadsTheEcho() throws AcmeException {
        register();
        ca.on(
                ScriptedCa.ORDERS,
                _ -> Response.json(201, orderJson("\"replaces\":\"" + ID + "\","))
                        .with("Location", "/order/1"));

        Order order = client.newOrder(account, replacing());

        assertThat(ca.last(ScriptedCa.ORDERS).payload()).endsWith(",\"replaces\":\"" + ID + "\"}");
        assertThat(order.replaces()).contains(ID);
        assertThat(order.withFinalizeUrl(Optional.empty()).replaces()).contains(ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"replaces\":null,", "\"replaces\":[],", "\"replaces\":\"not an id\","})
    void hasNoEchoWhereTheCaGivesNone(String field) throws AcmeException {
        register();
        ca.on(ScriptedCa.ORDERS, _ -> Response.json(201, orderJson(field)).with("Location", "/order/1"));

        assertThat(client.newOrder(account, replacing()).replaces()).isEmpty();
    }

    @Test
    void sendsNoPredecessorToACaWithoutRenewalInformation() throws AcmeException {
        ca.on(
                ScriptedCa.DIRECTORY,
                _ -> Response.json(200, ca.directoryJson("{}").replace("renewalInfo", "renewal")));
        register();

        client.newOrder(account, replacing());

        assertThat(ca.last(ScriptedCa.ORDERS).payload()).doesNotContain("replaces");
    }

    @Test
    void reportsAPredecessorThatIsAlreadyReplaced() throws AcmeException {
        register();
        ca.on(ScriptedCa.ORDERS, _ -> Response.problem(409, "alreadyReplaced", "it has a replacement order"));

        assertThat(failureOf(() -> client.newOrder(account, replacing())).kind())
                .isEqualTo(Kind.ALREADY_REPLACED);
    }

    private NewOrder replacing() {
        return new NewOrder(List.of(NAME), Optional.empty(), Optional.of(ID));
    }

    private String orderJson(String field) {
        return "{" + field + ca.orderJson("pending").substring(1);
    }

    private void answer(String body) {
        ca.on(RESOURCE, _ -> Response.json(200, body));
    }

    private void answer(String body, String header, String value) {
        ca.on(RESOURCE, _ -> new Response(200, Map.of("Content-Type", "application/json", header, value), body));
    }

    private static String window(String start, String end, String more) {
        return "{\"suggestedWindow\":{\"start\":\"" + start + "\",\"end\":\"" + end + "\"}" + more + "}";
    }
}
