package org.ringcert.renew;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.ringcert.issue.BackOff;
import org.ringcert.issue.IssuanceOutcome;
import org.ringcert.store.FailureKind;
import org.ringcert.store.Progress;
import org.ringcert.store.Progress.Failure;
import org.ringcert.store.Progress.Tally;

/**
 * Returns the progress of a certificate after an attempt to renew it that failed: what has happened, and when the next
 * attempt may be made at that CA. Without side effects.
 */
public final class ProgressAfterFailure {

    private ProgressAfterFailure() {}

    /**
     * Returns the progress after an attempt that led to no certificate.
     *
     * @param directory the URL of the directory of the CA that was asked
     * @param mode of the pass that made the attempt
     * @param now when it failed
     */
    public static Progress failed(
            Progress progress, URI directory, IssuanceOutcome.Failed failure, RenewalMode mode, Instant now) {
        Optional<Failure> latest = progress.at(directory).failure();
        Optional<Failure> previous = latest.filter(failed -> !failed.certificateIssued());
        if (!mode.isForced()) {
            return with(progress, directory, oneMore(previous, failure, now));
        }
        return with(
                progress,
                directory,
                latest.filter(wait -> wait.isWaiting(now)).isPresent()
                        ? afterForcedAttempt(latest.get(), failure, now)
                        : afterForcedAttempt(previous, failure, now));
    }

    private static Failure oneMore(Optional<Failure> previous, IssuanceOutcome.Failed failure, Instant now) {
        Tally tally = previous.map(Failure::tally).orElse(Tally.NONE).with(failure.kind());
        int times = previous.map(Failure::count).orElse(0) + 1;
        Instant next = BackOff.next(tally, failure.retryAfter(), now);
        return failure(times, tally, next, previous, failure, now);
    }

    /** Keeps the wait that was pending. Only one that the CA asks for may be longer. */
    private static Failure afterForcedAttempt(Failure pending, IssuanceOutcome.Failed failure, Instant now) {
        if (pending.certificateIssued()) {
            return pending;
        }
        Instant requested = BackOff.next(Duration.ZERO, failure.retryAfter(), now);
        Instant next = pending.nextAttempt().isAfter(requested) ? pending.nextAttempt() : requested;
        return failure(pending.count(), pending.tally(), next, Optional.of(pending), failure, now);
    }

    /** Waits as after a first failure, because the attempts before it have been waited for already. */
    private static Failure afterForcedAttempt(Optional<Failure> previous, IssuanceOutcome.Failed failure, Instant now) {
        Tally tally = previous.map(Failure::tally).orElse(Tally.NONE.with(failure.kind()));
        Instant next = BackOff.next(Tally.NONE.with(failure.kind()), failure.retryAfter(), now);
        return failure(previous.map(Failure::count).orElse(1), tally, next, previous, failure, now);
    }

    private static Failure failure(
            int count,
            Tally tally,
            Instant next,
            Optional<Failure> previous,
            IssuanceOutcome.Failed latest,
            Instant now) {
        return new Failure(count, now, next, latest.reason(), false, outage(previous, latest, now), tally);
    }

    private static Optional<Progress.Outage> outage(
            Optional<Failure> previous, IssuanceOutcome.Failed failure, Instant now) {
        Duration wait = failure.retryAfter().orElse(Duration.ZERO);
        return switch (failure.fault()) {
            case SITE -> Optional.empty();
            case CA ->
                previous.flatMap(Failure::outage)
                        .map(outage -> outage.next(wait))
                        .or(() -> Optional.of(new Progress.Outage(now, 1, wait)));
        };
    }

    /**
     * Returns the progress after a CA has answered somebody else on this node. If it could not be reached at the last
     * attempt, and has not asked to wait, the wait is over.
     *
     * @param answered when the CA answered
     */
    public static Progress reachable(Progress progress, URI directory, Instant answered, Instant now) {
        return progress.at(directory)
                .failure()
                .filter(failure -> failure.tally().latest() == FailureKind.UNREACHABLE
                        && failure.isWaiting(now)
                        && failure.lastAttempt().isBefore(answered)
                        && failure.outage()
                                .map(Progress.Outage::requestedWait)
                                .filter(Duration::isPositive)
                                .isEmpty())
                .map(failure -> with(progress, directory, failure.withNextAttempt(now)))
                .orElse(progress);
    }

    /**
     * Returns the progress after an attempt that asked nothing of the CA, because it may not be asked before a certain
     * time. Nothing was tried, so the count and the reason of the previous failure are kept.
     */
    public static Progress postponed(
            Progress progress, URI directory, IssuanceOutcome.Postponed postponed, Instant now) {
        Instant earliest =
                BackOff.next(BackOff.COUNTED.delay(1), Optional.of(Duration.between(now, postponed.until())), now);
        Failure previous = progress.at(directory).failure().orElse(new Failure(1, now, earliest, postponed.reason()));
        Instant next = previous.nextAttempt().isAfter(earliest) ? previous.nextAttempt() : earliest;
        return with(progress, directory, previous.withNextAttempt(next));
    }

    /**
     * Returns the progress after an attempt that led to a certificate which is due for renewal at once. It counts as a
     * failure. Otherwise each pass would order another one.
     *
     * @param progress the progress since the certificate was installed
     * @param reason what is wrong with its dates, a sentence without a full stop
     * @param previous the failures at the CA before this certificate was issued
     */
    public static Progress dueWhenIssued(
            Progress progress, URI directory, String reason, Optional<Failure> previous, Instant now) {
        int times =
                previous.filter(Failure::certificateIssued).map(Failure::count).orElse(0) + 1;
        Instant next = BackOff.DUE_WHEN_ISSUED.next(times, now);
        return with(progress, directory, Failure.dueWhenIssued(times, now, next, reason));
    }

    private static Progress with(Progress progress, URI directory, Failure failure) {
        return progress.with(progress.at(directory).withFailure(failure));
    }
}
