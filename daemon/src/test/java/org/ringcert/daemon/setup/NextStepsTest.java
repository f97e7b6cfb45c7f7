package org.ringcert.daemon.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The note about Let's Encrypt's limit for one exact set of names. */
class NextStepsTest {

    private static final String PRODUCTION_URL = "https://acme-v02.api.letsencrypt.org/directory";

    private static String printed(String ca, int servers) {
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
        return String.join(" ", new NextSteps(file, answers, Optional.empty()).lines());
    }

    @ParameterizedTest
    @CsvSource({"6, 34 hours", "7, 3 days", "10, 7 days"})
    void saysHowLongTheFirstRolloutTakesAndWhatToDo(int servers, String duration) {
        for (String ca : List.of("letsencrypt", PRODUCTION_URL)) {
            assertThat(printed(ca, servers))
                    .contains("with " + servers + " servers, the first rollout takes about " + duration)
                    .contains("5 certificates at once and then another every 34 hours", "server 6 and later ones")
                    .contains("This is not an error", "try again by themselves")
                    .contains("start with directory = \"letsencrypt-staging\" in the file");
        }
    }

    @Test
    void saysNothingUpToFiveServers() {
        assertThat(printed("letsencrypt", 5)).doesNotContain("Note:", "34 hours");
    }

    @ParameterizedTest
    @ValueSource(strings = {"letsencrypt-staging", "https://ca.example.org/directory"})
    void saysNothingForACaWithoutKnownLimit(String ca) {
        assertThat(printed(ca, 20)).doesNotContain("Note:", "34 hours");
    }
}
