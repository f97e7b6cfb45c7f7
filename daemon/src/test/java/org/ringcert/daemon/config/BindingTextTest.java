package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.ExternalAccountBinding;

/** The forms in which people paste credentials, and that no message shows any of them. */
class BindingTextTest {

    private static final String HMAC = "MjXU3MH-Z0WQ7piMAnVsCpD1shgMiWx6ggPWiTmydgUaj7dWWWfQfA";
    private static final ExternalAccountBinding EXPECTED = ExternalAccountBinding.parse("GD-VvWydSVFuss_GhBwYQQ", HMAC);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kid = @id\nhmac = @key",
                "kid=@id\nhmac=@key\n",
                "hmac = \"@key\"\r\nkid = \"@id\"\r\n",
                "# zerossl, web0\n\nkid = '@id'\n  # the key\n\thmac = '@key'  \n",
                "EAB_KID=@id\nEAB_HMAC_KEY=@key",
                "export EAB_KID=\"@id\"\nexport EAB_HMAC_KEY=\"@key\"",
                "eab-kid = @id\neab-hmac-key = @key",
                "\"eab_kid\": \"@id\",\n\"eab_hmac_key\": \"@key\"",
                "[b64MacKey: @key\nkeyId: @id]",
                "Key-ID: @id\nHMAC-Key: @key==",
            })
    void readsTheFormsThatPeoplePaste(String text) {
        assertThat(BindingText.parse(
                        text.replace("@id", "GD-VvWydSVFuss_GhBwYQQ").replace("@key", HMAC)))
                .isEqualTo(EXPECTED);
    }

    @Test
    void saysWhichLineItDoesNotUnderstand() {
        assertThatThrownBy(() -> BindingText.parse("kid = a\n\n" + HMAC))
                .hasMessage("line 3 of this file is not understood; write two lines, kid = ... and hmac = ...");
        assertThatThrownBy(() -> BindingText.parse("kid = a\nsecret = " + HMAC))
                .hasMessageStartingWith("line 2 of this file is not understood");
        assertThatThrownBy(() -> BindingText.parse("hmac = " + HMAC + "\nhmac = " + HMAC))
                .hasMessageStartingWith("line 2 of this file gives a value a second time");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hmac =", "hmac = ", "EAB_HMAC_KEY:", "\"hmac\": ,", "export EAB_HMAC_KEY="})
    void saysThatAValueIsMissing(String line) {
        assertThatThrownBy(() -> BindingText.parse("kid = a\n" + line))
                .hasMessageStartingWith("line 2 of this file has a name and no value");
        assertThatThrownBy(() -> BindingText.parse("kid =\nhmac = " + HMAC))
                .hasMessageStartingWith("line 1 of this file has a name and no value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hmac = '@", "hmac = @\"", "hmac: \"@,", "hmac = `@"})
    void saysThatAQuoteIsAlone(String line) {
        assertThatThrownBy(() -> BindingText.parse("kid = a\n" + line.replace("@", HMAC)))
                .message()
                .doesNotContain(HMAC)
                .startsWith("the value in line 2 of this file has a quote at one end only");
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> BindingText.parse("")).hasMessageStartingWith("the key id is missing");
        assertThatThrownBy(() -> BindingText.parse("hmac = " + HMAC)).hasMessageStartingWith("the key id is missing");
        assertThatThrownBy(() -> BindingText.parse("kid = a")).hasMessageStartingWith("the HMAC key is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kid = a\nhmac = MjXU3MH-!!!-secret",
                "kid = a\nhmac = MjXU3MH",
                "kid = a\nMjXU3MH-Z0WQ7piMAnVsCpD1shgMiWx6ggPWiTmydgUaj7dWWWfQfA==",
                "MjXU3MH-Z0WQ7piMAnVsCpD1shgMiWx6 = MjXU3MH",
                "kid = a\nhmac = MjXU3MH\nhmac = MjXU3MH",
                "hmac = MjXU3MH",
            })
    void noMessageShowsTheSecret(String text) {
        assertThatThrownBy(() -> BindingText.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .isNotEmpty()
                .doesNotContain("MjXU3MH", "secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"@key", "@key\n", "# the key\n\n@key\r\n", "hmac = @key", "EAB_KEY=\"@key\"", "@key==\n"})
    void readsAnHmacKeyAlone(String text) {
        String key = BindingText.parseHmac(text.replace("@key", HMAC));

        assertThat(ExternalAccountBinding.parse("GD-VvWydSVFuss_GhBwYQQ", key)).isEqualTo(EXPECTED);
    }

    @Test
    void joinsAnHmacKeyThatIsWrapped() {
        String wrapped = HMAC.substring(0, 20) + "\n" + HMAC.substring(20) + "\n";

        assertThat(BindingText.parseHmac(wrapped)).isEqualTo(HMAC);
    }

    @Test
    void refusesAnHmacFileThatHoldsNothingOrMore() {
        assertThatThrownBy(() -> BindingText.parseHmac("\n# later\n")).hasMessageStartingWith("this file is empty");
        assertThatThrownBy(() -> BindingText.parseHmac("hmac = " + HMAC + "\nkid = a"))
                .hasMessageStartingWith("this file has a key id as well; name it as eab-file");
    }
}
