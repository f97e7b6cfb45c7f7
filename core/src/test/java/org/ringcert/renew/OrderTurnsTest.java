package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.RateLimitSubject;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.issue.CaFaults;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.CertificateSpec.Source;
import org.ringcert.issue.FakeCa;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.issue.IssuerFixture;
import org.ringcert.issue.ManualClock;
import org.ringcert.pki.KeyType;
import org.ringcert.plan.Limit;
import org.ringcert.plan.LimitKind;
import org.ringcert.plan.Turn;
import org.ringcert.store.PendingTurn;
import org.ringcert.store.Progress;

/** Tests how orders wait for their turn within a CA's limits. */
class OrderTurnsTest {

    private static final CertificateSpec SPEC = IssuerFixture.SPEC;
    private static final CertificateSpec AT_TWO = TwoCas.spec(SPEC.site(), TwoCas.FIRST, TwoCas.SECOND);
    private static final Limit FIVE = new Limit(
            LimitKind.CERTIFICATES_PER_NAME_SET, 5, Duration.ofHours(33).plusMinutes(36));
    private static final Turn.Reason WITHIN_FIVE = new Turn.Reason.WithinLimit(FIVE, "www.example.org");
    private static final Turn.Reason AFTER_WEB0 = new Turn.Reason.AfterFirst(new HostName("web0.example.org"));

    @TempDir
    private Path folder;

    private IssuerFixture fixture;
    private ManualClock clock;
    private FakeCa second;
    private FakeTurns turns;
    private Renewals renewals;

    /** Turns that the test decides, for orders at the first CA. */
    private static final class FakeTurns implements OrderTurns {
        Optional<Instant> at = Optional.empty();
        Turn.Reason reason = WITHIN_FIVE;
        int asked;
        final List<RateLimitSubject> refusals = new ArrayList<>();

        @Override
        public Optional<Turn> pendingTurn(CertificateSpec spec, Source source, Instant now) {
            asked++;
            return source.directory().equals(TwoCas.FIRST)
                    ? at.map(time -> new Turn(new HostName("web5.example.org"), spec.name(), time, reason))
                    : Optional.empty();
        }

        @Override
        public void onRefusal(
                CertificateSpec spec,
                Source source,
                RateLimitSubject subject,
                Instant now,
                Instant until,
                String words) {
            refusals.add(subject);
        }
    }

    @BeforeEach
    void start() throws Exception {
        fixture = new IssuerFixture(folder);
        clock = fixture.clock;
        second = new FakeCa(clock, TwoCas.SECOND);
        turns = new FakeTurns();
        restart();
    }

    private void restart() {
        renewals = new Renewals(
                fixture.store,
                List.of(fixture.issuer, fixture.issuer(second, Optional.empty())),
                fixture.recorder(),
                CanaryView.NONE,
                turns,
                _ -> Map.of(),
                _ -> Optional.empty(),
                clock,
                new SecureRandom());
    }

    private RenewalResult pass() {
        return pass(RenewalMode.DUE_ONLY);
    }

    private RenewalResult pass(RenewalMode mode) {
        return renewals.pass(List.of(SPEC), mode).getFirst();
    }

    private Instant in(Duration duration) {
        return clock.instant().plus(duration);
    }

    private static PendingTurn turn(RenewalResult result) {
        return ((RenewalWait.ForTurn)
                        ((RenewalResult.Waiting) result).pendingWait().causes().getFirst())
                .turn();
    }

    @Test
    void anOrderWaitsForItsTurnAndAsksNothingOfTheCa() throws Exception {
        Instant at = in(Duration.ofHours(40));
        turns.at = Optional.of(at);

        RenewalResult waiting = pass();

        assertThat(turn(waiting).at()).isEqualTo(at);
        assertThat(turn(waiting).reason())
                .isEqualTo("the CA issues 5 certificates for the same names at once, then another every 33 hours"
                        + " 36 minutes");
        assertThat(waiting.next()).isEqualTo(at);
        assertThat(((RenewalResult.Waiting) waiting).pendingWait().isPlanned()).isTrue();
        assertThat(fixture.ca.count("newOrder")).isZero();
        assertThat(pass()).isEqualTo(waiting);
        assertThat(turns.asked).isEqualTo(1);
    }

    @Test
    void isDecidedAgainWhenTheTurnHasCome() {
        turns.at = Optional.of(in(Duration.ofHours(40)));
        pass();
        clock.move(Duration.ofHours(40));
        turns.at = Optional.of(in(Duration.ofHours(3)));

        assertThat(turn(pass()).at()).isEqualTo(in(Duration.ofHours(3)));
        clock.move(Duration.ofHours(3));
        turns.at = Optional.empty();

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
    }

    @Test
    void theFirstNodeIsLookedAtEveryMinute() {
        turns.reason = AFTER_WEB0;
        turns.at = Optional.of(in(Duration.ofMinutes(13)));

        for (int minute = 0; minute < 3; minute++) {
            RenewalResult waiting = pass();
            assertThat(turn(waiting).reason()).contains("web0.example.org orders these names first");
            assertThat(waiting.next()).isEqualTo(in(Duration.ofMinutes(1)));
            clock.move(Duration.ofMinutes(1));
        }

        assertThat(turns.asked).isEqualTo(3);
        turns.at = Optional.empty();
        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
    }

    @Test
    void theLastLookAtTheFirstNodeIsAtTheTurn() {
        turns.reason = AFTER_WEB0;
        turns.at = Optional.of(in(Duration.ofSeconds(20)));

        assertThat(pass().next()).isEqualTo(in(Duration.ofSeconds(20)));
    }

    @Test
    void statusAndDryRunUseTheTurnThatWasDecidedLast() throws Exception {
        Instant at = in(Duration.ofHours(40));
        turns.at = Optional.of(at);
        pass();

        RenewalPlan plan = RenewalPlan.of(SPEC, fixture.store, RenewalMode.DUE_BEFORE_NEXT_RUN, clock.instant());

        assertThat(plan.source()).isEmpty();
        assertThat(plan.next()).isEqualTo(at);
        assertThat(plan.pendingWait().orElseThrow().causes()).singleElement().isInstanceOf(RenewalWait.ForTurn.class);
        assertThat(turns.asked).isEqualTo(1);
    }

    @Test
    void aNewProcessDecidesAgain() {
        turns.at = Optional.of(in(Duration.ofHours(40)));
        pass();

        restart();
        turns.at = Optional.of(in(Duration.ofHours(30)));

        assertThat(turn(pass()).at()).isEqualTo(in(Duration.ofHours(30)));
    }

    @Test
    void aCommandDecidesAgainAtEachRun() throws Exception {
        turns.at = Optional.of(in(Duration.ofHours(40)));
        pass(RenewalMode.DUE_BEFORE_NEXT_RUN);

        assertThat(renewals.wouldOrder(SPEC, RenewalMode.DUE_BEFORE_NEXT_RUN)).isTrue();
        turns.at = Optional.empty();

        assertThat(pass(RenewalMode.DUE_BEFORE_NEXT_RUN)).isInstanceOf(RenewalResult.Renewed.class);
    }

    @Test
    void otherNamesHaveAnotherTurn() {
        turns.at = Optional.of(in(Duration.ofHours(40)));
        pass();
        turns.at = Optional.empty();
        CertificateSpec changed = IssuerFixture.spec(
                new Site(List.of(IssuerFixture.WWW, new HostName("new.example.org"))), KeyType.EC256, Optional.empty());

        assertThat(renewals.pass(List.of(changed), RenewalMode.DUE_ONLY))
                .singleElement()
                .isInstanceOf(RenewalResult.Renewed.class);
    }

    @Test
    void aPersonWhoDoesNotWaitIsWarned() {
        Instant at = in(Duration.ofHours(40));
        turns.at = Optional.of(at);

        assertThat(pass(RenewalMode.FORCE)).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(fixture.events)
                .filteredOn(IssuanceEvent.OrderedBeforeTurn.class::isInstance)
                .singleElement()
                .isEqualTo(new IssuanceEvent.OrderedBeforeTurn(TwoCas.FIRST, at, TurnReasons.describe(WITHIN_FIVE)));
    }

    @Test
    void aPersonWhoWantsACertificateNowMayLetItTakeItsTurn() throws Exception {
        Instant at = in(Duration.ofHours(40));
        turns.at = Optional.of(at);

        assertThat(turn(pass(RenewalMode.FORCE_IN_TURN)).at()).isEqualTo(at);
        assertThat(fixture.ca.count("newOrder")).isZero();
        assertThat(fixture.progress().turn()).isPresent();
        turns.at = Optional.empty();

        assertThat(pass(RenewalMode.FORCE_IN_TURN)).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(pass(RenewalMode.FORCE_IN_TURN)).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(fixture.events).noneMatch(IssuanceEvent.OrderedBeforeTurn.class::isInstance);
    }

    @Test
    void anOrderThatIsPendingAtTheCaIsContinuedAtOnce() {
        fixture.ca.beforeCall = CaFaults.failOn("finalize", Kind.UNREACHABLE);
        assertThat(pass()).isInstanceOf(RenewalResult.Failed.class);
        fixture.ca.beforeCall = _ -> {};
        turns.at = Optional.of(in(Duration.ofHours(40)));
        clock.move(Duration.ofMinutes(10));

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(fixture.ca.count("newOrder")).isEqualTo(1);
    }

    @Test
    void anUrgentCertificateIsOrderedFromTheNextCaIfItsTurnIsMoreThanAnHourAway() {
        turns.at = Optional.of(in(Duration.ofMinutes(61)));

        RenewalResult result =
                renewals.pass(List.of(AT_TWO), RenewalMode.DUE_ONLY).getFirst();

        assertThat(result).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(fixture.ca.count("newOrder")).isZero();
        assertThat(second.count("newOrder")).isEqualTo(1);
        assertThat(fixture.events)
                .filteredOn(IssuanceEvent.FallsBack.class::isInstance)
                .singleElement()
                .satisfies(event -> assertThat(((IssuanceEvent.FallsBack) event).reason())
                        .startsWith("is not asked again before ")
                        .contains("the CA issues 5 certificates"));
    }

    @Test
    void aTurnWithinAnHourIsAwaited() {
        turns.at = Optional.of(in(Duration.ofMinutes(60)));

        assertThat(renewals.pass(List.of(AT_TWO), RenewalMode.DUE_ONLY))
                .singleElement()
                .isInstanceOf(RenewalResult.Waiting.class);
        assertThat(second.count("newOrder")).isZero();
    }

    @Test
    void aRefusalIsObeyedExactlyOverRestartsAndCostsNothing() throws Exception {
        fixture.ca.beforeCall = TwoCas.failing(Kind.RATE_LIMITED, Optional.of(Duration.ofHours(34)));
        Instant until = in(Duration.ofHours(34));

        RenewalResult refused = pass();

        assertThat(refused.next()).isEqualTo(until);
        assertThat(((RenewalResult.Waiting) refused).pendingWait().isPlanned()).isFalse();
        assertThat(turns.refusals).containsExactly(new RateLimitSubject.ExactNames());
        assertThat(fixture.progress().failure()).isEmpty();
        fixture.ca.beforeCall = _ -> {};
        restart();
        clock.set(until.minusSeconds(1));
        long asked = fixture.ca.calls.size();
        assertThat(pass()).isEqualTo(refused);
        assertThat(pass(RenewalMode.DUE_BEFORE_NEXT_RUN)).isEqualTo(refused);
        assertThat(fixture.ca.calls).hasSize((int) asked);
        clock.set(until);

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(fixture.store.progress(SPEC.name()).authorities()).isEmpty();
    }

    @Test
    void reloadsDoNotEndARefusal() throws Exception {
        fixture.ca.beforeCall = TwoCas.failing(Kind.RATE_LIMITED, Optional.of(Duration.ofHours(34)));
        RenewalResult refused = pass();

        renewals.clearBackOff(SPEC.name());

        assertThat(pass()).isEqualTo(refused);
    }

    @Test
    void reloadsEndAPlannedWait() throws Exception {
        turns.at = Optional.of(in(Duration.ofHours(40)));
        pass();
        turns.at = Optional.empty();

        renewals.clearBackOff(SPEC.name());

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
    }

    @Test
    void aTurnFromTheFutureIsForgotten() throws Exception {
        turns.at = Optional.of(in(Duration.ofHours(40)));
        pass();

        clock.move(Duration.ofDays(-3));

        assertThat(fixture.store.progress(SPEC.name())).isEqualTo(Progress.NONE);
    }

    @Test
    void eachReasonIsSaidInWords() {
        Map<LimitKind, String> words = Stream.of(LimitKind.values())
                .collect(Collectors.toMap(
                        Function.identity(),
                        kind -> TurnReasons.describe(new Turn.Reason.WithinLimit(
                                new Limit(kind, 1, Duration.ofSeconds(36)), "example.org"))));

        assertThat(words.values())
                .allSatisfy(text -> assertThat(text).startsWith("the CA ").endsWith(" another every 36 seconds"));
        assertThat(words.get(LimitKind.CERTIFICATES_PER_REGISTERED_DOMAIN))
                .contains("1 certificate with new names for example.org");
        assertThat(TurnReasons.describe(new Turn.Reason.AtOnce())).isEqualTo("nothing prevents it");
        assertThat(TurnReasons.describe(new Turn.Reason.AfterRefusal())).startsWith("the CA has refused");
    }
}
