package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.acme.Authorization;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.issue.Preflight;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Postponement;
import org.ringcert.store.Progress;
import org.ringcert.store.StoreException;

/** A look at the site before an order may postpone it. */
class PostponedOrderTest {

    private static final String REASON = "www.example.org leads to a server that does not answer. Open port 80.";
    private static final Preflight FAILING = (_, _) -> new Preflight.Result.Postpone(REASON);
    private static final CertificateSpec AT_FIRST = TwoCas.spec(TwoCas.SITE, TwoCas.FIRST);
    private static final CertificateName NAME = CertificateName.first(TwoCas.SITE.name());

    @TempDir
    private Path directory;

    private TwoCas cas;
    private final List<URI> looks = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws StoreException {
        cas = new TwoCas(directory);
        see(FAILING);
    }

    /** From now on looks see this. */
    private void see(Preflight preflight) {
        cas.fixture.preflight = (spec, source) -> {
            looks.add(source.directory());
            return preflight.look(spec, source);
        };
    }

    private void seeThatAllIsWell() {
        see(Preflight.NONE);
    }

    private RenewalResult pass() {
        return cas.pass(AT_FIRST, RenewalMode.DUE_ONLY);
    }

    private RenewalResult.Postponed postponed() {
        return (RenewalResult.Postponed) pass();
    }

    /** Runs passes when they are asked for, until one does not end in a postponement, and returns that. */
    private RenewalResult passUntilOrdered() {
        RenewalResult result = pass();
        while (result instanceof RenewalResult.Postponed) {
            cas.clock.set(result.next());
            result = pass();
        }
        return result;
    }

    private long orders() {
        return cas.first.count("newOrder");
    }

    private List<String> warnings() {
        return cas.fixture.events.stream()
                .filter(IssuanceEvent.ValidationDoubtful.class::isInstance)
                .map(event -> ((IssuanceEvent.ValidationDoubtful) event).warning())
                .toList();
    }

    private Instant in(Duration time) {
        return cas.clock.instant().plus(time);
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
    void theFailureBudgetHoldsAfterTheHourAndNobodyLooksInVain() {
        cas.first.validationResult = _ -> Authorization.Status.INVALID;
        for (int i = 0; i < 4; i++) {
            cas.pass(AT_FIRST, RenewalMode.FORCE);
        }
        assertThat(orders()).isEqualTo(4);
        assertThat(looks).hasSize(4);

        assertThat(cas.pass(AT_FIRST, RenewalMode.FORCE)).isInstanceOf(RenewalResult.Failed.class);

        assertThat(orders()).isEqualTo(4);
        assertThat(looks).hasSize(4);
    }

    @Test
    void forceLooksWarnsAndOrders() {
        pass();

        assertThat(cas.pass(AT_FIRST, RenewalMode.FORCE)).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(looks).hasSize(2);
        assertThat(warnings()).singleElement().asString().contains(REASON, "as requested");
    }

    @Test
    void aWarningDoesNotPostpone() {
        see((_, _) -> new Preflight.Result.ProceedWithWarning("It looks bad."));

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(warnings()).containsExactly("It looks bad.");
    }

    @Test
    void aBugInTheLookDoesNotPreventTheOrder() {
        see((_, _) -> {
            throw new IllegalStateException("unexpected");
        });

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(warnings()).singleElement().asString().contains("a bug", "unexpected");
    }

    @Test
    void aPendingOrderIsResumedWithoutALook() {
        seeThatAllIsWell();
        cas.first.beforeCall = call -> {
            if (call.startsWith("finalize")) {
                throw new IllegalStateException("a crash");
            }
        };
        RenewalResult failed = pass();
        cas.first.beforeCall = _ -> {};
        see(FAILING);
        looks.clear();
        cas.clock.set(failed.next());

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(looks).isEmpty();
        assertThat(orders()).isEqualTo(1);
    }

    @Test
    void aPendingOrderThatCannotBeUsedAnyMoreIsReplacedOnlyAfterALook() {
        seeThatAllIsWell();
        cas.first.beforeCall = call -> {
            if (call.startsWith("finalize")) {
                throw new IllegalStateException("a crash");
            }
        };
        RenewalResult failed = pass();
        cas.first.beforeCall = _ -> {};
        cas.fixture.events.stream()
                .filter(IssuanceEvent.Ordered.class::isInstance)
                .forEach(event -> cas.first.forget(((IssuanceEvent.Ordered) event).order()));
        see(FAILING);
        cas.clock.set(failed.next());

        assertThat(pass()).isInstanceOf(RenewalResult.Postponed.class);

        assertThat(orders()).isEqualTo(1);
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

    @Test
    void aDiskThatIsFullIsAFailureOfTheStoreAndNotALook() throws Exception {
        Files.createDirectories(directory.resolve("store/orders/.tmp-www.example.org.json/in the way"));

        assertThat(pass()).isInstanceOf(RenewalResult.Failed.class);

        assertThat(looks).isEmpty();
        assertThat(orders()).isZero();
    }

    @Test
    void anInterruptDuringTheLookLeavesNothingBehind() throws Exception {
        see((_, _) -> {
            Thread.currentThread().interrupt();
            return new Preflight.Result.Postpone(REASON);
        });

        RenewalResult result = cas.renewer().renew(AT_FIRST, RenewalMode.DUE_ONLY);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(result).isInstanceOf(RenewalResult.Interrupted.class);
        assertThat(cas.progress(TwoCas.FIRST).postponement()).isEmpty();
    }
}
