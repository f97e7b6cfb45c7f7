package org.ringcert.renew;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.ringcert.issue.IssuanceOutcome;
import org.ringcert.store.Progress;
import org.ringcert.store.Progress.Failure;

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
        Optional<Failure> previous = progress.at(directory).failure().filter(latest -> !latest.certificateIssued());
        int times = previous.map(Failure::count).orElse(0) + 1;
        Instant next = BackOff.next(times, failure.retryAfter(), now);
        return with(
                progress,
                directory,
                new Failure(times, now, next, failure.reason()).withOutage(outage(previous, failure, now)));
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
     * Returns the progress after an attempt that asked nothing of the CA, because it may not be asked before a certain
     * time. Nothing was tried, so the count and the reason of the previous failure are kept.
     */
    public static Progress postponed(
            Progress progress, URI directory, IssuanceOutcome.Postponed postponed, Instant now) {
        Instant earliest = BackOff.next(1, Optional.of(Duration.between(now, postponed.until())), now);
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
        return with(
                progress,
                directory,
                Failure.dueWhenIssued(times, now, BackOff.nextAfterDueWhenIssued(times, now), reason));
    }

    private static Progress with(Progress progress, URI directory, Failure failure) {
        return progress.with(progress.at(directory).withFailure(failure));
    }
}
