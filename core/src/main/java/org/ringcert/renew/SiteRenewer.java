package org.ringcert.renew;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.ringcert.cluster.Site;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceOutcome;
import org.ringcert.issue.Issuer;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the certificate of a single site under its lock, and saves failures so that they are not repeated too soon.
 * Safe for any number of threads.
 */
final class SiteRenewer {

    private static final Logger log = LoggerFactory.getLogger(SiteRenewer.class);

    /** When to look again at a site that another thread or process is working on. */
    private static final Duration BUSY_RETRY_DELAY = Duration.ofSeconds(30);

    private final Store store;
    private final Issuer issuer;
    private final InstantSource clock;
    private final SecureRandom random;
    private final UnsavedFailures unsavedFailures;

    SiteRenewer(Store store, Issuer issuer, InstantSource clock, SecureRandom random) {
        this.store = store;
        this.issuer = issuer;
        this.clock = clock;
        this.random = random;
        this.unsavedFailures = new UnsavedFailures(store, clock);
    }

    /** Renews the site's certificate if the mode asks for it, and does not deploy it. */
    RenewalResult renew(CertificateSpec spec, RenewalMode mode) {
        Site site = spec.site();
        try {
            Optional<Store.Lock> lock = store.tryLock(site.name());
            if (lock.isEmpty()) {
                return new RenewalResult.Busy(site, clock.instant().plus(BUSY_RETRY_DELAY));
            }
            try (Store.Lock _ = lock.get()) {
                return renewLocked(spec, mode);
            }
        } catch (StoreException e) {
            // An interrupted thread cannot use the disk.
            return Thread.currentThread().isInterrupted()
                    ? new RenewalResult.Interrupted(site, clock.instant())
                    : unsavedFailures.add(site, e.getMessage(), Optional.empty());
        }
    }

    private RenewalResult renewLocked(CertificateSpec spec, RenewalMode mode) throws StoreException {
        try {
            return renewIfNeeded(spec, mode);
        } catch (RuntimeException e) {
            // Saved like any other failure. Otherwise each pass would ask the CA again.
            log.error("{}: a bug in Ringcert", spec.site(), e);
            return failed(spec.site(), "A bug in Ringcert: " + e, Optional.empty());
        }
    }

    private RenewalResult renewIfNeeded(CertificateSpec spec, RenewalMode mode) throws StoreException {
        Site site = spec.site();
        CertificateVersion current = store.ensureSelfSigned(site, spec.keyType(), random);
        Progress progress = store.progress(site.name());
        Due due = due(spec, current);
        if (mode == RenewalMode.DUE_ONLY) {
            if (due instanceof Due.Later(Instant at)) {
                forgetFailures(site, progress);
                return new RenewalResult.NotDue(site, at);
            }
            Optional<Progress.Failure> failure = waitingFor(site, progress);
            if (failure.isPresent()) {
                return new RenewalResult.Waiting(
                        site, failure.get(), failure.get().nextAttempt());
            }
        }
        return switch (issuer.issue(spec)) {
            case IssuanceOutcome.Issued(CertificateVersion version) -> issued(spec, version, progress.failure());
            case IssuanceOutcome.Failed(String reason, Optional<Duration> retryAfter) ->
                due instanceof Due.Later(Instant at)
                        ? new RenewalResult.ForcedRenewalFailed(site, reason, at)
                        : failed(site, reason, retryAfter);
            case IssuanceOutcome.Postponed(String reason, Instant until) -> postponed(site, reason, until);
            case IssuanceOutcome.Interrupted() -> new RenewalResult.Interrupted(site, clock.instant());
        };
    }

    private Due due(CertificateSpec spec, CertificateVersion version) {
        return Due.of(spec, issuer.directory(), Optional.of(version), clock.instant());
    }

    /** Forgets failures to get a certificate that is not needed, for example because the configuration has changed. */
    private void forgetFailures(Site site, Progress progress) throws StoreException {
        unsavedFailures.forget(site);
        if (progress.failure().isPresent()) {
            store.saveProgress(site.name(), progress.withoutFailure());
        }
    }

    /** Returns the failure after which the site still has to wait. */
    private Optional<Progress.Failure> waitingFor(Site site, Progress progress) {
        return progress.failure()
                .filter(failure -> failure.isWaiting(clock.instant()))
                .or(() -> unsavedFailures.waitingFor(site));
    }

    private RenewalResult issued(CertificateSpec spec, CertificateVersion version, Optional<Progress.Failure> previous)
            throws StoreException {
        Site site = spec.site();
        if (due(spec, version) instanceof Due.Later(Instant at)) {
            unsavedFailures.forget(site);
            return CertificateDates.describeNotYetValid(version, clock.instant())
                    .<RenewalResult>map(reason -> new RenewalResult.ImplausibleDates(site, version, reason, at))
                    .orElse(new RenewalResult.Renewed(site, version, at));
        }
        return countAsFailure(site, version, previous);
    }

    /** Counts a certificate that is already due as a failure. Otherwise each pass would order another one. */
    private RenewalResult countAsFailure(Site site, CertificateVersion version, Optional<Progress.Failure> previous)
            throws StoreException {
        int times = previous.filter(Progress.Failure::certificateIssued)
                        .map(Progress.Failure::count)
                        .orElse(0)
                + 1;
        Instant now = clock.instant();
        Instant next = BackOff.nextAfterDueWhenIssued(times, now);
        String reason = CertificateDates.describeDueWhenIssued(version, now);
        return save(
                site,
                Progress.Failure.dueWhenIssued(times, now, next, reason),
                Optional.of(Duration.between(now, next)),
                new RenewalResult.ImplausibleDates(site, version, reason, next));
    }

    private RenewalResult failed(Site site, String reason, Optional<Duration> retryAfter) throws StoreException {
        int times = store.progress(site.name())
                        .failure()
                        .filter(previous -> !previous.certificateIssued())
                        .map(Progress.Failure::count)
                        .orElse(0)
                + 1;
        Instant now = clock.instant();
        Instant next = BackOff.next(times, retryAfter, now);
        return save(
                site,
                new Progress.Failure(times, now, next, reason),
                retryAfter,
                new RenewalResult.Failed(site, reason, next));
    }

    /** Extends the wait. Nothing was tried, so the count and the reason of the previous failure are kept. */
    private RenewalResult postponed(Site site, String reason, Instant until) throws StoreException {
        Instant now = clock.instant();
        Instant earliest = BackOff.next(1, Optional.of(Duration.between(now, until)), now);
        Progress.Failure previous =
                store.progress(site.name()).failure().orElse(new Progress.Failure(1, now, earliest, reason));
        Instant next = previous.nextAttempt().isAfter(earliest) ? previous.nextAttempt() : earliest;
        return save(
                site,
                previous.withNextAttempt(next),
                Optional.of(Duration.between(now, next)),
                new RenewalResult.Failed(site, reason, next));
    }

    /**
     * Saves the failure, or keeps it in memory if the store does not accept it.
     *
     * @param retryAfter the minimum delay for a failure that is kept in memory
     * @param saved the result if the failure is saved
     */
    private RenewalResult save(Site site, Progress.Failure failure, Optional<Duration> retryAfter, RenewalResult saved)
            throws StoreException {
        try {
            store.saveProgress(site.name(), store.progress(site.name()).withFailure(failure));
            unsavedFailures.forget(site);
            return saved;
        } catch (StoreException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            // The store may have been the cause of the failure already.
            String reason = failure.reason().equals(e.getMessage())
                    ? e.getMessage()
                    : failure.reason() + " (This failure could not be saved: " + e.getMessage() + ")";
            return unsavedFailures.add(site, reason, retryAfter);
        }
    }
}
