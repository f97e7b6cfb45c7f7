package org.ringcert.renew;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.ringcert.issue.IssuanceOutcome;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * Records attempts to renew that failed, so that they are not repeated too soon: in the store, for each CA, or in
 * memory if the store does not accept them. Safe for any number of threads; the caller holds the site's lock.
 */
final class FailureRecords {

    private final Store store;
    private final InstantSource clock;
    private final UnsavedFailures unsaved;

    FailureRecords(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.unsaved = new UnsavedFailures(store, clock);
    }

    /** Returns the failure that could not be saved, if the site has to wait because of one. */
    Optional<Progress.Failure> waitingForStore(CertificateName name) {
        return unsaved.waitingFor(name);
    }

    /** Records that the store failed. */
    RenewalResult ofStore(CertificateName name, StoreException failure) {
        return unsaved.add(name, failure.getMessage(), Optional.empty());
    }

    /** Forgets failures that could not be saved, because the store has accepted the site's progress. */
    void forgetUnsaved(CertificateName name) {
        unsaved.forget(name);
    }

    /** Forgets failures to get a certificate that is not needed, for example because the configuration has changed. */
    void forget(CertificateName name) throws StoreException {
        unsaved.forget(name);
        Progress progress = store.progress(name);
        if (progress.hasWaits()) {
            store.saveProgress(name, progress.withoutWaits());
        }
    }

    /**
     * Counts a certificate that is already due as a failure. Otherwise each pass would order another one.
     *
     * @param dueReason why it is due, as a clause
     * @param previous the failures at the CA before this certificate was issued
     */
    RenewalResult dueWhenIssued(
            CertificateName name,
            URI directory,
            CertificateVersion version,
            String dueReason,
            Optional<Progress.Failure> previous)
            throws StoreException {
        int times = previous.filter(Progress.Failure::certificateIssued)
                        .map(Progress.Failure::count)
                        .orElse(0)
                + 1;
        Instant now = clock.instant();
        Instant next = BackOff.nextAfterDueWhenIssued(times, now);
        String reason = CertificateDates.describeDueWhenIssued(version, dueReason, now);
        return save(
                name,
                directory,
                Progress.Failure.dueWhenIssued(times, now, next, reason),
                Optional.of(Duration.between(now, next)),
                new RenewalResult.ImplausibleDates(name, version, reason, next));
    }

    /** Records a failed attempt at a CA, and returns when the next may be made there. */
    RenewalResult failed(CertificateName name, URI directory, IssuanceOutcome.Failed failure) throws StoreException {
        Optional<Progress.Failure> previous =
                store.progress(name).at(directory).failure().filter(latest -> !latest.certificateIssued());
        int times = previous.map(Progress.Failure::count).orElse(0) + 1;
        Instant now = clock.instant();
        Instant next = BackOff.next(times, failure.retryAfter(), now);
        return save(
                name,
                directory,
                new Progress.Failure(times, now, next, failure.reason()).withOutage(outage(previous, failure, now)),
                failure.retryAfter(),
                new RenewalResult.Failed(name, failure.reason(), next));
    }

    private static Optional<Progress.Outage> outage(
            Optional<Progress.Failure> previous, IssuanceOutcome.Failed failure, Instant now) {
        Duration wait = failure.retryAfter().orElse(Duration.ZERO);
        return switch (failure.fault()) {
            case SITE -> Optional.empty();
            case CA ->
                previous.flatMap(Progress.Failure::outage)
                        .map(outage -> outage.next(wait))
                        .or(() -> Optional.of(new Progress.Outage(now, 1, wait)));
        };
    }

    /** Extends the wait. Nothing was tried, so the count and the reason of the previous failure are kept. */
    RenewalResult postponed(CertificateName name, URI directory, String reason, Instant until) throws StoreException {
        Instant now = clock.instant();
        Instant earliest = BackOff.next(1, Optional.of(Duration.between(now, until)), now);
        Progress.Failure previous =
                store.progress(name).at(directory).failure().orElse(new Progress.Failure(1, now, earliest, reason));
        Instant next = previous.nextAttempt().isAfter(earliest) ? previous.nextAttempt() : earliest;
        return save(
                name,
                directory,
                previous.withNextAttempt(next),
                Optional.of(Duration.between(now, next)),
                new RenewalResult.Failed(name, reason, next));
    }

    /**
     * Saves the failure, or keeps it in memory if the store does not accept it.
     *
     * @param retryAfter the minimum delay for a failure that is kept in memory
     * @param saved the result if the failure is saved
     */
    private RenewalResult save(
            CertificateName name,
            URI directory,
            Progress.Failure failure,
            Optional<Duration> retryAfter,
            RenewalResult saved)
            throws StoreException {
        try {
            Progress progress = store.progress(name);
            store.saveProgress(name, progress.with(progress.at(directory).withFailure(failure)));
            unsaved.forget(name);
            return saved;
        } catch (StoreException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            // The store may have been the cause of the failure already.
            String reason = failure.reason().equals(e.getMessage())
                    ? e.getMessage()
                    : failure.reason() + " (This failure could not be saved: " + e.getMessage() + ")";
            return unsaved.add(name, reason, retryAfter);
        }
    }
}
