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
        return lines(ca, servers, mode, List.of(SiteNames.parse("www.example.org")));
    }

    private static List<String> lines(String ca, int servers, String mode, List<SiteNames> sites) {
        Answers answers = Answers.NONE
                .withCa(ca)
                .withTerms(Terms.ACCEPTED)
                .withContact("")
                .withServers(IntStream.range(0, servers)
                        .mapToObj(node -> "web" + node + ".example.org")
                        .toList())
                .withSites(sites)
                .withPort80("apache");
        NewConfigurationFile file = new NewConfigurationFile(Path.of("/etc/ringcert/ringcert.toml"));
        return new NextSteps(file, answers.withMode(mode), Optional.empty(), NOW).lines();
    }

    @Test
    void saysWhenTheLastServerHasItsCertificateAndWhatHelps() {
        assertThat(printed("letsencrypt", 8))
                .contains("with 8 servers and 1 site", "takes 4.3 days")
                .contains("the last server has its certificate on Fri 2026-11-27 18h UTC")
                .contains("What helps: Write unique-name = \"{node}.www.example.org\" below the [[site]]")
                .contains("one wildcard record, *.www.example.org");
    }

    @ParameterizedTest
    @CsvSource({"6, 36.5 hours", "7, 2.9 days", "10, 7.1 days"})
    void saysHowLongTheFirstRolloutTakes(int servers, String duration) {
        for (String ca : List.of("letsencrypt", PRODUCTION_URL)) {
            assertThat(printed(ca, servers))
                    .contains("with " + servers + " servers and 1 site, the first rollout with directory ="
                            + " \"letsencrypt\" takes " + duration)
                    .contains(
                            "the limit of 5 a week for the same names: after those, there is another every 33.6 hours")
                    .contains("This is not an error", "orders by itself when its turn comes")
                    .contains("start with directory = \"letsencrypt-staging\" in the file");
        }
    }

    @ParameterizedTest
    @CsvSource({"6, 9.9 days", "7, 12.7 days", "10, 21.2 days"})
    void saysThatTwoKindsOfKeysDoubleTheCertificates(int servers, String duration) {
        assertThat(printed("letsencrypt", servers))
                .contains("With two kinds of keys (`keys` in the file)", "it takes " + duration + ".");
    }

    @ParameterizedTest
    @CsvSource({"3, 36.5 hours", "4, 4.3 days", "5, 7.1 days"})
    void saysUpToFiveServersThatOnlyTwoKindsOfKeysWait(int servers, String duration) {
        for (String ca : List.of("letsencrypt", PRODUCTION_URL, "letsencrypt-staging")) {
            assertThat(printed(ca, servers))
                    .contains("all " + servers + " servers can get their certificates at once")
                    .contains("\"letsencrypt\" takes " + duration + ": ")
                    .contains("issues 5 certificates at once and then another every 33.6 hours")
                    .doesNotContain("To test all servers at once", "What helps");
        }
    }

    @Test
    void saysThatManySitesOfOneDomainWait() {
        List<SiteNames> sites = IntStream.range(0, 60)
                .mapToObj(i -> SiteNames.parse("s" + i + ".example.org"))
                .toList();
        assertThat(String.join(" ", lines("letsencrypt", 2, "proxy", sites)))
                .contains("with 2 servers and 60 sites", "takes 34 hours")
                .contains("the limit of 50 a week for new names in a registered domain")
                .contains("What helps: Write names of the same domain into one [[site]]");
    }

    @Test
    void saysNothingUpToTwoServers() {
        assertThat(printed("letsencrypt", 2)).doesNotContain("Note:", "33.6 hours");
    }

    @Test
    void saysInTheStagingEnvironmentWhatTheRealCaWillDo() {
        assertThat(printed("letsencrypt-staging", 6))
                .contains("the first rollout with directory = \"letsencrypt\" takes 36.5 hours")
                .doesNotContain("To test all servers at once");
        assertThat(printed("letsencrypt-staging", 2)).doesNotContain("Note:", "33.6 hours");
    }

    @Test
    void saysNothingForACaWithoutKnownLimit() {
        assertThat(printed("https://ca.example.org/directory", 20)).doesNotContain("Note:", "33.6 hours");
    }

    @Test
    void peersCanSeePort443WhenCertificatesAreAwaited() {
        assertThat(lines("letsencrypt", 8, "proxy")).containsSubsequence("    a2enmod ssl", "    ringcert status");
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
