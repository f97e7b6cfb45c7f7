package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ringcert.acme.CaInformation;
import org.ringcert.plan.RenewalLimit;

class RolloutCheckTest extends CheckFixture {

    private static final Instant NOW = Instant.parse("2026-11-23T10:15:00Z");

    private static String nodes(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "[[node]]\nname = \"n" + i + ".example.org\"\n")
                .collect(Collectors.joining());
    }

    private List<CheckFinding> look(String tables) throws Exception {
        return look(tables, RenewalLimit.EXEMPT);
    }

    private List<CheckFinding> look(String tables, RenewalLimit renewals) throws Exception {
        CheckScope all = scope(load(tables, ""));
        DirectoryState state = new DirectoryState.Reached(
                all.configuration().authorities().getFirst(),
                new CaInformation(List.of(), Optional.empty(), Optional.empty()),
                renewals);
        try (PendingResult<List<DirectoryState>> cas = PendingResult.start(() -> List.of(state))) {
            return new RolloutCheck(all, cas, _ -> Optional.empty(), () -> NOW).look();
        }
    }

    private static String sites(int count, String more) {
        return IntStream.range(0, count)
                .mapToObj(i -> "[[site]]\nnames = [\"s" + i + ".example.org\"]\n" + more)
                .collect(Collectors.joining());
    }

    @Test
    void fiveServersGetTheirCertificatesAtOnce() throws Exception {
        assertThat(look(nodes(5)))
                .singleElement()
                .isEqualTo(CheckFinding.ok(
                        CheckFinding.Topic.CONFIGURATION,
                        "letsencrypt",
                        "all servers can order all certificates at once, within the limits of the CA"));
    }

    @Test
    void theEighthServerHasItsCertificateOnADate() throws Exception {
        assertThat(look(nodes(8))).singleElement().satisfies(finding -> {
            assertThat(finding.text())
                    .contains("8 certificates have the same names", "5 at once, then one every 33.6 hours")
                    .contains("the eighth is there on Fri 2026-11-27 18h UTC if it begins now");
            assertThat(finding.remedy().orElseThrow()).contains("unique-name = \"{node}.", "one wildcard record, *.");
        });
    }

    @Test
    void withoutRenewalInformationOneIsKeptInReserve() throws Exception {
        assertThat(look(nodes(5), RenewalLimit.COUNTED))
                .singleElement()
                .satisfies(finding -> assertThat(finding.text())
                        .contains("one is kept in reserve")
                        .contains("the fifth is there on Tue 2026-11-24 22h UTC if it begins now"));
    }

    @Test
    void twoKindsOfKeysCountTwice() throws Exception {
        assertThat(look(nodes(2) + sites(1, "keys = [\"ec256\", \"rsa2048\"]\n")))
                .allMatch(finding -> finding.level() == CheckFinding.Level.OK);
        assertThat(look(nodes(3) + sites(1, "keys = [\"ec256\", \"rsa2048\"]\n")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.text()).contains("6 certificates have the same names"));
    }

    @Test
    void manyUniqueNamesMeetTheLimitOfTheirDomain() throws Exception {
        String own = "unique-name = \"{node}.own.example.org\"\n";
        assertThat(look(nodes(4) + sites(12, own))).allMatch(finding -> finding.level() == CheckFinding.Level.OK);
        assertThat(look(nodes(5) + sites(10, own))).singleElement().satisfies(finding -> {
            assertThat(finding.subject()).isEqualTo("example.org");
            assertThat(finding.text())
                    .contains("52 sets of names", "50 at once, then one every 3.4 hours")
                    .contains("on Mon 2026-11-23 17h UTC if it begins now");
            assertThat(finding.remedy().orElseThrow()).contains("write {group} instead of {node}");
        });
    }
}
