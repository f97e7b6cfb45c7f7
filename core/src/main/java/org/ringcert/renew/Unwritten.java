package org.ringcert.renew;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * Failures that the store did not take. They are kept in memory, so that a full or broken disk does not make each pass
 * the first. Safe for any number of threads.
 */
final class Unwritten {

    private final Store store;
    private final InstantSource clock;
    private final Map<HostName, Progress.Failure> failures = new ConcurrentHashMap<>();

    Unwritten(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * What the site is left alone for: until its time is over, or the store takes its progress again. The caller holds
     * the site's lock.
     */
    Optional<Progress.Failure> of(Site site) {
        Optional<Progress.Failure> failure = waiting(site);
        if (failure.isPresent()) {
            try {
                store.checkProgressWritable(site.name());
                forget(site);
                return Optional.empty();
            } catch (StoreException e) {
                return failure;
            }
        }
        return failure;
    }

    private Optional<Progress.Failure> waiting(Site site) {
        Instant now = clock.instant();
        return Optional.ofNullable(failures.get(site.name()))
                .filter(failure -> !failure.lastAttempt().isAfter(now) && failure.isWaiting(now));
    }

    /**
     * The site failed, and that could not be written down. The same failure before its wait is over is no further one.
     */
    RenewalResult add(Site site, String reason, Optional<Duration> retryAfter) {
        Optional<Progress.Failure> known =
                waiting(site).filter(failure -> failure.reason().equals(reason));
        if (known.isPresent()) {
            return new RenewalResult.Waiting(site, known.get(), known.get().nextAttempt());
        }
        Instant now = clock.instant();
        Progress.Failure latest = failures.compute(site.name(), (_, before) -> {
            int times = before == null ? 1 : before.count() + 1;
            return new Progress.Failure(times, now, BackOff.next(times, retryAfter, now), reason);
        });
        return new RenewalResult.Failed(site, reason, latest.nextAttempt());
    }

    void forget(Site site) {
        failures.remove(site.name());
    }
}
