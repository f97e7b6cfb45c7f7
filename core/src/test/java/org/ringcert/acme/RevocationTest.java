package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.ScriptedCa.Received;
import org.ringcert.acme.ScriptedCa.Response;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import tools.jackson.databind.JsonNode;

/** Revocations (RFC 8555, section 7.6). */
class RevocationTest extends AcmeClientTestBase {

    private static final String REVOKE = "/revoke";

    private final X509Certificate certificate = Pem.certificates(ScriptedCa.PEM).getFirst();

    @BeforeEach
    void offerRevocation() {
        String directory = ca.directoryJson("{}")
                .replace("\"newNonce\"", "\"revokeCert\":\"" + ca.url(REVOKE) + "\",\"newNonce\"");
        ca.on(ScriptedCa.DIRECTORY, _ -> Response.json(200, directory));
        ca.on(REVOKE, _ -> new Response(200, Map.of(), ""));
    }

    @Test
    void isSignedByTheAccount() throws Exception {
        register();

        assertThat(client.revoke(account, certificate, RevocationReason.SUPERSEDED))
                .isEqualTo(RevocationResult.REVOKED);

        Received request = ca.last(REVOKE);
        assertThat(request.header().path("kid").asString())
                .isEqualTo(account.url().toString());
        JsonNode payload = ScriptedCa.JSON.readTree(request.payload());
        assertThat(payload.path("reason").asInt()).isEqualTo(4);
        assertThat(Base64.getUrlDecoder().decode(payload.path("certificate").asString()))
                .isEqualTo(certificate.getEncoded());
    }

    /** {@link ScriptedCa} verifies the signature. */
    @ParameterizedTest
    @EnumSource
    void isSignedByTheKeyOfTheCertificateWithoutAnAccount(KeyType type) throws Exception {
        KeyPair certificateKey = type.generate(new SecureRandom());

        assertThat(client.revoke(certificateKey, certificate, RevocationReason.KEY_COMPROMISE))
                .isEqualTo(RevocationResult.REVOKED);

        Received request = ca.last(REVOKE);
        assertThat(request.header().has("kid")).isFalse();
        assertThat(ScriptedCa.key(request.header().path("jwk"))).isEqualTo(certificateKey.getPublic());
        assertThat(ca.count(ScriptedCa.ACCOUNTS)).isZero();
    }

    /** RFC 5280, section 5.3.1. */
    @Test
    void hasNoReasonIfThatIsUnspecified() throws Exception {
        register();
        client.revoke(account, certificate, RevocationReason.UNSPECIFIED);

        assertThat(ca.last(REVOKE).payload()).doesNotContain("reason");
    }

    @Test
    void mayHaveBeenMadeBefore() throws Exception {
        register();
        ca.on(REVOKE, _ -> Response.problem(400, "alreadyRevoked", "Certificate already revoked"));

        assertThat(client.revoke(account, certificate, RevocationReason.SUPERSEDED))
                .isEqualTo(RevocationResult.ALREADY_REVOKED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    400 | badRevocationReason | REFUSED | with another reason, or without one.
                    403 | unauthorized        | REFUSED | another account has ordered it, or the account is deactivated.
                    400 | badPublicKey        | REFUSED | another account has ordered it, or the account is deactivated.
                    400 | accountDoesNotExist | ACCOUNT_GONE | no longer knows this server's account: the CA's words (accountDoesNotExist)
                    400 | malformed           | REFUSED | the CA's words (malformed)
                    404 | malformed           | NOT_FOUND | The CA may not have issued this certificate.
                    429 | rateLimited         | RATE_LIMITED | Run the command again later.
                    """)
    void isRefusedWithASentence(int status, String type, Kind kind, String advice) throws Exception {
        register();
        ca.on(REVOKE, _ -> Response.problem(status, type, "the CA's words"));

        AcmeException failure = failureOf(() -> client.revoke(account, certificate, RevocationReason.CERTIFICATE_HOLD));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining("the CA's words").hasMessageEndingWith(advice);
        assertThat(failure.getMessage()).doesNotContain("by itself", "Move", "update Ringcert");
    }

    @Test
    void isRefusedToAnotherKey() {
        ca.on(REVOKE, _ -> Response.problem(403, "unauthorized", "not the key"));

        assertThat(failureOf(() -> client.revoke(Clients.key(), certificate, RevocationReason.UNSPECIFIED)))
                .hasMessageEndingWith("The CA does not accept the signature of the certificate's own key.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "\"not a URL\"", "\"http://elsewhere.example/revoke\"", "null"})
    void isImpossibleWhereTheDirectoryOffersNone(String url) throws Exception {
        String directory = ca.directoryJson("{}").replace("\"newNonce\"", "\"revokeCert\":" + url + ",\"newNonce\"");
        ca.on(ScriptedCa.DIRECTORY, _ -> Response.json(200, directory));
        register();

        assertThat(failureOf(() -> client.revoke(account, certificate, RevocationReason.UNSPECIFIED)))
                .hasMessageContaining("revokes no certificates over ACME: its directory has no \"revokeCert\"");
    }

    @Test
    void isRepeatedAfterABadNonce() throws Exception {
        register();
        ca.firstOn(REVOKE, Response.problem(400, "badNonce", "no"));

        assertThat(client.revoke(account, certificate, RevocationReason.UNSPECIFIED))
                .isEqualTo(RevocationResult.REVOKED);
    }

    @Test
    void hasTheReasonsOfRfc5280() {
        assertThat(Arrays.stream(RevocationReason.values()).map(RevocationReason::code))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 8, 9, 10);
        for (RevocationReason reason : RevocationReason.values()) {
            assertThat(RevocationReason.parse(reason.label())).contains(reason);
            assertThat(RevocationReason.parse("" + reason.code())).contains(reason);
        }
        for (String text : List.of("keyCompromise", "keycompromise", "key-compromise", "KEY_COMPROMISE", "1")) {
            assertThat(RevocationReason.parse(text)).contains(RevocationReason.KEY_COMPROMISE);
        }
        for (String text : List.of("7", "11", "-1", "01", "", "stolen")) {
            assertThat(RevocationReason.parse(text)).isEmpty();
        }
    }
}
