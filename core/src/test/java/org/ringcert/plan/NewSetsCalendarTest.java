package org.ringcert.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.plan.PlanFixture.DOMAIN_INTERVAL;
import static org.ringcert.plan.PlanFixture.DOMAIN_LIMIT;
import static org.ringcert.plan.PlanFixture.DOMAIN_SLACK;
import static org.ringcert.plan.PlanFixture.START;
import static org.ringcert.plan.PlanFixture.grouped;
import static org.ringcert.plan.PlanFixture.layout;
import static org.ringcert.plan.PlanFixture.node;
import static org.ringcert.plan.PlanFixture.site;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;

/** Sets of names that nobody has yet, within the limits of registered domains and accounts. */
class NewSetsCalendarTest {

    private static final Instant LONG_AGO = START.minus(Duration.ofDays(40));

    private final PlanFixture knowledge = new PlanFixture();

    @Test
    void fiftyNewSitesOfADomainAreOrderedAtOnce() {
        Layout layout = sitesOfOneDomain(3, 52);

        List<Turn> turns = knowledge.calendar(layout, START).turns();

        assertThat(turns.subList(0, 50))
                .allMatch(turn -> turn.node().equals(node(0)) && turn.at().equals(START));
        CertificateName last = layout.sites().getLast().certificates().getFirst();
        assertThat(knowledge.calendar(layout, START).turn(node(0), last))
                .contains(new Turn(
                        node(0),
                        last,
                        START.plus(DOMAIN_INTERVAL.multipliedBy(2)).plus(DOMAIN_SLACK),
                        new Turn.Reason.WithinLimit(DOMAIN_LIMIT, "example.org")));
        assertThat(knowledge
                        .calendar(layout, START)
                        .turn(node(1), last)
                        .orElseThrow()
                        .reason())
                .isEqualTo(new Turn.Reason.WithinLimit(DOMAIN_LIMIT, "example.org"));
    }

    @Test
    void withAnExtraNameForEachServerEachSiteHasItsFirstBeforeAnyHasItsSecond() {
        Layout layout = layout(30, grouped("a.example.org", 30, 1), grouped("b.example.org", 30, 1));
        knowledge.leaders.put(HostName.of("b.example.org"), node(29));

        List<Turn> turns = knowledge.calendar(layout, START).turns();

        assertThat(turns).filteredOn(turn -> turn.at().equals(START)).hasSize(50);
        assertThat(turns.subList(0, 50))
                .filteredOn(turn -> turn.node().equals(node(29)))
                .hasSize(1);
        assertThat(turns.subList(50, 60))
                .extracting(Turn::node)
                .containsOnly(node(25), node(26), node(27), node(28), node(29), node(24));
    }

    @Test
    void aSetOfSeveralDomainsTakesATokenOfEach() {
        List<PlannedSite> sites = new ArrayList<>(sitesOfOneDomain(1, 50).sites());
        HostName both = HostName.of("www.example.com");
        sites.add(new PlannedSite(
                both,
                List.of(CertificateName.first(both)),
                List.of(NameSet.of(List.of(both, HostName.of("last.example.org"))))));
        Layout layout = new Layout(List.of(node(0)), sites);

        assertThat(knowledge
                        .calendar(layout, START)
                        .turn(node(0), CertificateName.first(both))
                        .orElseThrow()
                        .at())
                .isEqualTo(START.plus(DOMAIN_INTERVAL).plus(DOMAIN_SLACK));
    }

    @Test
    void anAccountOrdersThreeHundredNewSetsAtOnce() {
        Layout layout = new Layout(
                List.of(node(0)),
                IntStream.range(0, 302)
                        .mapToObj(i -> site("www.d" + i % 100 + ".s" + i + ".org", 1))
                        .toList());

        List<Turn> turns = knowledge.calendar(layout, START).turns();

        assertThat(turns.get(299).at()).isEqualTo(START);
        assertThat(turns.get(300).at()).isAfter(START.plusSeconds(36)).isBefore(START.plusSeconds(40));
        assertThat(turns.get(300).reason()).isInstanceOf(Turn.Reason.WithinLimit.class);
    }

    @Test
    void afterARefusalForADomainItsOtherNewSetsWaitToo() {
        Layout layout = sitesOfOneDomain(1, 3);
        PlannedSite second = layout.sites().get(1);
        Refusal refusal = new Refusal(START, START.plus(Duration.ofMinutes(100)));
        knowledge.refused(0, second.sets().getFirst(), refusal);

        List<Turn> turns = knowledge.calendar(layout, START).turns();

        assertThat(turns)
                .extracting(turn -> turn.certificate().site())
                .containsExactly(
                        second.name(),
                        layout.sites().get(0).name(),
                        layout.sites().get(2).name());
        assertThat(turns.getFirst().at()).isEqualTo(refusal.until());
        assertThat(turns.get(1).at())
                .isEqualTo(refusal.until().plus(DOMAIN_INTERVAL).plus(DOMAIN_SLACK));
    }

    /** The wait is longer than until the next token of the domain. */
    @Test
    void aRefusalForASetOfNamesDoesNotDelayOtherSets() {
        Layout layout = sitesOfOneDomain(1, 3);
        NameSet set = layout.sites().getFirst().sets().getFirst();
        knowledge.refused(0, set, new Refusal(START, START.plus(Duration.ofHours(20))));

        List<Turn> turns = knowledge.calendar(layout, START).turns();

        assertThat(turns).extracting(Turn::at).containsExactly(START, START, START.plus(Duration.ofHours(20)));
    }

    @Test
    void firstCertificatesOfTheLastWeekCount() {
        Layout layout = sitesOfOneDomain(1, 51);
        layout.sites()
                .subList(0, 50)
                .forEach(site -> knowledge.has(0, site.certificates().getFirst(), START));

        assertThat(knowledge.calendar(layout, START).turns().getFirst().at())
                .isEqualTo(START.plus(DOMAIN_INTERVAL).plus(DOMAIN_SLACK));
        knowledge.otherIssues.add(LONG_AGO);
        knowledge.missing(0, layout.sites().getLast().certificates().getFirst(), START);
        assertThat(knowledge.calendar(layout, START).turns().getFirst().at()).isEqualTo(START);
    }

    /** What a node has had for more than a week was new before, whatever the others have. */
    @Test
    void asksOthersOnlyForWhatTheNodeLacks() {
        Layout layout = sitesOfOneDomain(3, 20);
        layout.sites()
                .subList(1, 20)
                .forEach(site -> knowledge.has(0, site.certificates().getFirst(), LONG_AGO));

        knowledge
                .calendar(layout, START)
                .turn(node(0), layout.sites().getFirst().certificates().getFirst());

        assertThat(knowledge.questions).isEqualTo(3 + 19);
    }

    /** As in Let's Encrypt's staging environment: nine orders are nothing compared with 30,000. */
    @Test
    void nobodyWaitsForTheFirstOrderIfAllTogetherAreLessThanAHundredthOfTheLimit() {
        Layout layout = sitesOfOneDomain(3, 3);

        assertThat(calendar(layout, 900).turns())
                .hasSize(9)
                .allMatch(turn -> turn.at().equals(START));
        assertThat(calendar(layout, 899).turns())
                .filteredOn(turn -> turn.at().equals(START))
                .hasSize(3);
    }

    private Calendar calendar(Layout layout, int newSets) {
        Limit limit = new Limit(LimitKind.CERTIFICATES_PER_REGISTERED_DOMAIN, newSets, Duration.ofSeconds(1));
        return new Calendar(
                layout,
                new Limits(List.of(limit), Duration.ZERO),
                PlanFixture.DOMAINS,
                RenewalLimit.EXEMPT,
                knowledge,
                START);
    }

    private static Layout sitesOfOneDomain(int nodes, int sites) {
        return new Layout(
                PlanFixture.nodes(nodes),
                IntStream.range(0, sites)
                        .mapToObj(i -> site("s" + i + ".example.org", nodes))
                        .toList());
    }
}
