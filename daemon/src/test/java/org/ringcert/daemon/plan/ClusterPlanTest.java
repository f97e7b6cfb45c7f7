package org.ringcert.daemon.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.daemon.plan.PlanFixture.NOW;

import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.json.JsonFormat;
import org.ringcert.plan.Layout;
import org.ringcert.renew.Due;
import tools.jackson.databind.JsonNode;

class ClusterPlanTest {

    private static final String WWW = "www.example.org";

    @Test
    void saysWhoWaitsUntilWhenAndForWhichLimit() {
        String text = new PlanFixture(8).site(WWW).report().text();

        assertThat(text)
                .contains("All 8 certificates by Wed 2026-12-02 1")
                .contains("the limit of 5 a week for the same names")
                .contains("The eighth server of www.example.org has its certificate on Wed 2026-12-02 1")
                .contains("Cure: write unique-name = \"{node}.www.example.org\" below the [[site]]")
                .containsPattern("web1.example.org +- +orders now\n")
                .containsPattern("web2.example.org +- +orders in 10 minutes +when web1.example.org has its own")
                .containsPattern(
                        "web8.example.org +- +orders Wed 2026-12-02 1[0-9]h +the limit of 5 .*; web7.* goes first");
    }

    @Test
    void saysThatAllAreOrderedAtOnceWhereNobodyWaits() {
        assertThat(new PlanFixture(5).site(WWW).report().text()).contains("All 5 certificates are ordered at once.");
        assertThat(new PlanFixture(8).siteWithUniqueNames(WWW).report().text())
                .contains("All 8 certificates are ordered at once.")
                .doesNotContain("binds");
    }

    @Test
    void saysHowManyMinutesTheLastOneWaitsForALimit() {
        String text = new PlanFixture(6)
                .setLimit(Duration.ofMinutes(100))
                .site(WWW)
                .report()
                .text();

        assertThat(text)
                .containsPattern("All 6 certificates in [23][0-9] minutes\\.")
                .contains("What binds is the limit of 5 in 100 minutes for the same names");
    }

    @Test
    void saysThatAllAreThereAndAboutWhenTheyAreRenewedTheCanaryFirst() {
        String text =
                new PlanFixture(3).site(WWW).present(WWW, 20, 1, 2, 3).report().text();

        assertThat(text)
                .contains("All 3 certificates are there.")
                .containsPattern("web1.example.org +since Sun 2026-11-08 by R11 +renews about Thu 2027-01-07\n")
                .containsPattern("web2.example.org +since .* renews about Wed 2027-01-06 +the canary renews first");
    }

    @Test
    void knowsExactlyWhenThisNodeRenews() {
        Instant at = Instant.parse("2027-01-07T17:20:00Z");
        PlanReport report = new PlanFixture(2)
                .site(WWW)
                .present(WWW, 20, 1, 2)
                .own(WWW, new PlanFacts.OwnPlan(new Due.Later(at), at, Optional.empty()))
                .report();

        assertThat(report.text()).containsPattern("web1.example.org .* renews Thu 2027-01-07 17h");
    }

    @Test
    void saysWhatThisNodeWaitsForAfterAFailure() {
        Due due = new Due.Now("there is no certificate yet", Due.Urgency.URGENT, Due.Need.REPLACEMENT);
        PlanReport report = new PlanFixture(2)
                .site(WWW)
                .own(WWW, new PlanFacts.OwnPlan(due, NOW.plusSeconds(7200), Optional.of("failed twice")))
                .report();

        assertThat(report.text()).containsPattern("web1.example.org +- +orders Sat 2026-11-28 11h +failed twice");
    }

    @Test
    void saysBeforehandWhatTheLimitDoesNotAllow() {
        String text = new PlanFixture(12)
                .site(WWW)
                .countsRenewals()
                .lifetime(Duration.ofHours(160))
                .report()
                .text();

        assertThat(text)
                .contains("Certificates will expire: there are 12 certificates with the same names for " + WWW)
                .contains("one certificate is kept in reserve for a rebuilt server");
    }

    @Test
    void foretellsWhatARevocationOfAllWouldMean() {
        ClusterPlan.MassRevocation revocation = new PlanFixture(8)
                .site(WWW)
                .present(WWW, 20, 1, 2, 3, 4, 5, 6, 7, 8)
                .report()
                .plan()
                .revocation()
                .orElseThrow();

        assertThat(revocation.certificates()).isEqualTo(8);
        assertThat(Duration.between(NOW, revocation.last())).isBetween(Duration.ofHours(100), Duration.ofHours(106));
        // Three wait for one, two and three intervals of 33.6 hours and a little slack.
        assertThat(revocation.invalid()).isBetween(Duration.ofHours(201), Duration.ofHours(211));
    }

    @Test
    void summarizesSitesThatStandAlikeTheExceptionalOnesFirst() {
        PlanFixture fixture = new PlanFixture(13);
        for (int i = 0; i < 40; i++) {
            String site = "s" + i + ".d" + i + ".org";
            fixture.site(site);
            fixture.present(
                    site,
                    20,
                    i == 7 ? new Integer[] {1, 2} : new Integer[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13});
        }

        String text = fixture.report().text();

        assertThat(text.lines()).hasSizeLessThan(40);
        assertThat(text)
                .containsSubsequence("\n1 ", "2 of 13", "s7.d7.org", "\n39 ", "13 of 13", "s0.d0.org, s1.d1.org")
                .contains("and 34 more")
                .containsPattern("the other 2 +one each");
    }

    @Test
    void saysWhatAnotherFileChanges() {
        PlanFixture next = new PlanFixture(3).site(WWW);
        PlanFixture present = new PlanFixture(2).site("old.example.org");
        next.changes(LayoutChanges.between(present.layout(), next.layout()));

        assertThat(next.report().text())
                .contains("This file changes the installed one: new servers: web3.example.org;"
                        + " new sites: www.example.org; sites that are gone: old.example.org.");
    }

    @Test
    void seesASiteWhoseNamesChange() {
        Layout present = new PlanFixture(2).site(WWW).layout();
        Layout next = new PlanFixture(2).siteWithUniqueNames(WWW).layout();

        assertThat(LayoutChanges.between(present, next).changedSites()).containsExactly(new HostName(WWW));
        assertThat(LayoutChanges.between(present, present)).isEqualTo(LayoutChanges.NONE);
    }

    @Test
    void writesJsonForPrograms() {
        StringWriter out = new StringWriter();
        new PlanFixture(8).site(WWW).present(WWW, 20, 1).report().writeJson(out);

        assertThat(out.toString()).endsWith("}\n");
        JsonNode root = JsonFormat.DEFAULT.read(out.toString());
        assertThat(root.path("summary").path("certificates").intValue()).isEqualTo(8);
        assertThat(root.path("summary").path("present").intValue()).isEqualTo(1);
        assertThat(root.path("summary").path("binding").path("kind").stringValue())
                .isEqualTo("certificates-per-name-set");
        JsonNode nodes = root.path("certificates").path(0).path("nodes");
        assertThat(nodes.path(0).path("present").path("issuer").stringValue()).isEqualTo("R11");
        assertThat(nodes.path(0).path("renewal").path("exact").booleanValue()).isFalse();
        JsonNode last = nodes.path(7).path("order");
        assertThat(last.path("reason").stringValue()).isEqualTo("limit");
        assertThat(last.path("after").stringValue()).isEqualTo("web7.example.org");
        assertThat(Instant.parse(last.path("at").stringValue())).isAfter(NOW);
    }

    @Test
    void suggestsGroupsWhereANameForEachServerWouldBeTooManyNewSets() {
        PlanFixture fixture = new PlanFixture(12);
        List.of("a.example.org", "b.example.org", "c.example.org", "d.example.org", "e.example.org")
                .forEach(fixture::site);

        assertThat(fixture.report().text()).contains("{group}.").contains("of at most 5 servers");
    }
}
