package org.ringcert.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.ringcert.plan.PlanFixture.DOMAINS;
import static org.ringcert.plan.PlanFixture.SET_INTERVAL;
import static org.ringcert.plan.PlanFixture.SET_LIMIT;
import static org.ringcert.plan.PlanFixture.START;
import static org.ringcert.plan.PlanFixture.layout;
import static org.ringcert.plan.PlanFixture.node;
import static org.ringcert.plan.PlanFixture.site;
import static org.ringcert.plan.PlanFixture.slackAfter;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.store.CertificateName;

class CalendarTest {

    private static final HostName SITE = HostName.of("www.example.org");
    private static final CertificateName CERTIFICATE = CertificateName.first(SITE);
    private static final NameSet SET = NameSet.of(List.of(SITE));
    private static final Instant LONG_AGO = START.minus(Duration.ofDays(40));

    private final PlanFixture knowledge = new PlanFixture();

    @Test
    void theOthersWaitTenMinutesForTheFirst() {
        Layout layout = layout(3, site("www.example.org", 3));
        knowledge.leaders.put(SITE, node(1));

        List<Turn> turns = knowledge.calendar(layout, START).turns();

        assertThat(turns).extracting(Turn::node).containsExactly(node(1), node(0), node(2));
        assertThat(turns)
                .extracting(turn -> Duration.between(START, turn.at()))
                .containsExactly(Duration.ZERO, Duration.ofMinutes(10), Duration.ofMinutes(11));
        assertThat(turns.get(0).reason()).isEqualTo(new Turn.Reason.AtOnce());
        assertThat(turns.get(1).reason()).isEqualTo(new Turn.Reason.AfterFirst(node(1)));
    }

    @Test
    void theOthersOrderAtOnceWhenTheFirstIsSeen() {
        Layout layout = layout(3, site("www.example.org", 3));
        knowledge.leaders.put(SITE, node(1));
        knowledge.has(1, CERTIFICATE, START.plusSeconds(20));
        Instant now = START.plusSeconds(80);

        assertThat(knowledge.calendar(layout, now).turns()).extracting(Turn::at).containsExactly(now, now);
        assertThat(knowledge.calendar(layout, now).turn(node(1), CERTIFICATE)).isEmpty();
    }

    @Test
    void ifNoNameLeadsToANodeTheFirstOfTheFileIsFirst() {
        Layout layout = layout(3, site("www.example.org", 3));
        knowledge.leaders.put(SITE, HostName.of("elsewhere.example.com"));

        assertThat(knowledge.calendar(layout, START).turns().getFirst().node()).isEqualTo(node(0));
    }

    @Test
    void whoIsBeyondFiveWaitsForATurn() {
        Layout layout = layout(8, site("www.example.org", 8));

        List<Turn> turns = knowledge.calendar(layout, START).turns();

        assertThat(turns.subList(0, 5)).allMatch(turn -> turn.at().isBefore(START.plus(Duration.ofMinutes(14))));
        for (int i = 5; i < 8; i++) {
            assertThat(turns.get(i))
                    .isEqualTo(new Turn(
                            node(i),
                            CERTIFICATE,
                            START.plus(SET_INTERVAL.multipliedBy(i - 4)).plus(slackAfter(i)),
                            new Turn.Reason.WithinLimit(SET_LIMIT, "www.example.org")));
        }
    }

    @Test
    void theSecondKindOfKeyComesAfterTheFirstOfAll() {
        Layout layout = layout(3, site("www.example.org", 3, KeyAlgorithm.RSA));
        CertificateName second = CertificateName.second(SITE, KeyAlgorithm.RSA);

        List<Turn> turns = knowledge.calendar(layout, START).turns();

        assertThat(turns)
                .extracting(Turn::certificate)
                .containsExactly(CERTIFICATE, CERTIFICATE, CERTIFICATE, second, second, second);
        assertThat(turns.getLast().at()).isEqualTo(START.plus(SET_INTERVAL).plus(slackAfter(5)));
    }

    @Test
    void aRebuiltServerOrdersAtOnceIfThereIsAToken() {
        Layout layout = layout(8, site("www.example.org", 8));
        IntStream.range(0, 7).forEach(i -> knowledge.has(i, CERTIFICATE, LONG_AGO));

        assertThat(knowledge.calendar(layout, START).turn(node(7), CERTIFICATE))
                .contains(new Turn(node(7), CERTIFICATE, START, new Turn.Reason.AtOnce()));
    }

    @Test
    void whoeverWasNeverSeenCountsOnceAtItsTurn() {
        Layout layout = layout(8, site("www.example.org", 8));
        Instant later = START.plus(Duration.ofDays(30));
        IntStream.range(0, 7).forEach(i -> knowledge.missing(i, CERTIFICATE, START));
        knowledge.missing(7, CERTIFICATE, later);

        assertThat(knowledge
                        .calendar(layout, later)
                        .turn(node(7), CERTIFICATE)
                        .orElseThrow()
                        .at())
                .isEqualTo(later);
    }

    /** Found with nodes that start within a day: five tokens were taken, one of them late. */
    @Test
    void aTurnTakesNoTokenThatALaterOrderIsKnownToHaveFound() {
        Layout layout = layout(6, site("www.example.org", 6));
        Instant dayLater = START.plus(Duration.ofHours(24));
        IntStream.range(0, 4).forEach(i -> knowledge.has(i, CERTIFICATE, START));
        knowledge.has(4, CERTIFICATE, dayLater);
        knowledge.missing(5, CERTIFICATE, START);

        assertThat(knowledge
                        .calendar(layout, dayLater.plusSeconds(60))
                        .turn(node(5), CERTIFICATE)
                        .orElseThrow()
                        .at())
                .isEqualTo(START.plus(SET_INTERVAL).plus(slackAfter(5)));
    }

    /** The order would have fitted in before the others; but it has not been made, and they have taken all tokens. */
    @Test
    void aTurnThatHasPassedNeedsATokenNow() {
        Layout layout = layout(6, site("www.example.org", 6));
        Instant others = START.plus(SET_INTERVAL);
        IntStream.range(0, 5).forEach(i -> knowledge.has(i, CERTIFICATE, others));
        knowledge.missing(5, CERTIFICATE, START);

        assertThat(knowledge
                        .calendar(layout, others.plusSeconds(60))
                        .turn(node(5), CERTIFICATE)
                        .orElseThrow()
                        .at())
                .isEqualTo(others.plus(SET_INTERVAL).plus(slackAfter(5)));
    }

    @Test
    void ordersThatNoStandingShowsCount() {
        Layout layout = layout(2, site("www.example.org", 2));
        knowledge.has(0, CERTIFICATE, START);
        knowledge.otherIssues.addAll(List.of(START, START, START, START));

        assertThat(knowledge
                        .calendar(layout, START)
                        .turn(node(1), CERTIFICATE)
                        .orElseThrow()
                        .at())
                .isEqualTo(START.plus(SET_INTERVAL).plus(slackAfter(1)));
    }

    @Test
    void aRefusedNodeGoesFirstWhenTheCaSays() {
        Layout layout = layout(8, site("www.example.org", 8));
        IntStream.range(0, 5).forEach(i -> knowledge.has(i, CERTIFICATE, START));
        Instant now = START.plus(Duration.ofHours(37));
        Instant until = START.plus(Duration.ofHours(68));
        knowledge.refused(6, SET, new Refusal(now, until));

        Calendar calendar = knowledge.calendar(layout, now.plusSeconds(1));

        Turn refused = calendar.turn(node(6), CERTIFICATE).orElseThrow();
        assertThat(refused.at()).isBetween(until, until.plus(Duration.ofMinutes(24)));
        assertThat(refused.reason()).isEqualTo(new Turn.Reason.AfterRefusal());
        assertThat(calendar.turn(node(7), CERTIFICATE).orElseThrow().at())
                .isEqualTo(until.plus(SET_INTERVAL).plus(slackAfter(7)));
    }

    @Test
    void nodesThatWereRefusedComeAgainOneAfterTheOtherAndBeforeTheRest() {
        int nodes = 50;
        Layout layout = layout(nodes, site("www.example.org", nodes));
        IntStream.range(0, 5).forEach(i -> knowledge.has(i, CERTIFICATE, START));
        Instant now = START.plus(Duration.ofHours(37));
        Instant until = START.plus(SET_INTERVAL.multipliedBy(2));

        List<Instant> times = new ArrayList<>();
        for (int i = 5; i < nodes; i++) {
            knowledge.refusals.clear();
            knowledge.refused(i, SET, new Refusal(now, until));
            times.add(knowledge
                    .calendar(layout, now)
                    .turn(node(i), CERTIFICATE)
                    .orElseThrow()
                    .at());
        }

        assertThat(times)
                .doesNotHaveDuplicates()
                .allMatch(time -> !time.isBefore(until) && time.isBefore(until.plus(SET_INTERVAL.dividedBy(49))));
    }

    @Test
    void afterARefusalTheSecondKindOfKeyCountsWhatTheCaHasCounted() {
        Layout layout = layout(1, site("www.example.org", 1, KeyAlgorithm.RSA));
        Instant until = START.plus(Duration.ofHours(30));
        knowledge.refused(0, SET, new Refusal(START, until));
        knowledge.has(0, CERTIFICATE, until);
        CertificateName second = CertificateName.second(SITE, KeyAlgorithm.RSA);

        assertThat(knowledge
                        .calendar(layout, until)
                        .turn(node(0), second)
                        .orElseThrow()
                        .at())
                .isEqualTo(until.plus(SET_INTERVAL).plus(slackAfter(1)));
    }

    /** The CA had counted an order that is in no plan; the one of a peer that was planned may come again. */
    @Test
    void afterARefusalTheSecondKindOfKeyLeavesATokenToAPeerThatWasNotSeen() {
        Layout layout = layout(2, site("www.example.org", 2, KeyAlgorithm.RSA));
        CertificateName second = CertificateName.second(SITE, KeyAlgorithm.RSA);
        Instant until = START.plus(Duration.ofHours(30));
        knowledge.refused(1, SET, new Refusal(START, until));
        knowledge.self = node(1);
        knowledge.has(1, CERTIFICATE, until);
        knowledge.has(0, CERTIFICATE, START);
        Instant due = until.plus(SET_INTERVAL).plus(slackAfter(3));

        knowledge.has(0, second, START);
        assertThat(turn(layout, second, until)).isEqualTo(due);

        knowledge.missing(0, second, START);
        assertThat(turn(layout, second, until)).isEqualTo(due.plus(SET_INTERVAL));
    }

    private Instant turn(Layout layout, CertificateName certificate, Instant now) {
        return knowledge
                .calendar(layout, now)
                .turn(node(1), certificate)
                .orElseThrow()
                .at();
    }

    @Test
    void withoutRenewalInformationOneIsKeptInReserve() {
        Layout layout = layout(8, site("www.example.org", 8));

        List<Turn> turns =
                knowledge.calendar(layout, RenewalLimit.COUNTED, START).turns();

        assertThat(turns.get(3).at()).isBefore(START.plus(Duration.ofMinutes(13)));
        assertThat(turns.get(4).at()).isEqualTo(START.plus(SET_INTERVAL).plus(slackAfter(4)));
    }

    @Test
    void aRebuiltServerMayTakeTheReserve() {
        Layout layout = layout(5, site("www.example.org", 5));
        IntStream.range(0, 4).forEach(i -> knowledge.has(i, CERTIFICATE, START));
        Instant later = START.plus(Duration.ofHours(25));
        knowledge.missing(4, CERTIFICATE, later);

        assertThat(counted(layout, later)).isEqualTo(later);
    }

    @Test
    void theLastOfAFirstRolloutIsNotARebuiltServer() {
        Layout layout = layout(5, site("www.example.org", 5));
        IntStream.range(0, 4).forEach(i -> knowledge.has(i, CERTIFICATE, START.plusSeconds(60)));

        assertThat(counted(layout, START.plusSeconds(120)))
                .isEqualTo(START.plusSeconds(60).plus(SET_INTERVAL).plus(slackAfter(4)));
    }

    private Instant counted(Layout layout, Instant now) {
        return knowledge
                .calendar(layout, RenewalLimit.COUNTED, now)
                .turn(node(4), CERTIFICATE)
                .orElseThrow()
                .at();
    }

    @Test
    void aRenewalThatCountsWaitsForAToken() {
        Layout layout = layout(5, site("www.example.org", 5));
        IntStream.range(0, 5).forEach(i -> knowledge.has(i, CERTIFICATE, START));
        Calendar calendar = knowledge.calendar(layout, RenewalLimit.COUNTED, START);

        assertThat(calendar.renewal(node(0), CERTIFICATE).at())
                .isEqualTo(START.plus(SET_INTERVAL).plus(slackAfter(5)));
        assertThat(calendar.renewal(node(0), CERTIFICATE).reason())
                .isEqualTo(new Turn.Reason.WithinLimit(SET_LIMIT, "www.example.org"));
        Instant later = START.plus(Duration.ofDays(67));
        assertThat(knowledge
                        .calendar(layout, RenewalLimit.COUNTED, later)
                        .renewal(node(0), CERTIFICATE)
                        .at())
                .isEqualTo(later);
    }

    @Test
    void aCaWithoutLimitsMakesNobodyWait() {
        Layout layout = layout(20, site("www.example.org", 20));

        assertThat(new Calendar(layout, Limits.NONE, DOMAINS, RenewalLimit.COUNTED, knowledge, START).turns())
                .hasSize(20)
                .allMatch(turn -> turn.reason() instanceof Turn.Reason.AtOnce);
    }

    @Test
    void asksOnlyWhatItNeeds() {
        Layout layout = new Layout(
                PlanFixture.nodes(3),
                IntStream.range(0, 100)
                        .mapToObj(i -> site("www.d" + i + ".org", 3))
                        .toList());

        knowledge
                .calendar(layout, START)
                .turn(node(0), layout.sites().getFirst().certificates().getFirst());

        assertThat(knowledge.questions).isEqualTo(3);
    }

    @Test
    void refusesAnUnknownNode() {
        Calendar calendar = knowledge.calendar(layout(2, site("www.example.org", 2)), START);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> calendar.turn(node(2), CERTIFICATE))
                .withMessage("the layout has no www.example.org on n2.example.net");
    }
}
