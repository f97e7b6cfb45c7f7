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

/**
 * A CA that answers, and what it says is not what belongs there: {@link Kind#INVALID_RESPONSE}, and the message names
 * what is wrong.
 */
@Timeout(60)
class InvalidResponseTest extends MisbehavingCa {

    @Test
    void whatIsNotHttpIsGarbled() throws Exception {
        try (RawServer server = new RawServer("220 mail.example.org ESMTP\r\n\r\n", true);
                AcmeClient wrong = Clients.of(server.directory(), Clients.LONG)) {
            assertThat(failing(wrong::profiles).kind()).isEqualTo(Kind.INVALID_RESPONSE);
        }
    }

    @Test
    void tenMegabytesWhereTenKilobytesBelongAreNotRead() {
        ca.on(ScriptedCa.DIRECTORY, _ -> Response.json(200, "{\"x\":\"" + "y".repeat(10_000_000) + "\"}"));

        AcmeException failure = failing(client::profiles);

        assertThat(failure.kind()).isEqualTo(Kind.INVALID_RESPONSE);
        assertThat(failure).hasMessageContaining("too long").hasMessageContaining("256 KiB");
    }

    @Test
    void anEndlessChunkedBodyEndsAtItsLimit() throws Exception {
        String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
        try (RawServer server = new RawServer(OK + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(8), true);
                AcmeClient flooded = Clients.of(server.directory(), Clients.LONG)) {
            assertThat(failing(flooded::profiles).kind()).isEqualTo(Kind.INVALID_RESPONSE);
        }
    }

    @Test
    void jsonOfTenThousandBracketsIsGarbled() {
        ca.on(ScriptedCa.DIRECTORY, _ -> Response.json(200, "[".repeat(10_000) + "]".repeat(10_000)));

        assertThat(failing(client::profiles).kind()).isEqualTo(Kind.INVALID_RESPONSE);
    }

    @Test
    void aRedirectingDirectoryIsNotFollowedAndTheMessageSaysWhereItLeads() {
        ca.on(
                ScriptedCa.DIRECTORY,
                _ -> Response.html(301).with("Location", ca.url("/elsewhere").toString()));

        AcmeException failure = failing(client::profiles);

        assertThat(failure.kind()).isEqualTo(Kind.INVALID_RESPONSE);
        assertThat(failure).hasMessageContaining("301").hasMessageContaining("/elsewhere");
        assertThat(ca.count("/elsewhere")).isZero();
    }

    @Test
    void aRedirectedPostIsNotFollowed() throws AcmeException {
        ca.on(
                ScriptedCa.ORDERS,
                _ -> Response.html(307).with("Location", ca.url("/elsewhere").toString()));

        assertThat(failingOrder().kind()).isEqualTo(Kind.INVALID_RESPONSE);
        assertThat(ca.count("/elsewhere")).isZero();
    }

    @Test
    void aNonceEndpointThatIsNotThereIsNotTakenForAForgottenOrder() {
        ca.on(ScriptedCa.NONCE, _ -> Response.html(404));

        assertThat(failing(() -> client.fetchOrder(account, ca.url(ScriptedCa.ORDER)))
                        .kind())
                .isEqualTo(Kind.INVALID_RESPONSE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not a nonce!"})
    void noUsableNonceIsGarbledAndSaysSo(String nonce) {
        ca.on(ScriptedCa.NONCE, _ -> Response.json(200, "").with("Replay-Nonce", nonce));

        AcmeException failure = failing(() -> client.register(key, Optional.empty()));

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
                "{\"status\" | [\"status\" | no JSON object",
            })
    void whatIsNoOrderIsGarbledAndNamesTheField(String right, String wrong, String named) {
        assertThat(ca.orderJson("ready")).contains(right);
        ca.on(ScriptedCa.ORDER, _ -> Response.json(200, ca.orderJson("ready").replace(right, wrong)));

        AcmeException failure = failing(() -> client.fetchOrder(account(), ca.url(ScriptedCa.ORDER)));

        assertThat(failure.kind()).isEqualTo(Kind.INVALID_RESPONSE);
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
    void whatIsNoAuthorizationIsGarbledAndNamesTheField(String right, String wrong, String named) {
        assertThat(ca.authorizationJson("pending")).contains(right);
        ca.on(
                ScriptedCa.AUTHORIZATION,
                _ -> Response.json(200, ca.authorizationJson("pending").replace(right, wrong)));

        AcmeException failure = failing(() -> client.fetchAuthorization(account(), ca.url(ScriptedCa.AUTHORIZATION)));

        assertThat(failure.kind()).isEqualTo(Kind.INVALID_RESPONSE);
        assertThat(failure).hasMessageContaining(named);
    }

    @Test
    void aChallengeThatCannotBeReadDoesNotSpoilTheOthers() throws AcmeException {
        ca.on(
                ScriptedCa.AUTHORIZATION,
                _ -> Response.json(
                        200,
                        ca.authorizationJson("pending")
                                .replace(
                                        "\"challenges\":[",
                                        "\"challenges\":[{},{\"type\":[]},{\"type\":\"x\",\"url\":\"y\"},")));

        Authorization authorization = client.fetchAuthorization(account(), ca.url(ScriptedCa.AUTHORIZATION));

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
    void whatIsNoDirectoryIsGarbled(String body) {
        ca.on(ScriptedCa.DIRECTORY, _ -> Response.json(200, body));

        AcmeException failure = failing(client::profiles);

        assertThat(failure.kind()).isEqualTo(Kind.INVALID_RESPONSE);
        assertThat(failure).hasMessageContaining("[acme] directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http://169.254.169.254/latest", "::"})
    void anOrderWithoutAUsableLocationIsGarbled(String location) throws AcmeException {
        ca.on(
                ScriptedCa.ORDERS,
                _ -> Response.json(201, ca.orderJson("pending")).with("Location", location));

        AcmeException failure = failingOrder();

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
    void whatIsNoChainIsGarbled(String body) {
        ca.on(
                ScriptedCa.CERTIFICATE,
                _ -> new Response(200, Map.of(), body.replace("@TWENTYONE@", ScriptedCa.PEM.repeat(21))));

        AcmeException failure = failing(() -> {
            Account known = account();
            client.downloadCertificate(known, client.finalizeOrder(known, client.newOrder(known, WANTED), new byte[1]));
        });

        assertThat(failure.kind()).isEqualTo(Kind.INVALID_RESPONSE);
        assertThat(failure).hasMessageContaining("the request for the certificate");
    }

    @Test
    void aValidOrderWithoutCertificateIsGarbled() throws AcmeException {
        ca.on(ScriptedCa.ORDER, _ -> Response.json(200, ca.orderJson("valid").replace("\"certificate\"", "\"cert\"")));
        Order order = client.fetchOrder(account(), ca.url(ScriptedCa.ORDER));

        assertThat(failing(() -> client.downloadCertificate(account, order)).kind())
                .isEqualTo(Kind.INVALID_RESPONSE);
    }
}
