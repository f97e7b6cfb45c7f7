package org.ringcert.renew;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.ringcert.issue.BackOff;
import org.ringcert.store.CertificateName;
import org.ringcert.store.FailureKind;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * Failures that could not be saved in the store. They are kept in memory, so that the back-off works even if the disk
 * is full or broken. Safe for any number of threads.
 *
 * <p>{@link FailureRecords} and {@link Rollout} have one each, because failures of ordering and of rolling out are
 * counted apart.
 */
final class UnsavedFailures {

    private final Store store;
    private final InstantSource clock;
    private final Map<CertificateName, Progress.Failure> failures = new ConcurrentHashMap<>();

    UnsavedFailures(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Returns the failure for which the site has to wait. The wait is over when its time has come, or when the store
     * accepts the site's progress again. The caller holds the site's lock.
     */
    Optional<Progress.Failure> waitingFor(CertificateName name) {
        Optional<Progress.Failure> failure = pending(name);
        if (failure.isEmpty()) {
            return failure;
        }
        try {
            store.checkProgressWritable(name);
            forget(name);
            return Optional.empty();
        } catch (StoreException e) {
            return failure;
        }
    }

    private Optional<Progress.Failure> pending(CertificateName name) {
        Instant now = clock.instant();
        return Optional.ofNullable(failures.get(name))
                .filter(failure -> !failure.lastAttempt().isAfter(now) && failure.isWaiting(now));
    }

    /**
     * Adds a failure of the store. The same failure during the wait for it does not count again.
     *
     * @return what that means for the site
     */
    RenewalResult add(CertificateName name, String reason) {
        return add(name, reason, FailureKind.UNCOUNTED, clock.instant());
    }

    /**
     * Adds a failure that could not be saved. The same failure during the wait for it does not count again.
     *
     * @param earliest the next attempt is not made before it
     * @return what that means for the site
     */
    RenewalResult add(CertificateName name, String reason, FailureKind kind, Instant earliest) {
        Optional<Progress.Failure> same =
                pending(name).filter(failure -> failure.reason().equals(reason));
        if (same.isPresent()) {
            return new RenewalResult.Waiting(name, RenewalWait.after(same.get()));
        }
        Instant now = clock.instant();
        Progress.Failure latest = failures.compute(name, (_, previous) -> {
            int times = previous == null ? 1 : previous.count() + 1;
            Progress.Tally tally = (previous == null ? Progress.Tally.NONE : previous.tally()).with(kind);
            Instant next = BackOff.next(tally, Optional.of(Duration.between(now, earliest)), now);
            return new Progress.Failure(times, now, next, reason, false, Optional.empty(), tally);
        });
        return new RenewalResult.Failed(name, reason, latest.nextAttempt());
    }

    /** Forgets the failures of a site, because the store has accepted its progress. */
    void forget(CertificateName name) {
        failures.remove(name);
    }
}
