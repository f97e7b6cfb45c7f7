package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class JwsTest {

    private static final URI URL = URI.create("https://ca.example.org/new-order");

    @Test
    void computesTheThumbprintOfTheRfcsExample() throws GeneralSecurityException {
        // RFC 7638, section 3.1.
        JsonNode jwk = ScriptedCa.JSON.readTree("""
                {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}""");
        KeyPair key = new KeyPair(ScriptedCa.key(jwk), Clients.key().getPrivate());

        assertThat(new Account(URL, key).thumbprint()).isEqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1", "rsa"})
    void signaturesPassAnIndependentVerifier(String type) throws GeneralSecurityException {
        KeyPair key = type.equals("rsa") ? rsa() : Clients.key(type);

        JsonNode jws = ScriptedCa.JSON.readTree(Jws.withKey(key).sign("abc", URL, "{\"a\":\"\u00e4\"}"));
        JsonNode header = decoded(jws, "protected");

        assertThat(ScriptedCa.verify(header.path("alg").asString(), key.getPublic(), jws))
                .isTrue();
        assertThat(ScriptedCa.key(header.path("jwk"))).isEqualTo(key.getPublic());
        assertThat(header.propertyNames()).containsExactlyInAnyOrder("alg", "jwk", "nonce", "url");
        assertThat(decoded(jws, "payload").path("a").asString()).isEqualTo("\u00e4");
    }

    @Test
    void anAccountsSignatureCarriesItsUrlInsteadOfItsKey() {
        Account account = new Account(URI.create("https://ca.example.org/acct/7"), Clients.key());

        JsonNode header =
                decoded(ScriptedCa.JSON.readTree(Jws.withAccount(account).sign("abc", URL, "")), "protected");

        assertThat(header.path("kid").asString()).isEqualTo("https://ca.example.org/acct/7");
        assertThat(header.has("jwk")).isFalse();
        assertThat(header.path("nonce").asString()).isEqualTo("abc");
        assertThat(header.path("url").asString()).isEqualTo(URL.toString());
    }

    @Test
    void keepsTheLeadingZerosOfACoordinate() {
        KeyPair key = Clients.key();
        while (((ECPublicKey) key.getPublic()).getW().getAffineX().bitLength() > 248) {
            key = Clients.key();
        }

        JsonNode jwk = ScriptedCa.JSON.readTree(new Jwk(key.getPublic()).json());

        assertThat(jwk.path("x").asString()).hasSize(43).startsWith("A");
    }

    @Test
    void rejectsOtherKindsOfKeysByName() throws GeneralSecurityException {
        KeyPair key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Account(URL, key).thumbprint())
                .withMessageContaining("EdDSA");
        assertThatIllegalArgumentException().isThrownBy(() -> new Account(URL, Clients.key("secp521r1")).thumbprint());
    }

    private static KeyPair rsa() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private static JsonNode decoded(JsonNode jws, String field) {
        byte[] bytes = Base64.getUrlDecoder().decode(jws.path(field).asString());
        return ScriptedCa.JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
    }
}
