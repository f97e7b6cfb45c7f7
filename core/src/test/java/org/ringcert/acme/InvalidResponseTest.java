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

/** A CA whose responses are not valid ACME: {@link Kind#INVALID_RESPONSE}, and a message that names the mistake. */
@Timeout(60)
class InvalidResponseTest extends AcmeClientTestBase {

    @Test
    void rejectsWhatIsNotHttp() throws Exception {
        try (RawServer server = new RawServer("220 mail.example.org ESMTP\r\n\r\n", RawServer.Afterwards.HANG);
                AcmeClient misled = Clients.create(server.directory(), Clients.LONG)) {
            assertThat(failureOf(misled::profiles).kind()).isEqualTo(Kind.INVALID_RESPONSE);
        }
    }

    @Test
    void stopsReadingAtTheMaximumSize() {
        ca.on(ScriptedCa.DIRECTORY, _ -> Response.json(200, "{\"x\":\"" + "y".repeat(10_000_000) + "\"}"));

        AcmeException failure = failureOf(client::profiles);

        assertThat(failure.kind()).isEqualTo(Kind.INVALID_RESPONSE);
        assertThat(failure).hasMessageContaining("too long").hasMessageContaining("256 KiB");
    }

    @Test
    void stopsReadingAnEndlessChunkedBody() throws Exception {
        String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
        try (RawServer server = new RawServer(
                        OK + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(8), RawServer.Afterwards.HANG);
                AcmeClient flooded = Clients.create(server.directory(), Clients.LONG)) {
            assertThat(failureOf(flooded::profiles).kind()).isEqualTo(Kind.INVALID_RESPONSE);
        }
    }

    @Test
    void rejectsDeeplyNestedJson() {
        ca.on(ScriptedCa.DIRECTORY, _ -> Response.json(200, "[".repeat(10_000) + "]".repeat(10_000)));

        assertThat(failureOf(client::profiles).kind()).isEqualTo(Kind.INVALID_RESPONSE);
    }

    @Test
    void reportsTheTargetOfARedirectedDirectoryAndDoesNotFollowIt() {
        ca.on(
                ScriptedCa.DIRECTORY,
                _ -> Response.html(301).with("Location", ca.url("/elsewhere").toString()));

        AcmeException failure = failureOf(client::profiles);

        assertThat(failure.kind()).isEqualTo(Kind.INVALID_RESPONSE);
        assertThat(failure)
                .hasMessageContaining("301")
                .hasMessageContaining("/elsewhere")
                .hasMessageEndingWith("is the directory of an ACME CA ([acme] directory).");
        assertThat(ca.count("/elsewhere")).isZero();
    }

    @Test
    void doesNotFollowARedirectedPost() throws AcmeException {
        ca.on(
                ScriptedCa.ORDERS,
                _ -> Response.html(307).with("Location", ca.url("/elsewhere").toString()));

        assertThat(failureOfNewOrder().kind()).isEqualTo(Kind.INVALID_RESPONSE);
        assertThat(ca.count("/elsewhere")).isZero();
    }

    @Test
    void doesNotMistakeAMissingNonceEndpointForAForgottenOrder() {
        ca.on(ScriptedCa.NONCE, _ -> Response.html(404));

        assertThat(failureOf(() -> client.fetchOrder(account, ca.url(ScriptedCa.ORDER)))
                        .kind())
                .isEqualTo(Kind.INVALID_RESPONSE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not a nonce!"})
    void rejectsAReplyWithoutAUsableNonce(String nonce) {
        ca.on(ScriptedCa.NONCE, _ -> Response.json(200, "").with("Replay-Nonce", nonce));

        AcmeException failure =
                failureOf(() -> client.register(key, new NewAccount(Optional.empty(), Optional.empty())));

        assertThat(failure.kind()).isEqualTo(Kind.INVALID_RESPONSE);
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
                "{\"status\" | [\"status\" | not a JSON object",
            })
    void rejectsAMalformedOrderAndNamesTheField(String valid, String malformed, String expected) {
        assertThat(ca.orderJson("ready")).contains(valid);
        ca.on(ScriptedCa.ORDER, _ -> Response.json(200, ca.orderJson("ready").replace(valid, malformed)));

        AcmeException failure = failureOf(() -> client.fetchOrder(register(), ca.url(ScriptedCa.ORDER)));

        assertThat(failure.kind()).isEqualTo(Kind.INVALID_RESPONSE);
        assertThat(failure).hasMessageContaining(expected);
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
    void rejectsAMalformedAuthorizationAndNamesTheField(String valid, String malformed, String expected) {
        assertThat(ca.authorizationJson("pending")).contains(valid);
        ca.on(
                ScriptedCa.AUTHORIZATION,
                _ -> Response.json(200, ca.authorizationJson("pending").replace(valid, malformed)));

        AcmeException failure =
                failureOf(() -> client.fetchAuthorization(register(), ca.url(ScriptedCa.AUTHORIZATION)));

        assertThat(failure.kind()).isEqualTo(Kind.INVALID_RESPONSE);
        assertThat(failure).hasMessageContaining(expected);
    }

    @Test
    void ignoresMalformedChallenges() throws AcmeException {
        ca.on(
                ScriptedCa.AUTHORIZATION,
                _ -> Response.json(
                        200,
                        ca.authorizationJson("pending")
                                .replace(
                                        "\"challenges\":[",
                                        "\"challenges\":[{},{\"type\":[]},{\"type\":\"x\",\"url\":\"y\"},")));

        Authorization authorization = client.fetchAuthorization(register(), ca.url(ScriptedCa.AUTHORIZATION));

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
    void rejectsAMalformedDirectory(String body) {
        ca.on(ScriptedCa.DIRECTORY, _ -> Response.json(200, body));

        AcmeException failure = failureOf(client::profiles);

        assertThat(failure.kind()).isEqualTo(Kind.INVALID_RESPONSE);
        assertThat(failure).hasMessageContaining("[acme] directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http://169.254.169.254/latest", "::"})
    void rejectsAnOrderWithoutAUsableLocation(String location) throws AcmeException {
        ca.on(
                ScriptedCa.ORDERS,
                _ -> Response.json(201, ca.orderJson("pending")).with("Location", location));

        AcmeException failure = failureOfNewOrder();

        assertThat(failure.kind()).isEqualTo(Kind.INVALID_RESPONSE);
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
    void rejectsAMalformedChain(String body) {
        ca.on(
                ScriptedCa.CERTIFICATE,
                _ -> new Response(200, Map.of(), body.replace("@TWENTYONE@", ScriptedCa.PEM.repeat(21))));

        AcmeException failure = failureOf(() -> {
            register();
            client.downloadCertificate(
                    account, client.finalizeOrder(account, client.newOrder(account, NEW_ORDER), new byte[1]));
        });

        assertThat(failure.kind()).isEqualTo(Kind.INVALID_RESPONSE);
        assertThat(failure).hasMessageContaining("the request for the certificate");
    }

    @Test
    void rejectsAValidOrderWithoutCertificate() throws AcmeException {
        ca.on(ScriptedCa.ORDER, _ -> Response.json(200, ca.orderJson("valid").replace("\"certificate\"", "\"cert\"")));
        Order order = client.fetchOrder(register(), ca.url(ScriptedCa.ORDER));

        assertThat(failureOf(() -> client.downloadCertificate(account, order)).kind())
                .isEqualTo(Kind.INVALID_RESPONSE);
    }
}
