package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.ScriptedCa.Received;
import org.ringcert.acme.ScriptedCa.Response;

/** The two requests that are saved with a CA that answers at once: for the authorization and for the order. */
class FinalizeTest extends AcmeClientTestBase {

    private static final byte[] REQUEST = {1, 2, 3};

    private List<String> requestsSinceRegistration() {
        return ca.received.stream()
                .map(Received::path)
                .filter(path -> !List.of(ScriptedCa.DIRECTORY, ScriptedCa.NONCE, ScriptedCa.ACCOUNTS)
                        .contains(path))
                .toList();
    }

    @Test
    void asksForNothingBetweenTheValidationAndTheCertificate() throws AcmeException {
        register();
        ca.on(ScriptedCa.CHALLENGE, _ -> Response.json(200, challengeJson("valid", "")));

        Order order = client.newOrder(account, NEW_ORDER);
        Challenge challenge = client.fetchAuthorization(
                        account, order.authorizations().getFirst())
                .http01()
                .orElseThrow();
        assertThat(client.respond(account, challenge).status()).isEqualTo(Challenge.Status.VALID);
        client.downloadCertificate(account, client.finalizeOrder(account, order, REQUEST));

        assertThat(requestsSinceRegistration())
                .containsExactly(
                        ScriptedCa.ORDERS,
                        ScriptedCa.AUTHORIZATION,
                        ScriptedCa.CHALLENGE,
                        ScriptedCa.FINALIZE,
                        ScriptedCa.CERTIFICATE);
    }

    @ParameterizedTest
    @CsvSource({"403, orderNotReady", "400, malformed", "401, unauthorized", "404, malformed", "500, serverInternal"})
    void sendsTheRequestOnceMoreWhenItCameTooEarly(int status, String type) throws AcmeException {
        register();
        ca.firstOn(ScriptedCa.FINALIZE, Response.problem(status, type, "not yet"));
        ca.firstOn(ScriptedCa.ORDER, Response.json(200, ca.orderJson("pending")));

        Order valid = client.finalizeOrder(account, order("pending"), REQUEST);

        assertThat(valid.status()).isEqualTo(Order.Status.VALID);
        assertThat(requestsSinceRegistration())
                .containsExactly(ScriptedCa.FINALIZE, ScriptedCa.ORDER, ScriptedCa.ORDER, ScriptedCa.FINALIZE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"orderNotReady", "badCSR"})
    void sendsTheRequestTwiceAtMost(String type) throws AcmeException {
        register();
        ca.on(ScriptedCa.FINALIZE, _ -> Response.problem(403, type, "never"));

        AcmeException failure = failureOf(() -> client.finalizeOrder(account, order("pending"), REQUEST));

        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure).hasMessageContaining("never (" + type + ")");
        assertThat(ca.count(ScriptedCa.FINALIZE)).isEqualTo(2);
    }

    @Test
    void doesNotRepeatTheRequestForAnOrderThatWasReady() throws AcmeException {
        register();
        ca.on(ScriptedCa.FINALIZE, _ -> Response.problem(403, "orderNotReady", "never"));

        failureOf(() -> client.finalizeOrder(account, order("ready"), REQUEST));

        assertThat(requestsSinceRegistration()).containsExactly(ScriptedCa.FINALIZE);
    }

    @ParameterizedTest
    @CsvSource({"429, rateLimited, RATE_LIMITED", "400, accountDoesNotExist, ACCOUNT_GONE"})
    void doesNotRepeatTheRequestAfterARefusalWithAnotherReason(int status, String type, Kind kind)
            throws AcmeException {
        register();
        ca.on(ScriptedCa.FINALIZE, _ -> Response.problem(status, type, "no"));

        assertThat(failureOf(() -> client.finalizeOrder(account, order("pending"), REQUEST))
                        .kind())
                .isEqualTo(kind);
        assertThat(requestsSinceRegistration()).containsExactly(ScriptedCa.FINALIZE);
    }

    /** The first request was carried out, although its reply says otherwise. */
    @Test
    void waitsForACertificateThatIsOnItsWay() throws AcmeException {
        register();
        ca.on(ScriptedCa.FINALIZE, _ -> Response.html(502));
        ca.on(ScriptedCa.ORDER, _ -> Response.json(200, ca.orderJson("valid")));
        ca.firstOn(ScriptedCa.ORDER, Response.json(200, ca.orderJson("processing")));

        assertThat(client.finalizeOrder(account, order("pending"), REQUEST).status())
                .isEqualTo(Order.Status.VALID);
        assertThat(ca.count(ScriptedCa.FINALIZE)).isEqualTo(1);
    }

    @Test
    void reportsTheRefusalOfAnOrderThatBecameInvalid() throws AcmeException {
        register();
        ca.on(ScriptedCa.FINALIZE, _ -> Response.problem(400, "badCSR", "weak key"));
        ca.on(ScriptedCa.ORDER, _ -> Response.json(200, ca.orderJson("invalid")));

        assertThat(failureOf(() -> client.finalizeOrder(account, order("pending"), REQUEST)))
                .hasMessageContaining("weak key");

        String error = "{\"error\":{\"type\":\"urn:ietf:params:acme:error:caa\",\"detail\":\"CAA forbids\"},";
        ca.on(
                ScriptedCa.ORDER,
                _ -> Response.json(200, error + ca.orderJson("invalid").substring(1)));
        assertThat(client.finalizeOrder(account, order("pending"), REQUEST).error())
                .get()
                .extracting(ProblemDocument::detail)
                .isEqualTo("CAA forbids");
    }

    /** The URL and the token are those that were asked for, whatever the reply contains. */
    @Test
    void returnsTheStatusAndTheErrorOfTheChallenge() throws AcmeException {
        register();
        Challenge challenge = challenge();
        ca.on(
                ScriptedCa.CHALLENGE,
                _ -> Response.json(
                        200,
                        challengeJson(
                                "invalid",
                                ",\"error\":{\"type\":\"urn:ietf:params:acme:error:dns\",\"detail\":\"no address\"}")));

        Challenge result = client.respond(account, challenge);

        assertThat(result.hasFailed()).isTrue();
        assertThat(result.url()).isEqualTo(challenge.url());
        assertThat(result.token()).isEqualTo(challenge.token());
        assertThat(result.error()).get().extracting(ProblemDocument::detail).isEqualTo("no address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "<html>", "{\"status\":7}"})
    void returnsTheGivenChallengeIfTheReplyShowsNone(String body) throws AcmeException {
        register();
        Challenge challenge = challenge();
        ca.on(ScriptedCa.CHALLENGE, _ -> Response.json(200, body));

        assertThat(client.respond(account, challenge)).isEqualTo(challenge);
    }

    private Challenge challenge() throws AcmeException {
        ca.firstOn(ScriptedCa.AUTHORIZATION, Response.json(200, ca.authorizationJson("pending")));
        return client.fetchAuthorization(account, ca.url(ScriptedCa.AUTHORIZATION))
                .http01()
                .orElseThrow();
    }

    private static String challengeJson(String status, String more) {
        return "{\"type\":\"http-01\",\"url\":\"https://elsewhere.example/\",\"token\":\"anotherTokenAnotherToken\",\"status\":\""
                + status + "\"" + more + "}";
    }
}
