package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringcert.acme.Authorization;
import org.ringcert.issue.Preflight;
import org.ringcert.store.Postponement;
import org.ringcert.store.Progress;

/** A look at the site before an order may postpone it. */
class PostponedOrderTest extends LookFixture {

    /** Runs passes when they are asked for, until one does not end in a postponement, and returns that. */
    private RenewalResult passUntilOrdered() {
        RenewalResult result = pass();
        while (result instanceof RenewalResult.Postponed) {
            cas.clock.set(result.next());
            result = pass();
        }
        return result;
    }

    @Test
    void aFailingLookPostponesTheOrderAndAsksNothingOfTheCa() throws Exception {
        Instant start = cas.clock.instant();
        cas.renewals().prepareAccounts();
        int calls = cas.first.calls.size();

        assertThat(pass())
                .isEqualTo(
                        new RenewalResult.Postponed(NAME, REASON, in(Duration.ofMinutes(1)), in(Duration.ofHours(1))));

        assertThat(cas.first.calls).hasSize(calls);
        assertThat(cas.progress(TwoCas.FIRST).failure()).isEmpty();
        assertThat(cas.progress(TwoCas.FIRST).failedOrders()).isEmpty();
        assertThat(cas.progress(TwoCas.FIRST).postponement())
                .contains(
                        new Postponement(start, 1, start, in(Duration.ofMinutes(1)), in(Duration.ofHours(1)), REASON));
    }

    @Test
    void nobodyLooksAgainBeforeTheTime() {
        Instant next = postponed().next();
        cas.clock.set(next.minusSeconds(1));

        assertThat(pass()).isInstanceOfSatisfying(RenewalResult.Waiting.class, waiting -> {
            assertThat(waiting.next()).isEqualTo(next);
            assertThat(waiting.pendingWait().causes())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            RenewalWait.BetweenLooks.class,
                            cause -> assertThat(cause.reason()).isEqualTo(REASON));
        });

        assertThat(looks).hasSize(1);
        cas.clock.set(next);
        pass();
        assertThat(looks).hasSize(2);
    }

    @Test
    void aCommandLooksAgainAtOnceWhateverTheTimeOfTheNextLook() throws Exception {
        pass();
        assertThat(cas.renewals().wouldOrder(AT_FIRST, RenewalMode.DUE_BEFORE_NEXT_RUN))
                .isTrue();

        assertThat(cas.pass(AT_FIRST, RenewalMode.DUE_BEFORE_NEXT_RUN)).isInstanceOf(RenewalResult.Postponed.class);
        assertThat(looks).hasSize(2);
        seeThatAllIsWell();

        assertThat(cas.pass(AT_FIRST, RenewalMode.DUE_BEFORE_NEXT_RUN)).isInstanceOf(RenewalResult.Renewed.class);
    }

    @Test
    void aCommandKeepsToTheBackOffAfterAFailureEvenIfALookWasLater() throws Exception {
        seeThatAllIsWell();
        cas.first.beforeCall = TwoCas.down();
        pass();
        Progress.Failure failure = cas.progress(TwoCas.FIRST).failure().orElseThrow();
        cas.fixture.store.saveProgress(
                NAME, Progress.NONE.with(cas.progress(TwoCas.FIRST).withPostponement(Optional.of(earlier()))));

        RenewalResult result = cas.pass(AT_FIRST, RenewalMode.DUE_BEFORE_NEXT_RUN);

        assertThat(result).isInstanceOfSatisfying(RenewalResult.Waiting.class, waiting -> {
            assertThat(waiting.next()).isEqualTo(failure.nextAttempt());
            assertThat(waiting.pendingWait().causes()).singleElement().isInstanceOf(RenewalWait.AfterFailure.class);
        });
    }

    @Test
    void looksAreMinutesApartAndTheOrderIsMadeAfterExactlyAnHour() {
        Instant start = cas.clock.instant();
        List<Long> minutes = new ArrayList<>();
        cas.first.beforeCall = call -> {
            if (call.startsWith("newOrder")) {
                minutes.add(Duration.between(start, cas.clock.instant()).toMinutes());
            }
        };

        assertThat(passUntilOrdered()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(minutes).containsExactly(60L);
        assertThat(looks).as("at 0, 1, 3, 8, ..., 58 and 60 minutes").hasSize(15);
        assertThat(warnings()).singleElement().asString().contains(REASON, "since 2026-11-23T10:15:00Z");
    }

    @Test
    void anOrderIsMadeAsSoonAsALookSucceeds() throws Exception {
        cas.clock.set(postponed().next());
        seeThatAllIsWell();

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(warnings()).isEmpty();
        assertThat(cas.progress(TwoCas.FIRST).postponement()).isEmpty();
    }

    @Test
    void aLookThatSucceedsEndsThePostponementEvenIfTheCaThenFails() throws Exception {
        cas.clock.set(postponed().next());
        seeThatAllIsWell();
        cas.first.beforeCall = TwoCas.down();

        RenewalResult failed = pass();

        assertThat(failed).isInstanceOf(RenewalResult.Failed.class);
        assertThat(cas.progress(TwoCas.FIRST).postponement()).isEmpty();
        see(FAILING);
        cas.clock.set(failed.next());
        assertThat(postponed().orderAt()).as("a new hour").isEqualTo(in(Duration.ofHours(1)));
    }

    @Test
    void aCertificateThatLivesForADayWaitsForASixtiethOfIt() {
        seeThatAllIsWell();
        cas.first.lifetime = Duration.ofHours(24);
        Instant renewal = pass().next();
        cas.clock.set(renewal);
        see(FAILING);

        RenewalResult.Postponed postponed = postponed();
        cas.clock.set(postponed.next());

        assertThat(postponed.orderAt()).isEqualTo(renewal.plus(Duration.ofMinutes(24)));
        assertThat(passUntilOrdered()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(cas.clock.instant()).isEqualTo(postponed.orderAt());
    }

    @Test
    void aCertificateThatLivesFor160HoursWaitsForAnHour() {
        seeThatAllIsWell();
        cas.first.lifetime = Duration.ofHours(160);
        cas.clock.set(pass().next());
        see(FAILING);

        assertThat(postponed().orderAt()).isEqualTo(in(Duration.ofHours(1)));
    }

    @Test
    void aRestartDoesNotBeginTheHourAgain() {
        Instant orderAt = postponed().orderAt();
        cas.clock.move(Duration.ofMinutes(30));
        cas.restart();
        assertThat(postponed().orderAt()).isEqualTo(orderAt);
        cas.clock.set(orderAt);
        cas.restart();

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
    }

    @Test
    void aClockThatIsSetBackBeginsTheHourAgain() {
        pass();
        cas.clock.move(Duration.ofDays(-1));

        assertThat(postponed().orderAt()).isEqualTo(in(Duration.ofHours(1)));
    }

    @Test
    void theNextOrderAfterAFailedOneIsPostponedForAnotherHour() throws Exception {
        cas.first.validationResult = _ -> Authorization.Status.INVALID;
        RenewalResult failed = passUntilOrdered();
        assertThat(failed).isInstanceOf(RenewalResult.Failed.class);
        assertThat(orders()).isEqualTo(1);
        assertThat(cas.progress(TwoCas.FIRST).postponement()).isEmpty();

        cas.clock.set(failed.next());

        assertThat(postponed().orderAt()).isEqualTo(in(Duration.ofHours(1)));
        assertThat(orders()).isEqualTo(1);
        assertThat(cas.progress(TwoCas.FIRST).failure().map(Progress.Failure::count))
                .contains(1);
    }

    @Test
    void ifTheCaIsDownWhenTheHourIsOverTheNextAttemptIsNotPostponed() {
        cas.renewals().prepareAccounts();
        cas.first.beforeCall = TwoCas.down();
        RenewalResult failed = passUntilOrdered();
        assertThat(failed).isInstanceOf(RenewalResult.Failed.class);
        cas.first.beforeCall = _ -> {};

        cas.clock.set(failed.next());

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
    }

    @Test
    void aFailingLookIsNoReasonToAskAnotherCa() throws Exception {
        Instant end = in(Duration.ofMinutes(59));

        while (cas.clock.instant().isBefore(end)) {
            RenewalResult result = cas.pass();
            assertThat(result).isInstanceOf(RenewalResult.Postponed.class);
            cas.clock.set(result.next());
        }

        assertThat(looks).containsOnly(TwoCas.FIRST);
        assertThat(cas.second.count("newOrder")).isZero();
        assertThat(cas.fallbacks()).isEmpty();
    }

    @Test
    void whileTheFirstCaIsDownTheSecondIsAskedAfterALookForItself() throws Exception {
        seeThatAllIsWell();
        cas.letTheFirstCaFailForAnHour();
        looks.clear();
        see((_, source) -> source.directory().equals(TwoCas.SECOND)
                ? new Preflight.Result.Proceed()
                : new Preflight.Result.Postpone(REASON));

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
    }

    @Test
    void anOutageOfTheFirstCaIsNotForgottenBecauseOfALook() throws Exception {
        seeThatAllIsWell();
        cas.renewals().prepareAccounts();
        cas.letTheFirstCaFailForAnHour();
        see(FAILING);
        cas.clock.set(cas.progress(TwoCas.FIRST).failure().orElseThrow().nextAttempt());

        RenewalResult result = cas.pass();

        assertThat(result)
                .isInstanceOfSatisfying(
                        RenewalResult.Failed.class,
                        failed -> assertThat(failed.reason()).isEqualTo(REASON));
        assertThat(cas.progress(TwoCas.FIRST).failure().orElseThrow().outage()).isPresent();
        assertThat(cas.progress(TwoCas.FIRST).postponement()).isPresent();
        assertThat(cas.progress(TwoCas.SECOND).postponement()).isPresent();
        assertThat(cas.second.count("newOrder")).isZero();
    }

    @Test
    void thePlanNamesThePostponement() throws Exception {
        pass();

        RenewalPlan plan = cas.renewals().plan(AT_FIRST, RenewalMode.DUE_ONLY);

        assertThat(plan.source()).isEmpty();
        assertThat(plan.pendingWait().orElseThrow().causes())
                .singleElement()
                .isInstanceOf(RenewalWait.BetweenLooks.class);
        assertThat(cas.renewals().wouldOrder(AT_FIRST, RenewalMode.DUE_ONLY)).isFalse();
        assertThat(cas.renewals().wouldOrder(AT_FIRST, RenewalMode.FORCE)).isTrue();
    }

    @Test
    void clearingTheBackOffEndsThePostponement() throws Exception {
        pass();

        cas.renewals().clearBackOff(NAME);

        assertThat(cas.progress(TwoCas.FIRST).postponement()).isEmpty();
        seeThatAllIsWell();
        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);
    }

    @Test
    void aSiteThatIsNoLongerDueForgetsThePostponement() throws Exception {
        seeThatAllIsWell();
        RenewalResult renewed = pass();
        cas.clock.set(renewed.next().minusSeconds(1));
        cas.fixture.store.saveProgress(
                NAME, Progress.NONE.with(Progress.NONE.at(TwoCas.FIRST).withPostponement(Optional.of(earlier()))));

        assertThat(pass()).isInstanceOf(RenewalResult.NotDue.class);

        assertThat(cas.progress(TwoCas.FIRST)).isEqualTo(Progress.NONE.at(TwoCas.FIRST));
    }

    private Postponement earlier() {
        Instant time = cas.clock.instant().minusSeconds(10);
        return new Postponement(time, 1, time, time.plusSeconds(60), time.plusSeconds(3600), REASON);
    }
}
