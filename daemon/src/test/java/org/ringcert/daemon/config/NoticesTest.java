package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys that have no effect yet and settings that cost trust are reported, and the file still loads. */
class NoticesTest {

    private static final Path FILE = Path.of("/etc/ringcert/ringcert.toml");

    private static final String ZEROSSL =
            "[acme]\ndirectory = \"zerossl\"\nagree-to-terms = true\neab-file = \"/nowhere/eab\"\n";

    private static List<String> notices(String snippet) throws ConfigurationException {
        return ConfigurationLoader.parse(FILE, ConfigurationText.completed(snippet))
                .noticeLines();
    }

    @Test
    void thereAreNoneAboutKeysThatWork() throws ConfigurationException {
        assertThat(notices("[front]\nhandoff = \"ring\"\n[store]\ndirectory = \"/srv/ringcert\"\n"))
                .isEmpty();
        assertThat(notices("[[acme]]\ndirectory = \"letsencrypt\"\nagree-to-terms = true\n# [acme]"))
                .isEmpty();
    }

    @Test
    void adminHasNoEffectAndCheckHas() throws ConfigurationException {
        assertThat(notices("\n[admin]\nlisten = \"127.0.0.1:9402\"\n\n  [check]\nresolver = \"127.0.0.1:53\"\n"))
                .containsExactly(FILE + ":2:1: note: [admin] has no effect yet in this version");
    }

    @Test
    void adminOfANodeHasNoEffect() throws ConfigurationException {
        assertThat(notices("[[node]]\nname = \"web0.example.org\"\nadmin = \"127.0.0.1:9403\"\n"))
                .containsExactly(FILE + ":3:1: note: `admin` in [[node]] has no effect yet in this version");
    }

    @Test
    void thereAreNoneAboutSeveralCas() throws ConfigurationException {
        String text = """
                [[acme]]
                directory = "letsencrypt"
                agree-to-terms = true
                [[acme]]
                directory = "https://ca.example.org/directory"
                agree-to-terms = true
                # [acme]
                """;

        assertThat(notices(text)).isEmpty();
    }

    @Test
    void aCaWhoseChallengesAreRelayedCostsTrust() throws ConfigurationException {
        assertThat(notices(ZEROSSL))
                .containsExactly(FILE
                        + ":2:1: note: zerossl is not known to follow redirects to another name. Its challenges are"
                        + " relayed. Whoever can change traffic between the servers can then answer for your"
                        + " sites, at every CA. Publish CAA records with `accounturi`; see docs/cas.md");
        assertThat(
                        notices(
                                "[acme]\ndirectory = \"https://ca.example.org/\"\nagree-to-terms = true\nhandoff = \"relay\"\n"))
                .singleElement()
                .asString()
                .startsWith(FILE + ":4:1: note: The challenges of https://ca.example.org/ are relayed. Whoever");
    }

    @Test
    void thereIsNoneAboutTrustIfThatIsSoAnywayOrNothingIsRelayed() throws ConfigurationException {
        assertThat(notices(ZEROSSL + "[front]\nhandoff = \"relay\"\n")).isEmpty();
        assertThat(notices(ZEROSSL + "handoff = \"redirect\"\n")).isEmpty();
        assertThat(notices(ZEROSSL + "[[node]]\nname = \"web0.example.org\"\n")).isEmpty();
    }
}
