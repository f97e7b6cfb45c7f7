package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.ScriptedCa.Response;

/** Orders: their profiles, identifiers and errors, and the wait for them. */
class OrderTest extends AcmeClientTestBase {

    @Test
    void ordersTheProfile() throws AcmeException {
        register();
        client.newOrder(account, new NewOrder(List.of(NAME), Optional.of("tlsserver"), Optional.empty()));

        assertThat(ca.last(ScriptedCa.ORDERS).payload()).endsWith(",\"profile\":\"tlsserver\"}");
    }

    @Test
    void rejectsAnUnknownProfileAndListsTheOfferedOnes() throws AcmeException {
        register();

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> client.newOrder(
                        account, new NewOrder(List.of(NAME), Optional.of("tlserver"), Optional.empty())))
                .withMessageContaining("classic, tlsserver")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
        assertThat(ca.count(ScriptedCa.ORDERS)).isZero();
    }

    @Test
    void returnsNoProfilesForACaWithoutThem() throws AcmeException {
        ca.on(ScriptedCa.DIRECTORY, _ -> Response.json(200, ca.directoryJson("null")));

        assertThat(client.profiles()).isEmpty();
    }

    @Test
    void linksToTheTermsThatAPersonMustAgreeTo() throws AcmeException {
        register();
        String problem = """
                {"type":"urn:ietf:params:acme:error:userActionRequired","detail":"The terms have changed","instance":"https://ca.example/agree?id=1"}""";
        ca.on(
                ScriptedCa.ORDERS,
                _ -> new Response(
                        403,
                        Map.of(
                                "Content-Type",
                                "application/problem+json",
                                "Link",
                                "<https://ca.example/dir>;rel=\"index\", <https://ca.example/terms-v2.pdf>;rel=\"terms-of-service\""),
                        problem));

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> client.newOrder(account, NEW_ORDER))
                .withMessageContainingAll("https://ca.example/agree?id=1", "https://ca.example/terms-v2.pdf");
    }

    @Test
    void keepsTheNamesOfAnOrderThatHasOtherIdentifierTypes() throws AcmeException {
        register();
        ca.on(
                ScriptedCa.ORDER,
                _ -> Response.json(
                        200,
                        ca.orderJson("ready")
                                .replace(
                                        "[{\"type\":\"dns\"",
                                        "[{\"type\":\"ip\",\"value\":\"::1\"},{\"type\":\"dns\"")));

        assertThat(client.fetchOrder(account, ca.url(ScriptedCa.ORDER)).names()).containsExactly(NAME);
    }

    @Test
    void keepsTheCasExplanationOfAnInvalidOrderAndAFailedValidation() throws AcmeException {
        register();
        String error = """
                "error":{"type":"urn:ietf:params:acme:error:connection","detail":"Timeout\\u001b[31m during connect\\n"},""";
        ca.on(
                ScriptedCa.ORDER,
                _ -> Response.json(200, "{" + error + ca.orderJson("invalid").substring(1)));
        ca.on(
                ScriptedCa.AUTHORIZATION,
                _ -> Response.json(
                        200,
                        ca.authorizationJson("invalid")
                                .replace("{\"type\":\"http-01\"", "{" + error + "\"type\":\"http-01\"")));

        Order order = client.fetchOrder(account, ca.url(ScriptedCa.ORDER));
        Authorization authorization = client.awaitValidation(account, ca.url(ScriptedCa.AUTHORIZATION));

        assertThat(order.status()).isEqualTo(Order.Status.INVALID);
        assertThat(order.error()).get().extracting(ProblemDocument::detail).isEqualTo("Timeout [31m during connect");
        assertThat(authorization.error())
                .get()
                .satisfies(problem -> assertThat(problem.hasType("connection")).isTrue());
    }

    @Test
    void allowsTheFinalizeUrlOnTheNewOrderOnly() throws AcmeException {
        register();
        ca.on(ScriptedCa.ORDER, _ -> Response.json(200, withoutFinalize("ready")));
        ca.on(ScriptedCa.FINALIZE, _ -> Response.json(200, withoutFinalize("valid")));

        Order created = client.newOrder(account, NEW_ORDER);
        Order fetched = client.fetchOrder(account, created.url());

        assertThat(fetched.finalizeUrl()).isEmpty();
        assertThat(client.finalizeOrder(account, fetched.withFinalizeUrl(created.finalizeUrl()), new byte[1])
                        .status())
                .isEqualTo(Order.Status.VALID);
        ca.on(
                ScriptedCa.ORDERS,
                _ -> Response.json(201, withoutFinalize("pending")).with("Location", "/order/1"));
        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> client.newOrder(account, NEW_ORDER))
                .withMessageContaining("\"finalize\" is missing");
    }

    private String withoutFinalize(String status) {
        return ca.orderJson(status).replace("\"finalize\"", "\"finalise\"");
    }

    @Test
    void waitsForAnOrderThatIsProcessing() throws AcmeException {
        register();
        ca.on(
                ScriptedCa.FINALIZE,
                _ -> Response.json(200, ca.orderJson("processing")).with("Retry-After", "0"));
        ca.on(ScriptedCa.ORDER, _ -> Response.json(200, ca.orderJson("valid")));
        ca.firstOn(ScriptedCa.ORDER, Response.json(200, ca.orderJson("processing")));
        Order ready = order("ready");

        assertThat(client.finalizeOrder(account, ready, new byte[1]).status()).isEqualTo(Order.Status.VALID);
        assertThat(client.awaitStatusChange(account, ready.url(), Order.Status.PROCESSING)
                        .status())
                .isEqualTo(Order.Status.VALID);
    }
}
