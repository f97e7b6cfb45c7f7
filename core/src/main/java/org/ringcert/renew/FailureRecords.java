package org.ringcert.renew;

import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.ringcert.issue.IssuanceOutcome;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.FailureKind;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * Saves attempts to renew that failed, so that they are not repeated too soon: in the store, for each CA, or in memory
 * if the store does not accept them. {@link ProgressAfterFailure} says what a failure means. Safe for any number of
 * threads; the caller holds the site's lock.
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
        return unsaved.add(name, failure.getMessage());
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
     * Counts a certificate that is already due as a failure.
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
        Instant now = clock.instant();
        String reason = CertificateDates.describeDueWhenIssued(version, dueReason, now);
        return save(
                name,
                directory,
                ProgressAfterFailure.dueWhenIssued(store.progress(name), directory, reason, previous, now),
                next -> new RenewalResult.ImplausibleDates(name, version, reason, next));
    }

    /** Records a failed attempt at a CA, and returns when the next may be made there. */
    RenewalResult failed(CertificateName name, URI directory, IssuanceOutcome.Failed failure, RenewalMode mode)
            throws StoreException {
        return save(
                name,
                directory,
                ProgressAfterFailure.failed(store.progress(name), directory, failure, mode, clock.instant()),
                next -> new RenewalResult.Failed(name, failure.reason(), next));
    }

    /** Keeps a refusal in memory that the store does not accept. */
    RenewalResult unsaved(CertificateName name, IssuanceOutcome.Refused refusal, StoreException failure) {
        return unsaved.add(
                name,
                unsavedReason(refusal.reason(), failure),
                FailureKind.RATE_LIMITED,
                clock.instant().plus(refusal.retryAfter()));
    }

    private static String unsavedReason(String reason, StoreException failure) {
        return reason + " (This failure could not be saved: " + failure.getMessage() + ")";
    }

    /** Records that no order may be made before a certain time. */
    RenewalResult postponed(CertificateName name, URI directory, IssuanceOutcome.Postponed postponed)
            throws StoreException {
        Instant now = clock.instant();
        return save(
                name,
                directory,
                ProgressAfterFailure.postponed(store.progress(name), directory, postponed, now),
                next -> new RenewalResult.Failed(name, postponed.reason(), next));
    }

    /**
     * Saves the progress after a failure, or keeps the failure in memory if the store does not accept it.
     *
     * @param directory the URL of the directory of the CA with the failure
     * @param saved returns the result if the failure is saved
     */
    private RenewalResult save(
            CertificateName name, URI directory, Progress progress, Function<Instant, RenewalResult> saved)
            throws StoreException {
        Progress.Failure failure = progress.at(directory).failure().orElseThrow();
        try {
            store.saveProgress(name, progress);
            unsaved.forget(name);
            return saved.apply(failure.nextAttempt());
        } catch (StoreException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            // The store may have been the cause of the failure already.
            String reason =
                    failure.reason().equals(e.getMessage()) ? e.getMessage() : unsavedReason(failure.reason(), e);
            return unsaved.add(name, reason, failure.tally().latest(), failure.nextAttempt());
        }
    }
}
