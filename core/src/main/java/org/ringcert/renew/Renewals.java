package org.ringcert.renew;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.ringcert.cluster.Site;
import org.ringcert.issue.Issuer;
import org.ringcert.issue.Outcome;
import org.ringcert.issue.Wish;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews what is due. State is on disk only, so daemon and commands may work side by side: each site is kept apart by its lock. Safe for any number of threads.
 */
public final class Renewals {

    private static final Logger log = LoggerFactory.getLogger(Renewals.class);

    /** Sites in work at a time. Nearly all of that time they wait for the CA; how many requests the CA gets at a time is bounded elsewhere. */
    private static final int AT_A_TIME = 128;

    /** How soon to look again at a site that somebody else has in work. */
    private static final Duration WHEN_BUSY = Duration.ofSeconds(30);

    private final Store store;
    private final Issuer issuer;
    private final Deployer deployer;
    private final InstantSource clock;
    private final SecureRandom random;

    public Renewals(Store store, Issuer issuer, Deployer deployer, InstantSource clock, SecureRandom random) {
        this.store = store;
        this.issuer = issuer;
        this.deployer = deployer;
        this.clock = clock;
        this.random = random;
    }

    /** When the site needs another certificate, by what is on disk. */
    public Due due(Wish wish) throws StoreException {
        return Due.of(wish, issuer.directory(), store.current(wish.site().name()), clock.instant());
    }

    /**
     * One pass over those sites, several at a time. Returns when all have ended; an interrupt ends them soon, and is passed on.
     *
     * @param force renew also what is not due or failed lately
     * @return one for each wish, in their order
     */
    public List<Result> pass(Collection<Wish> wishes, boolean force) {
        Semaphore places = new Semaphore(AT_A_TIME);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Result>> futures = new ArrayList<>();
            for (Wish wish : wishes) {
                futures.add(threads.submit(() -> {
                    places.acquire();
                    try {
                        return renew(wish, force);
                    } finally {
                        places.release();
                    }
                }));
            }
            List<Result> results = new ArrayList<>();
            int i = 0;
            for (Wish wish : wishes) {
                results.add(resultOf(wish, futures.get(i++), threads));
            }
            return results;
        }
    }

    private Result resultOf(Wish wish, Future<Result> future, ExecutorService threads) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof InterruptedException)) {
                log.error("{}: a defect of this program", wish.site(), e.getCause());
                return new Result.Failed(
                        wish.site(),
                        "a defect of this program: " + e.getCause(),
                        BackOff.next(3, Optional.empty(), clock.instant()));
            }
        }
        return new Result.Interrupted(wish.site(), clock.instant());
    }

    private Result renew(Wish wish, boolean force) {
        Site site = wish.site();
        try {
            Optional<Store.Lock> lock = store.lock(site.name());
            if (lock.isEmpty()) {
                return new Result.Busy(site, clock.instant().plus(WHEN_BUSY));
            }
            try (Store.Lock _ = lock.get()) {
                return renewLocked(wish, force);
            }
        } catch (StoreException e) {
            // the disk takes nothing from a thread that is interrupted
            return Thread.currentThread().isInterrupted()
                    ? new Result.Interrupted(site, clock.instant())
                    : new Result.Failed(site, e.getMessage(), BackOff.next(1, Optional.empty(), clock.instant()));
        }
    }

    private Result renewLocked(Wish wish, boolean force) throws StoreException {
        try {
            return renewWhatIsDue(wish, force);
        } catch (RuntimeException e) {
            // kept as every failure is, or each pass would ask the CA again
            log.error("{}: a defect of this program", wish.site(), e);
            return failed(wish.site(), "a defect of this program: " + e, Optional.empty());
        }
    }

    private Result renewWhatIsDue(Wish wish, boolean force) throws StoreException {
        Site site = wish.site();
        Version current = store.ensureSelfSigned(site, wish.keyType(), random);
        Progress progress = store.progress(site.name());
        if (due(wish, current) instanceof Due.Later(Instant at) && !force) {
            if (progress.failure().isPresent()) {
                // of something that is not wanted any more
                progress = progress.withoutFailure();
                store.keepProgress(site.name(), progress);
            }
            return deploy(current, progress, new Result.NotDue(site, at));
        }
        Optional<Progress.Failure> failure = progress.failure();
        if (!force
                && failure.isPresent()
                && clock.instant().isBefore(failure.get().next())) {
            return new Result.Waiting(site, failure.get(), failure.get().next());
        }
        return switch (issuer.issue(wish)) {
            case Outcome.Issued(Version version) ->
                deploy(version, store.progress(site.name()), new Result.Renewed(site, version, next(wish, version)));
            case Outcome.Failed(String reason, Optional<Duration> retryAfter) -> failed(site, reason, retryAfter);
            case Outcome.Postponed(String reason, Instant until) -> postponed(site, reason, until);
            case Outcome.Interrupted() -> new Result.Interrupted(site, clock.instant());
        };
    }

    private Due due(Wish wish, Version current) {
        return Due.of(wish, issuer.directory(), Optional.of(current), clock.instant());
    }

    private Instant next(Wish wish, Version version) {
        return switch (due(wish, version)) {
            case Due.Later(Instant at) -> at;
            case Due.Now now -> clock.instant();
        };
    }

    private Result failed(Site site, String reason, Optional<Duration> retryAfter) throws StoreException {
        Progress progress = store.progress(site.name());
        int times = progress.failure().map(Progress.Failure::times).orElse(0) + 1;
        Instant now = clock.instant();
        Instant next = BackOff.next(times, retryAfter, now);
        store.keepProgress(site.name(), progress.withFailure(new Progress.Failure(times, now, next, reason)));
        return new Result.Failed(site, reason, next);
    }

    /** Nothing was tried, so the failure of before keeps its number and its words. */
    private Result postponed(Site site, String reason, Instant until) throws StoreException {
        Progress progress = store.progress(site.name());
        Instant now = clock.instant();
        Instant next = BackOff.next(1, Optional.of(Duration.between(now, until)), now);
        Progress.Failure before = progress.failure().orElse(new Progress.Failure(1, now, next, reason));
        Instant later = before.next().isAfter(next) ? before.next() : next;
        store.keepProgress(
                site.name(),
                progress.withFailure(new Progress.Failure(before.times(), before.last(), later, before.reason())));
        return new Result.Failed(site, reason, later);
    }

    /** Tells the server of the version where it does not know yet; the result where that went well. */
    private Result deploy(Version version, Progress progress, Result result) throws StoreException {
        if (progress.undeployed().isEmpty()) {
            return result;
        }
        Progress.Undeployed undeployed = progress.undeployed().get();
        if (clock.instant().isBefore(undeployed.next())) {
            return new Result.NotDeployed(result.site(), undeployed.reason(), undeployed.next());
        }
        Optional<String> trouble = deployer.deploy(version);
        if (trouble.isEmpty()) {
            store.keepProgress(version.site(), progress.deployed());
            return result;
        }
        if (Thread.currentThread().isInterrupted()) {
            return new Result.Interrupted(result.site(), clock.instant());
        }
        int failures = undeployed.failures() + 1;
        Instant next = BackOff.next(failures, Optional.empty(), clock.instant());
        store.keepProgress(
                version.site(), progress.withUndeployed(new Progress.Undeployed(failures, next, trouble.get())));
        return new Result.NotDeployed(result.site(), trouble.get(), next);
    }
}
