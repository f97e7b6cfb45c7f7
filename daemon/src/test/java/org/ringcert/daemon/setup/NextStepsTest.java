package org.ringcert.daemon.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The notes about the CA, its credentials, and the start without a daemon. */
class NextStepsTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:15:00Z");

    private static final String PRODUCTION_URL = "https://acme-v02.api.letsencrypt.org/directory";

    private static String printed(String ca, int servers) {
        return String.join(" ", lines(ca, servers, "proxy"));
    }

    private static List<String> lines(String ca, int servers, String mode) {
        Answers answers = Answers.NONE
                .withCa(ca)
                .withTerms(Terms.ACCEPTED)
                .withContact("")
                .withServers(IntStream.range(0, servers)
                        .mapToObj(node -> "web" + node + ".example.org")
                        .toList())
                .withSites(List.of(SiteNames.parse("www.example.org")))
                .withPort80("apache");
        NewConfigurationFile file = new NewConfigurationFile(Path.of("/etc/ringcert/ringcert.toml"));
        return new NextSteps(file, answers.withMode(mode), Optional.empty(), NOW).lines();
    }

    @Test
    void saysWhenTheEighthServerHasItsCertificateAndWhatCuresThat() {
        assertThat(printed("letsencrypt", 8))
                .contains("server 8 has its certificate on 2026-11-27")
                .contains("write unique-name = \"{node}.www.example.org\" below its [[site]]")
                .contains("*.www.example.org, with the addresses of the site");
    }

    @ParameterizedTest
    @CsvSource({"6, 34 hours", "7, 3 days", "10, 7 days"})
    void saysHowLongTheFirstRolloutTakesAndWhatToDo(int servers, String duration) {
        for (String ca : List.of("letsencrypt", PRODUCTION_URL)) {
            assertThat(printed(ca, servers))
                    .contains("with " + servers
                            + " servers, the first rollout with directory = \"letsencrypt\" takes about " + duration)
                    .contains("5 certificates at once and then another every 34 hours", "server 6 and later ones")
                    .contains("This is not an error", "try again by themselves")
                    .contains("start with directory = \"letsencrypt-staging\" in the file");
        }
    }

    @ParameterizedTest
    @CsvSource({"6, 10 days", "7, 13 days", "10, 21 days"})
    void saysThatTwoKindsOfKeysDoubleTheCertificates(int servers, String duration) {
        assertThat(printed("letsencrypt", servers))
                .contains("With two kinds of keys (`keys` in the file)", "it takes about " + duration + ".");
    }

    @ParameterizedTest
    @CsvSource({"3, 34 hours", "4, 4 days", "5, 7 days"})
    void saysUpToFiveServersThatOnlyTwoKindsOfKeysWait(int servers, String duration) {
        for (String ca : List.of("letsencrypt", PRODUCTION_URL, "letsencrypt-staging")) {
            assertThat(printed(ca, servers))
                    .contains("all " + servers + " servers can get their certificates at once")
                    .contains("directory = \"letsencrypt\" takes about " + duration + ": ")
                    .contains("issues 5 certificates at once and then another every 34 hours")
                    .doesNotContain("To test all servers at once", "server 6");
        }
    }

    @Test
    void saysNothingUpToTwoServers() {
        assertThat(printed("letsencrypt", 2)).doesNotContain("Note:", "34 hours");
    }

    @Test
    void saysInTheStagingEnvironmentWhatTheRealCaWillDo() {
        assertThat(printed("letsencrypt-staging", 6))
                .contains("the first rollout with directory = \"letsencrypt\" takes about 34 hours")
                .doesNotContain("To test all servers at once");
        assertThat(printed("letsencrypt-staging", 2)).doesNotContain("Note:", "34 hours");
    }

    @Test
    void saysNothingForACaWithoutKnownLimit() {
        assertThat(printed("https://ca.example.org/directory", 20)).doesNotContain("Note:", "34 hours");
    }

    @Test
    void ordersTheFirstCertificatesWhereOnlyATimerRuns() {
        assertThat(lines("letsencrypt-staging", 2, "files"))
                .containsSubsequence(
                        "    systemctl enable --now ringcert-renew.timer ringcert-reload@apache2.path",
                        "    systemctl start ringcert-renew");
    }

    @Test
    void saysWhereToGetCredentialsAndWhatRelayCosts() {
        assertThat(printed("zerossl", 2))
                .contains("an HMAC key of ZeroSSL in the section Developer of https://app.zerossl.com")
                .contains("install -m 600 -o ringcert /dev/null /etc/ringcert/zerossl.eab")
                .contains("Note: ZeroSSL is not known to follow redirects", "to every CA", "accounturi");
        assertThat(printed("zerossl", 1)).contains("zerossl.eab").doesNotContain("Note:");
        assertThat(printed("letsencrypt", 2)).doesNotContain(".eab", "Note:");
    }
}
