package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ExternalAccountBindingTest {

    /** The key of RFC 7515, appendix A.1: 64 bytes. */
    private static final String RFC_7515_KEY =
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";

    private static final String SHORTEST = "AAECAwQFBgcICQoLDA0ODw";

    @Test
    void signsAsInTheRfcsExample() {
        String text = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
                + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

        assertThat(Jwk.base64Url(HmacKey.parse(RFC_7515_KEY).sign(text)))
                .isEqualTo("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1"})
    void bindsTheAccountKeyWithHmacOnly(String curve) throws GeneralSecurityException {
        KeyPair account = Clients.key(curve);
        URI newAccount = URI.create("https://ca.example.org/new-account");

        JsonNode jws = new HmacJws(ExternalAccountBinding.parse("kid \"1\" \u00e4", RFC_7515_KEY))
                .sign(account.getPublic(), newAccount);

        JsonNode header = decoded(jws, "protected");
        assertThat(header.propertyNames()).containsExactlyInAnyOrder("alg", "kid", "url");
        assertThat(header.path("alg").asString()).isEqualTo("HS256");
        assertThat(header.path("kid").asString()).isEqualTo("kid \"1\" \u00e4");
        assertThat(header.path("url").asString()).isEqualTo(newAccount.toString());
        assertThat(ScriptedCa.key(decoded(jws, "payload"))).isEqualTo(account.getPublic());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getUrlDecoder().decode(RFC_7515_KEY), "HmacSHA256"));
        assertThat(Base64.getUrlDecoder().decode(jws.path("signature").asString()))
                .isEqualTo(mac.doFinal((jws.path("protected").asString() + "."
                                + jws.path("payload").asString())
                        .getBytes(StandardCharsets.US_ASCII)));
    }

    /** As copied from a web page, a JSON file, a mail or a shell script. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s",
                "%s==",
                "  %s\n",
                "\r\n\t%s\r\n",
                "\"%s\"",
                "'%s'",
                " \" %s== \" ",
                "\u00a0%s\u00a0",
                "\ufeff%s",
                "\u2003%s\n\n"
            })
    void readsTheFormsThatPeoplePaste(String form) {
        HmacKey expected = HmacKey.parse(RFC_7515_KEY);
        String base64 = RFC_7515_KEY.replace('-', '+').replace('_', '/');

        assertThat(HmacKey.parse(form.replace("%s", RFC_7515_KEY))).isEqualTo(expected);
        assertThat(HmacKey.parse(form.replace("%s", base64))).isEqualTo(expected);
        String wrapped = base64.substring(0, 64) + "\r\n" + base64.substring(64);
        assertThat(HmacKey.parse(form.replace("%s", wrapped))).isEqualTo(expected);
    }

    @Test
    void readsHexadecimalDigitsAsBase64() {
        byte[] decoded = Base64.getDecoder().decode("0f".repeat(32));

        assertThat(HmacKey.parse("0f".repeat(32)))
                .isEqualTo(HmacKey.parse(Base64.getEncoder().encodeToString(decoded)))
                .isNotEqualTo(HmacKey.parse(Base64.getEncoder()
                        .encodeToString(new byte[] {15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15})));
    }

    @ParameterizedTest
    @CsvSource({
        "'', is empty",
        "' \n ', is empty",
        "'\"\"', is empty",
        "====, character 1 is none",
        "AAECAwQFBgcICQoLDA0O, 15",
        "AAECAwQFBgcICQoLDA0ODxAR!, character 25",
        "AAECAwQF==BgcICQoLDA0ODw, character 9",
        "AAECAwQFBgcICQoLDA0ODw===, character 23",
        "\"AAECAwQFBgcICQoLDA0ODw, character 1 is none",
        "kid:AAECAwQFBgcICQoLDA0ODw, character 4",
        "AAECAwQFBgcICQoLDA0ODxA\u00e4, character 24"
    })
    void saysWhatIsWrongWithAKeyAndNeverShowsIt(String text, String expected) {
        IllegalArgumentException failure =
                catchThrowableOfType(IllegalArgumentException.class, () -> HmacKey.parse(text));

        assertThat(failure).hasMessageContaining(expected).hasNoCause();
        assertThat(failure.getMessage()).doesNotContain("AAEC");
    }

    @Test
    void noticesAMissingCharacter() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HmacKey.parse(SHORTEST + "AAA"))
                .withMessageContaining("25 characters");
    }

    @Test
    void acceptsSixteenBytesAndBoundsTheLength() {
        assertThat(HmacKey.parse(SHORTEST)).isNotNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HmacKey.parse("A".repeat(1_000_000)))
                .withMessageContaining("at most 2000");
    }

    @Test
    void showsTheKeyNowhere() {
        ExternalAccountBinding binding = ExternalAccountBinding.parse("kid-1", RFC_7515_KEY);

        assertThat(binding.toString() + new HmacJws(binding) + binding.key())
                .contains("kid-1")
                .doesNotContain("AyM1")
                .doesNotContain("[B@");
        assertThat(binding)
                .isEqualTo(ExternalAccountBinding.parse(" 'kid-1' ", RFC_7515_KEY + "=="))
                .isNotEqualTo(ExternalAccountBinding.parse("kid-1", SHORTEST))
                .hasSameHashCodeAs(ExternalAccountBinding.parse("kid-1", SHORTEST));
    }

    @Test
    void acceptsAnyPrintableKeyIdOfUpToAThousandCharacters() {
        assertThat(ExternalAccountBinding.parse("x".repeat(1000), SHORTEST).keyId())
                .hasSize(1000);
        assertThat(ExternalAccountBinding.parse("a b/c=\u00e9\ud83d\ude00", SHORTEST)
                        .keyId())
                .isEqualTo("a b/c=\u00e9\ud83d\ude00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "''", "a\nb", "a\u001b[2J", "a\u202eb", "a\ud800b"})
    void rejectsAKeyIdThatIsNotPrintable(String keyId) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExternalAccountBinding.parse(keyId, SHORTEST))
                .withMessageContaining("key id");
    }

    @Test
    void rejectsAKeyIdThatIsTooLong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExternalAccountBinding.parse("x".repeat(1001), SHORTEST))
                .withMessageContaining("1000");
    }

    private static JsonNode decoded(JsonNode jws, String field) {
        byte[] bytes = Base64.getUrlDecoder().decode(jws.path(field).asString());
        return ScriptedCa.JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
    }
}
