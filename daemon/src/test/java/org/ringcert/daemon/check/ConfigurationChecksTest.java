package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ringcert.daemon.check.CheckFinding.Level;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.dns.PublicSuffixes;

/** What the configuration alone says. */
class ConfigurationChecksTest extends CheckFixture {

    @Test
    void noticesAboutTheFileAreWarnings() throws Exception {
        assertThat(new ConfigurationCheck(scope(""), List.of("ringcert.toml:7:1: note: it has no effect")).look())
                .satisfiesExactly(
                        finding ->
                                assertThat(finding.text()).isEqualTo("3 nodes, 2 sites, letsencrypt, handoff redirect"),
                        finding -> {
                            assertThat(finding.level()).isEqualTo(Level.WARNING);
                            assertThat(finding.text()).contains(":7:1: note: ");
                        });
    }

    @Test
    void aRingOfMoreThanTenNodesIsAFailureWithTheReason() throws Exception {
        assertThat(new RingSizeCheck(scope(load(nodes(10, ""), "handoff = \"ring\""))).look())
                .isEmpty();
        assertThat(new RingSizeCheck(scope(load(nodes(11, ""), "handoff = \"redirect\""))).look())
                .isEmpty();
        assertThat(new RingSizeCheck(scope(load(nodes(11, ""), "handoff = \"ring\""))).look())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Level.FAILURE);
                    assertThat(finding.text()).contains("11 nodes", "9 redirects at most");
                    assertThat(finding.remedy().orElseThrow()).contains("handoff = \"redirect\"");
                });
    }

    @Test
    void soIsAWebServerWithFixedRulesInSuchACluster() throws Exception {
        Configuration configuration = load(nodes(11, "listen = []\n"), "handoff = \"redirect\"");

        assertThat(levels(new RingSizeCheck(scope(configuration)).look())).containsExactly(Level.FAILURE);
    }

    @Test
    void namesOfAnUnknownTopLevelDomainAreFailuresWithAPublicCa() throws Exception {
        Configuration configuration = load("""
                [[node]]
                name = "web0.example.org"
                [[node]]
                name = "web1.cluster.nosuchtld"
                """, "");

        assertThat(new PublicNamesCheck(scope(configuration), PublicSuffixes.bundled()).look())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Level.FAILURE);
                    assertThat(finding.subject()).isEqualTo("web1.cluster.nosuchtld");
                });
    }

    private static String nodes(int count, String settingsOfTheLast) {
        return IntStream.range(0, count)
                        .mapToObj(i -> "[[node]]\nname = \"web" + i + ".example.org\"\n")
                        .collect(Collectors.joining())
                + settingsOfTheLast;
    }
}
