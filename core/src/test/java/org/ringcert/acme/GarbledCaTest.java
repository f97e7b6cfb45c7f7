package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.ScriptedCa.Response;

/** A CA that answers, and what it says is not what belongs there: {@link Kind#GARBLED}, and the message names what is wrong. */
@Timeout(60)
class GarbledCaTest extends MisbehavingCa {

    @Test
    void what_is_not_http_is_garbled() throws Exception {
        try (RawServer server = new RawServer("220 mail.example.org ESMTP\r\n\r\n", true);
                AcmeClient wrong = Clients.of(server.directory(), Clients.LONG)) {
            assertThat(failing(wrong::profiles).kind()).isEqualTo(Kind.GARBLED);
        }
    }

    @Test
    void ten_megabytes_where_ten_kilobytes_belong_are_not_read() {
        ca.on(ScriptedCa.DIRECTORY, _ -> Response.json(200, "{\"x\":\"" + "y".repeat(10_000_000) + "\"}"));

        AcmeException failure = failing(client::profiles);

        assertThat(failure.kind()).isEqualTo(Kind.GARBLED);
        assertThat(failure).hasMessageContaining("too long").hasMessageContaining("256 KiB");
    }

    @Test
    void an_endless_chunked_body_ends_at_its_limit() throws Exception {
        String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
        try (RawServer server = new RawServer(OK + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(8), true);
                AcmeClient flooded = Clients.of(server.directory(), Clients.LONG)) {
            assertThat(failing(flooded::profiles).kind()).isEqualTo(Kind.GARBLED);
        }
    }

    @Test
    void json_of_ten_thousand_brackets_is_garbled() {
        ca.on(ScriptedCa.DIRECTORY, _ -> Response.json(200, "[".repeat(10_000) + "]".repeat(10_000)));

        assertThat(failing(client::profiles).kind()).isEqualTo(Kind.GARBLED);
    }

    @Test
    void a_redirecting_directory_is_not_followed_and_the_message_says_where_it_leads() {
        ca.on(
                ScriptedCa.DIRECTORY,
                _ -> Response.html(301).with("Location", ca.url("/elsewhere").toString()));

        AcmeException failure = failing(client::profiles);

        assertThat(failure.kind()).isEqualTo(Kind.GARBLED);
        assertThat(failure).hasMessageContaining("301").hasMessageContaining("/elsewhere");
        assertThat(ca.count("/elsewhere")).isZero();
    }

    @Test
    void a_redirected_post_is_not_followed() throws AcmeException {
        ca.on(
                ScriptedCa.ORDERS,
                _ -> Response.html(307).with("Location", ca.url("/elsewhere").toString()));

        assertThat(failingOrder().kind()).isEqualTo(Kind.GARBLED);
        assertThat(ca.count("/elsewhere")).isZero();
    }

    @Test
    void a_nonce_endpoint_that_is_not_there_is_not_taken_for_a_forgotten_order() {
        ca.on(ScriptedCa.NONCE, _ -> Response.html(404));

        assertThat(failing(() -> client.order(account, ca.url(ScriptedCa.ORDER)))
                        .kind())
                .isEqualTo(Kind.GARBLED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not a nonce!"})
    void no_usable_nonce_is_garbled_and_says_so(String nonce) {
        ca.on(ScriptedCa.NONCE, _ -> Response.json(200, "").with("Replay-Nonce", nonce));

        AcmeException failure = failing(() -> client.register(key, Optional.empty()));

        assertThat(failure.kind()).isEqualTo(Kind.GARBLED);
        assertThat(failure).hasMessageContaining("Replay-Nonce");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"status\":\"ready\" | \"status\":\"half-done\" | half-done",
                "\"status\":\"ready\" | \"status\":7 | \"status\"",
                "\"status\":\"ready\" | \"status\":null | \"status\"",
                "\"identifiers\":[ | \"identifiers\":7,\"x\":[ | \"identifiers\"",
                "\"identifiers\":[ | \"identifiers\":[7, | \"identifiers\"",
                "\"value\":\"www.example.org\" | \"value\":[] | \"value\"",
                "\"value\":\"www.example.org\" | \"value\":\"*.example.org\" | *.example.org",
                "\"authorizations\":[ | \"authorizations\":{},\"x\":[ | \"authorizations\"",
                "\"authorizations\":[ | \"authorizations\":[true, | \"authorizations\"",
                "\"authorizations\":[ | \"authorizations\":[\"http://169.254.169.254/\", | 169.254.169.254",
                "\"finalize\":\" | \"finalize\":\":not a url | \"finalize\"",
                "\"certificate\":\" | \"certificate\":\"file:///etc/passwd?\",\"x\":\" | \"certificate\"",
                "{\"status\" | [\"status\" | no JSON object",
            })
    void what_is_no_order_is_garbled_and_names_the_field(String right, String wrong, String named) {
        assertThat(ca.orderJson("ready")).contains(right);
        ca.on(ScriptedCa.ORDER, _ -> Response.json(200, ca.orderJson("ready").replace(right, wrong)));

        AcmeException failure = failing(() -> client.order(account(), ca.url(ScriptedCa.ORDER)));

        assertThat(failure.kind()).isEqualTo(Kind.GARBLED);
        assertThat(failure).hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"status\":\"pending\" | {\"status\":\"maybe\" | maybe",
                "\"type\":\"dns\" | \"type\":\"ip\" | ip",
                "\"identifier\":{ | \"identifier\":[],\"x\":{ | \"identifier\"",
                "\"challenges\":[ | \"challenges\":[\"http-01\", | \"challenges\"",
                "\"challenges\":[ | \"challenges\":null,\"x\":[ | \"challenges\"",
            })
    void what_is_no_authorization_is_garbled_and_names_the_field(String right, String wrong, String named) {
        assertThat(ca.authorizationJson("pending")).contains(right);
        ca.on(
                ScriptedCa.AUTHORIZATION,
                _ -> Response.json(200, ca.authorizationJson("pending").replace(right, wrong)));

        AcmeException failure = failing(() -> client.authorization(account(), ca.url(ScriptedCa.AUTHORIZATION)));

        assertThat(failure.kind()).isEqualTo(Kind.GARBLED);
        assertThat(failure).hasMessageContaining(named);
    }

    @Test
    void a_challenge_that_cannot_be_read_does_not_spoil_the_others() throws AcmeException {
        ca.on(
                ScriptedCa.AUTHORIZATION,
                _ -> Response.json(
                        200,
                        ca.authorizationJson("pending")
                                .replace(
                                        "\"challenges\":[",
                                        "\"challenges\":[{},{\"type\":[]},{\"type\":\"x\",\"url\":\"y\"},")));

        Authorization authorization = client.authorization(account(), ca.url(ScriptedCa.AUTHORIZATION));

        assertThat(authorization.challenges()).extracting(Challenge::type).containsExactly("dns-persist-01", "http-01");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "\"hello\"",
                "{\"newNonce\":7}",
                "{\"newNonce\":\"ftp://x/\",\"newAccount\":\"https://x/\",\"newOrder\":\"https://x/\"}",
                "{\"newNonce\":\"https://x/\",\"newAccount\":\"https://x/\",\"newOrder\":\"https://x/\",\"meta\":[]}",
                "{\"newNonce\":\"https://x/\",\"newAccount\":\"https://x/\",\"newOrder\":\"https://x/\",\"meta\":{\"profiles\":7}}",
                "<html>"
            })
    void what_is_no_directory_is_garbled(String body) {
        ca.on(ScriptedCa.DIRECTORY, _ -> Response.json(200, body));

        AcmeException failure = failing(client::profiles);

        assertThat(failure.kind()).isEqualTo(Kind.GARBLED);
        assertThat(failure).hasMessageContaining("[acme] directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http://169.254.169.254/latest", "::"})
    void an_order_without_a_usable_location_is_garbled(String location) throws AcmeException {
        ca.on(
                ScriptedCa.ORDERS,
                _ -> Response.json(201, ca.orderJson("pending")).with("Location", location));

        AcmeException failure = failingOrder();

        assertThat(failure.kind()).isEqualTo(Kind.GARBLED);
        assertThat(failure).hasMessageContaining("Location");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\nAAAA",
                "some text\n",
                "-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n",
                ScriptedCa.PEM + "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n" + ScriptedCa.PEM,
                "@TWENTYONE@"
            })
    void what_is_no_chain_is_garbled(String body) {
        ca.on(
                ScriptedCa.CERTIFICATE,
                _ -> new Response(200, Map.of(), body.replace("@TWENTYONE@", ScriptedCa.PEM.repeat(21))));

        AcmeException failure = failing(() -> {
            Account known = account();
            client.certificate(known, client.finalizeOrder(known, client.order(known, WANTED), new byte[1]));
        });

        assertThat(failure.kind()).isEqualTo(Kind.GARBLED);
        assertThat(failure).hasMessageContaining("the request for the certificate");
    }

    @Test
    void a_valid_order_without_certificate_is_garbled() throws AcmeException {
        ca.on(ScriptedCa.ORDER, _ -> Response.json(200, ca.orderJson("valid").replace("\"certificate\"", "\"cert\"")));
        Order order = client.order(account(), ca.url(ScriptedCa.ORDER));

        assertThat(failing(() -> client.certificate(account, order)).kind()).isEqualTo(Kind.GARBLED);
    }
}
