package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.ScriptedCa.Response;

/** Replies that some CAs send, and most do not. */
class UnusualReplyTest extends AcmeClientTestBase {

    /** As acme2certifier for a known key, and serles for an account without a contact. */
    @ParameterizedTest
    @CsvSource({"200, '{}'", "201, '{\"status\":\"valid\",\"contact\":[null]}'"})
    void anAccountMayShowNothingButItsUrl(int status, String body) throws AcmeException {
        ca.on(ScriptedCa.ACCOUNTS, _ -> Response.json(status, body).with("Location", "/account/1"));

        assertThat(register().url()).isEqualTo(ca.url(ScriptedCa.ACCOUNT));
    }

    /** HEAD and 200 is the rule (RFC 8555, section 7.2); serles announces a body, which HEAD never has. */
    @ParameterizedTest
    @CsvSource({"200, ''", "204, ''", "200, 3"})
    void aNonceMayComeWithOrWithoutTheLengthOfABody(int status, String length) throws AcmeException {
        ca.on(ScriptedCa.NONCE, _ -> new Response(status, Map.of(), "").with("Content-Length", length));

        register();

        assertThat(client.newOrder(account, NEW_ORDER).status()).isEqualTo(Order.Status.PENDING);
        assertThat(ca.last(ScriptedCa.NONCE).method()).isEqualTo("HEAD");
    }

    /** With some CAs, reading a challenge starts its validation. */
    @Test
    void aChallengeIsNeverRead() throws AcmeException {
        register();
        Order order = client.newOrder(account, NEW_ORDER);
        ca.on(ScriptedCa.AUTHORIZATION, _ -> Response.json(200, ca.authorizationJson("valid")));
        ca.firstOn(
                ScriptedCa.AUTHORIZATION,
                Response.json(200, ca.authorizationJson("pending")),
                Response.json(200, ca.authorizationJson("pending")));
        Authorization pending =
                client.fetchAuthorization(account, order.authorizations().getFirst());
        client.respond(account, pending.http01().orElseThrow());

        client.awaitValidation(account, pending.url());

        assertThat(ca.received)
                .filteredOn(request -> request.path().equals(ScriptedCa.CHALLENGE))
                .extracting(ScriptedCa.Received::payload)
                .containsExactly("{}");
    }

    /** As Pebble does for authorizations. */
    @Test
    void aRetryAfterMayBeSecondsAndADateByTurns() throws AcmeException {
        List<Duration> waits = new CopyOnWriteArrayList<>();
        try (AcmeClient waiting = Clients.create(ca.directory(), Clients.LONG, waits::add)) {
            account = waiting.register(key, new NewAccount(Optional.empty(), Optional.empty()))
                    .account();
            String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                    Instant.now().plusSeconds(20).atOffset(ZoneOffset.UTC));
            ca.on(ScriptedCa.AUTHORIZATION, _ -> Response.json(200, ca.authorizationJson("valid")));
            ca.firstOn(ScriptedCa.AUTHORIZATION, pending("3"), pending(date), pending("3"));

            assertThat(waiting.awaitValidation(account, ca.url(ScriptedCa.AUTHORIZATION))
                            .status())
                    .isEqualTo(Authorization.Status.VALID);
        }
        // The first wait is before the first request.
        assertThat(waits).hasSize(4);
        assertThat(waits.get(1)).isEqualTo(Duration.ofSeconds(3));
        assertThat(waits.get(2)).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(20));
        assertThat(waits.get(3)).isEqualTo(Duration.ofSeconds(3));
    }

    private Response pending(String retryAfter) {
        return Response.json(200, ca.authorizationJson("pending")).with("Retry-After", retryAfter);
    }

    /** As acme2certifier does for 404 and 405. */
    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain; charset=utf-8", "application/problem+json; charset=utf-8"})
    void aProblemMayHaveAnotherContentType(String contentType) throws AcmeException {
        ca.on(
                ScriptedCa.ORDERS,
                _ -> Response.problem(404, "orderNotReady", "it is too early").with("Content-Type", contentType));

        AcmeException failure = failureOfNewOrder();

        assertThat(failure).hasMessageContaining("it is too early");
        assertThat(failure.problem()).isPresent();
    }

    /** As Pebble does, without a body. */
    @ParameterizedTest
    @ValueSource(strings = {"", "<html>Not Found</html>", "404 page not found"})
    void aLostOrderMayBeReportedWithoutAProblemDocument(String body) throws AcmeException {
        register();
        ca.on(ScriptedCa.ORDER, _ -> new Response(404, Map.of("Content-Type", "text/plain"), body));

        assertThat(failureOf(() -> client.fetchOrder(account, ca.url(ScriptedCa.ORDER)))
                        .kind())
                .isEqualTo(Kind.NOT_FOUND);
    }

    /** Pebble and serles give the URL of an order only once. */
    @Test
    void theReplyToFinalizeMayLackALocation() throws AcmeException {
        register();
        Order created = client.newOrder(account, NEW_ORDER);
        ca.on(ScriptedCa.FINALIZE, _ -> Response.json(200, ca.orderJson("processing")));
        ca.on(ScriptedCa.ORDER, _ -> Response.json(200, ca.orderJson("valid")));

        Order processing = client.finalizeOrder(account, created, new byte[1]);

        assertThat(processing.url()).isEqualTo(ca.url(ScriptedCa.ORDER));
        assertThat(client.awaitStatusChange(account, processing.url(), Order.Status.PROCESSING)
                        .status())
                .isEqualTo(Order.Status.VALID);
    }

    /** As acmeeh and Boulder do for an order that is open. */
    @Test
    void aNewOrderMayBeOldAndReady() throws AcmeException {
        register();
        ca.on(
                ScriptedCa.ORDERS,
                _ -> Response.json(200, ca.orderJson("ready"))
                        .with("Location", ca.url(ScriptedCa.ORDER).toString()));

        assertThat(client.newOrder(account, NEW_ORDER).status()).isEqualTo(Order.Status.READY);
    }

    /** As step-ca, Caddy, django-ca and serles do with names in upper case. */
    @Test
    void anOrderMayShowItsNamesInUpperCase() throws AcmeException {
        register();
        ca.on(
                ScriptedCa.ORDER,
                _ -> Response.json(200, ca.orderJson("ready").replace("www.example.org", "WWW.Example.org")));

        assertThat(client.fetchOrder(account, ca.url(ScriptedCa.ORDER)).names()).containsExactly(NAME);
    }
}
