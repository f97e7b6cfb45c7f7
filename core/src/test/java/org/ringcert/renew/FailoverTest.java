package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.acme.AcmeException.Fault;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceOutcome;
import org.ringcert.renew.Due.Urgency;
import org.ringcert.store.FailureKind;
import org.ringcert.store.Progress;
import org.ringcert.store.Progress.Failure;
import org.ringcert.store.Progress.Outage;
import org.ringcert.store.RenewalSchedule;

/** Which CA is asked, judging by what has failed. */
class FailoverTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:15:00Z");
    private static final URI A = URI.create("https://a.example.net/dir");
    private static final URI B = URI.create("https://b.example.net/dir");
    private static final URI C = URI.create("https://c.example.net/dir");
    private static final CertificateSpec SPEC = TwoCas.spec(TwoCas.SITE, A, B, C);

    private static Instant minutes(long fromNow) {
        return NOW.plus(Duration.ofMinutes(fromNow));
    }

    /** A failure that is the CA's, or with no failures of the CA the site's. */
    private static Failure failure(Instant next, Instant since, int failuresOfTheCa, Duration requestedWait) {
        return new Failure(5, minutes(-5), next, "no route")
                .withOutage(
                        failuresOfTheCa == 0
                                ? Optional.empty()
                                : Optional.of(new Outage(since, failuresOfTheCa, requestedWait)));
    }

    private static Failure down() {
        return failure(minutes(40), minutes(-60), 3, Duration.ZERO);
    }

    private static Failure ofTheSite() {
        return failure(minutes(40), NOW, 0, Duration.ZERO);
    }

    private static Progress with(Progress progress, URI ca, Failure failure) {
        return progress.with(progress.at(ca).withFailure(failure));
    }

    private static Progress failedAtA(Failure failure) {
        return with(Progress.NONE, A, failure);
    }

    private static Failover failover(Urgency urgency, Progress progress) {
        return new Failover(SPEC, urgency, progress, NOW);
    }

    private static Optional<URI> choice(Urgency urgency, Progress progress, URI... asked) {
        return failover(urgency, progress)
                .choose(RenewalMode.DUE_ONLY, Set.of(asked))
                .map(choice -> choice.source().directory());
    }

    /** What a CA has refused a minute ago, with a Retry-After. */
    private static Progress refused(FailureKind kind, Duration retryAfter) {
        return ProgressAfterFailure.failed(
                Progress.NONE,
                A,
                new IssuanceOutcome.Failed("status 503", Optional.of(retryAfter), Fault.CA, kind),
                RenewalMode.DUE_ONLY,
                minutes(-1));
    }

    private static Instant nextChance(Due due, Progress progress) {
        CertificateSpec onlyA = TwoCas.spec(TwoCas.SITE, A);
        return Failover.of(onlyA, due, Optional.empty(), RenewalSchedule.UNKNOWN, progress, NOW)
                .nextChance();
    }

    @Test
    void aServerErrorForDaysCountsAsAnHourForASiteWithoutAGoodCertificate() {
        Due urgent = new Due.Now("there is no certificate yet", Urgency.URGENT);
        Due canWait = new Due.Now("a third is left", Urgency.CAN_WAIT);
        Progress days = refused(FailureKind.UNREACHABLE, Duration.ofDays(7));

        assertThat(nextChance(urgent, days)).isEqualTo(minutes(59));
        assertThat(nextChance(canWait, days)).isEqualTo(minutes(-1).plus(Duration.ofDays(7)));
        assertThat(nextChance(urgent, refused(FailureKind.UNREACHABLE, Duration.ofHours(23))))
                .isEqualTo(minutes(-1).plus(Duration.ofHours(23)));
        assertThat(nextChance(urgent, refused(FailureKind.RATE_LIMITED, Duration.ofDays(7))))
                .as("a limit is obeyed")
                .isEqualTo(minutes(-1).plus(Duration.ofDays(7)));
    }

    @ParameterizedTest
    @EnumSource
    void asksThePreferredCaIfNothingFailed(Urgency urgency) {
        assertThat(failover(urgency, Progress.NONE).choose(RenewalMode.DUE_ONLY, Set.of()))
                .contains(new Failover.Choice(SPEC.preferredSource(), Optional.empty()));
    }

    @ParameterizedTest
    @EnumSource
    void asksThePreferredCaAgainWhenItsWaitIsOver(Urgency urgency) {
        assertThat(choice(urgency, failedAtA(failure(NOW, minutes(-600), 9, Duration.ZERO))))
                .contains(A);
        assertThat(choice(urgency, failedAtA(failure(NOW.plusNanos(1), minutes(-1), 1, Duration.ZERO))))
                .isEmpty();
    }

    @Test
    void asksTheNextCaOnlyIfTheSiteUrgentlyNeedsACertificate() {
        assertThat(choice(Urgency.URGENT, failedAtA(down()))).contains(B);
        assertThat(choice(Urgency.CAN_WAIT, failedAtA(down()))).isEmpty();
    }

    @Test
    void aCaIsDownAfterThreeFailuresAndAnHour() {
        assertThat(choice(Urgency.URGENT, failedAtA(failure(minutes(9), minutes(-60), 3, Duration.ZERO))))
                .contains(B);
        assertThat(choice(Urgency.URGENT, failedAtA(failure(minutes(9), minutes(-600), 2, Duration.ZERO))))
                .isEmpty();
        assertThat(choice(
                        Urgency.URGENT,
                        failedAtA(failure(minutes(9), minutes(-60).plusSeconds(1), 99, Duration.ZERO))))
                .isEmpty();
    }

    @Test
    void aCaIsDownIfItAsksToWaitLongerThanAnHour() {
        Failure hour = failure(minutes(55), minutes(-5), 1, Duration.ofHours(1));
        Failure more = failure(minutes(56), minutes(-5), 1, Duration.ofHours(1).plusSeconds(1));

        assertThat(choice(Urgency.URGENT, failedAtA(hour))).isEmpty();
        assertThat(choice(Urgency.URGENT, failedAtA(more))).contains(B);
        assertThat(choice(Urgency.CAN_WAIT, failedAtA(more))).isEmpty();
    }

    @Test
    void noOtherCaIsAskedForAFailureOfTheSiteOrACertificateThatWasDueWhenIssued() {
        assertThat(choice(Urgency.URGENT, failedAtA(ofTheSite()))).isEmpty();
        assertThat(choice(
                        Urgency.URGENT,
                        failedAtA(Failure.dueWhenIssued(9, minutes(-600), minutes(40), "due when issued"))))
                .isEmpty();
    }

    @Test
    void eachCaIsSkippedForItsOwnFailuresOnly() {
        Progress both = with(failedAtA(down()), B, down());

        assertThat(choice(Urgency.URGENT, both)).contains(C);
        assertThat(choice(Urgency.URGENT, with(failedAtA(down()), B, ofTheSite())))
                .isEmpty();
        assertThat(choice(Urgency.URGENT, with(both, C, down()))).isEmpty();
        assertThat(choice(Urgency.URGENT, with(Progress.NONE, B, down()))).contains(A);
    }

    @Test
    void noCaIsAskedTwiceInOneAttempt() {
        Failure over = failure(NOW, minutes(-600), 3, Duration.ZERO);
        Progress both = with(failedAtA(over), B, over);

        assertThat(choice(Urgency.URGENT, both)).contains(A);
        assertThat(choice(Urgency.URGENT, both, A)).contains(B);
        assertThat(choice(Urgency.CAN_WAIT, both, A)).isEmpty();
        assertThat(choice(Urgency.URGENT, with(both, C, over), A, B, C)).isEmpty();
    }

    @Test
    void aForcedAttemptDoesNotWaitButAsksInTheSameOrder() {
        Progress both = with(failedAtA(down()), B, down());
        Failover failover = failover(Urgency.URGENT, both);

        assertThat(failover.choose(RenewalMode.FORCE, Set.of()).orElseThrow().source())
                .isEqualTo(SPEC.sources().getFirst());
        assertThat(failover.choose(RenewalMode.FORCE, Set.of(A)).orElseThrow().source())
                .isEqualTo(SPEC.sources().get(1));
        assertThat(failover(Urgency.CAN_WAIT, both).choose(RenewalMode.FORCE, Set.of(A)))
                .isEmpty();
        assertThat(failover(Urgency.URGENT, failedAtA(ofTheSite())).choose(RenewalMode.FORCE, Set.of(A)))
                .isEmpty();
    }

    @Test
    void theReasonNamesTheCaBeforeAndItsFailure() {
        assertThat(reason(down())).contains("has failed since " + minutes(-60) + ": no route");
        assertThat(reason(failure(minutes(600), minutes(-5), 1, Duration.ofHours(10))))
                .contains("is not asked again before " + minutes(600) + ": no route");
    }

    private static Optional<String> reason(Failure failure) {
        return failover(Urgency.URGENT, failedAtA(failure))
                .choose(RenewalMode.DUE_ONLY, Set.of())
                .orElseThrow()
                .fallback()
                .map(Fallback::reason);
    }

    @Test
    void theNextChanceIsTheEndOfTheFirstWait() {
        Failure early = failure(minutes(10), minutes(-600), 3, Duration.ZERO);

        assertThat(failover(Urgency.CAN_WAIT, with(failedAtA(down()), B, early)).nextChance())
                .as("the second CA is not asked anyway")
                .isEqualTo(minutes(40));
        assertThat(failover(Urgency.URGENT, with(with(failedAtA(down()), B, early), C, down()))
                        .nextChance())
                .isEqualTo(minutes(10));
        assertThat(failover(Urgency.URGENT, failedAtA(ofTheSite())).nextChance())
                .isEqualTo(minutes(40));
    }

    @Test
    void theNextChanceMayBeTheTimeWhenTheCaCountsAsDown() {
        Failure nearlyDown = failure(minutes(40), minutes(-51), 3, Duration.ZERO);

        assertThat(failover(Urgency.URGENT, failedAtA(nearlyDown)).nextChance()).isEqualTo(minutes(9));
        assertThat(failover(Urgency.CAN_WAIT, failedAtA(nearlyDown)).nextChance())
                .isEqualTo(minutes(40));
        assertThat(new Failover(TwoCas.spec(TwoCas.SITE, A), Urgency.URGENT, failedAtA(nearlyDown), NOW).nextChance())
                .as("there is no other CA")
                .isEqualTo(minutes(40));
        assertThat(failover(Urgency.URGENT, failedAtA(down())).nextChance())
                .as("the second CA has not been asked yet")
                .isEqualTo(NOW);
    }

    @Test
    void theNextChanceIsNoTimeAtWhichTheSecondCaStillWaits() {
        Failure nearlyDown = failure(minutes(40), minutes(-51), 3, Duration.ZERO);
        Progress progress = with(failedAtA(nearlyDown), B, failure(minutes(30), minutes(-1), 1, Duration.ZERO));

        assertThat(failover(Urgency.URGENT, progress).nextChance()).isEqualTo(minutes(30));
    }

    @Test
    void aWaitNamesEachCaThatFailedAndTheOneThatMayBeAskedFirst() {
        Failure nearlyDown = failure(minutes(40), minutes(-51), 3, Duration.ZERO);
        Failure failureAtB = failure(minutes(30), minutes(-1), 1, Duration.ZERO);

        assertThat(failover(Urgency.URGENT, with(failedAtA(nearlyDown), B, failureAtB))
                        .pendingWait())
                .isEqualTo(new RenewalWait(
                        List.of(
                                new RenewalWait.AfterFailure(Optional.of(A), nearlyDown),
                                new RenewalWait.AfterFailure(Optional.of(B), failureAtB)),
                        Optional.of(B),
                        minutes(30)));
        assertThat(failover(Urgency.URGENT, failedAtA(nearlyDown)).pendingWait())
                .isEqualTo(new RenewalWait(
                        List.of(new RenewalWait.AfterFailure(Optional.of(A), nearlyDown)), Optional.of(B), minutes(9)));
    }
}
