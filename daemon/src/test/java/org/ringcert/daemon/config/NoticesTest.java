package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that cost trust or secrecy are reported, and the file still loads. */
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "off",
                "127.0.0.1:9402",
                "127.80.1.3:9402",
                "[::1]:9402",
                "10.0.0.10:9402",
                "172.31.0.1:9402",
                "192.168.1.1:9402",
                "169.254.7.7:9402",
                "[fd12:3456::1]:9402",
                "[fe80::1]:9402"
            })
    void thereIsNoneAboutAnAdminServerOnTheInside(String address) throws ConfigurationException {
        assertThat(notices("[admin]\nlisten = \"" + address + "\"\n")).isEmpty();
        assertThat(notices("[[node]]\nname = \"web0.example.org\"\nadmin = \"" + address + "\"\n"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.10:9402", "172.32.0.1:9402", "[2001:db8::1]:9402", "[::]:9402", "0.0.0.0:9402"})
    void anAdminServerThatStrangersReachIsReported(String address) throws ConfigurationException {
        assertThat(notices("[admin]\nlisten = \"" + address + "\"\n"))
                .singleElement()
                .asString()
                .startsWith(FILE + ":2:1: note: `listen`, \"" + address + "\": everybody who reaches this ")
                .contains("no password", "Write \"127.0.0.1:9402\" or an inside address");
        assertThat(notices("[[node]]\nname = \"web0.example.org\"\nadmin = \"" + address + "\"\n"))
                .singleElement()
                .asString()
                .startsWith(FILE + ":3:1: note: `admin`, \"" + address + "\": everybody");
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
