package org.ringcert.renew;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.PendingRollout;
import org.ringcert.store.Progress;
import org.ringcert.store.Progress.PendingTask;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings installed certificates into use: deploys them, for many sites at once, then checks for each site what visitors
 * get. These are the last two states of {@link Progress}. What is outstanding stays there until it has succeeded, so a
 * crash loses none of it. What failed is tried again after {@link BackOff}'s delays. Safe for any number of threads.
 */
final class Rollout {

    private static final Logger log = LoggerFactory.getLogger(Rollout.class);

    private final Store store;
    private final Deployer deployer;
    private final ServedCheck servedCheck;
    private final InstantSource clock;
    private final UnsavedFailures unsavedFailures;
    private volatile boolean stopped;

    Rollout(Store store, Deployer deployer, ServedCheck servedCheck, InstantSource clock) {
        this.store = store;
        this.deployer = deployer;
        this.servedCheck = servedCheck;
        this.clock = clock;
        this.unsavedFailures = new UnsavedFailures(store, clock);
    }

    /** Makes all later calls of {@link #run} do nothing. */
    void stop() {
        stopped = true;
    }

    /** Returns whether the site's certificate is still to be deployed or checked, now or later. */
    boolean isOutstanding(Site site) throws StoreException {
        return store.progress(site.name()).rollout().isPresent();
    }

    /**
     * Deploys and checks what is due for the given sites. Sites that are locked by others are left to them.
     *
     * @return for each site where something is still outstanding: what, and when it is tried again
     */
    Map<Site, RenewalResult> run(Collection<Site> sites) {
        if (stopped) {
            return Map.of();
        }
        Map<Site, RenewalResult> results = new HashMap<>();
        List<LockedSite> locked = new ArrayList<>();
        try {
            for (Site site : sites) {
                reportingStoreErrors(
                        site, results, () -> lockOutstanding(site, results).ifPresent(locked::add));
            }
            deploy(
                    locked.stream()
                            .filter(lockedSite -> lockedSite.isDue(PendingRollout.Undeployed.class))
                            .toList(),
                    results);
            check(
                    locked.stream()
                            .filter(lockedSite -> lockedSite.isDue(PendingRollout.Unserved.class))
                            .toList(),
                    results);
            for (LockedSite lockedSite : locked) {
                lockedSite.outstanding().ifPresent(result -> results.putIfAbsent(lockedSite.site, result));
            }
            return results;
        } finally {
            locked.forEach(lockedSite -> lockedSite.lock.close());
        }
    }

    /** A site that this rollout holds the lock of. */
    private final class LockedSite {
        final Site site;
        final Store.Lock lock;
        final CertificateVersion version;
        Progress progress;

        LockedSite(Site site, Store.Lock lock, CertificateVersion version, Progress progress) {
            this.site = site;
            this.lock = lock;
            this.version = version;
            this.progress = progress;
        }

        void save(Progress next) throws StoreException {
            store.saveProgress(site.name(), next);
            unsavedFailures.forget(site);
            progress = next;
        }

        /** Returns whether this step is outstanding, and it is time for it. */
        boolean isDue(Class<? extends PendingRollout> step) {
            return progress.rollout()
                    .filter(step::isInstance)
                    .filter(pending -> !clock.instant().isBefore(pending.task().nextAttempt()))
                    .isPresent();
        }

        /** Returns the progress after one more failure of the outstanding step. */
        Progress afterFailure(String reason) {
            PendingRollout pending = progress.rollout().orElseThrow();
            int failures = pending.task().failures() + 1;
            Instant now = clock.instant();
            return progress.withRollout(pending.withTask(
                    new PendingTask(failures, now, BackOff.next(failures, Optional.empty(), now), reason)));
        }

        Optional<RenewalResult> outstanding() {
            return progress.rollout().map(pending -> switch (pending) {
                case PendingRollout.Undeployed(var task) ->
                    new RenewalResult.NotDeployed(site, task.reason(), task.nextAttempt());
                case PendingRollout.Unserved(var task) ->
                    new RenewalResult.NotServed(site, task.reason(), task.nextAttempt());
            });
        }
    }

    /** Locks the site if something is outstanding for it, and it does not have to wait for the store. */
    private Optional<LockedSite> lockOutstanding(Site site, Map<Site, RenewalResult> results) throws StoreException {
        Optional<Store.Lock> lock = store.tryLock(site.name());
        Optional<LockedSite> locked = Optional.empty();
        try {
            if (lock.isPresent() && isOutstanding(site)) {
                Optional<Progress.Failure> failure = unsavedFailures.waitingFor(site);
                if (failure.isPresent()) {
                    results.put(site, new RenewalResult.Waiting(site, RenewalWait.after(failure.get())));
                    return Optional.empty();
                }
                Progress progress = store.progress(site.name());
                locked = store.current(site.name()).map(version -> new LockedSite(site, lock.get(), version, progress));
            }
            return locked;
        } finally {
            if (locked.isEmpty()) {
                lock.ifPresent(Store.Lock::close);
            }
        }
    }

    private void deploy(List<LockedSite> due, Map<Site, RenewalResult> results) {
        if (due.isEmpty()) {
            return;
        }
        Map<HostName, String> failures = deployVersions(
                due.stream().map(lockedSite -> lockedSite.version).toList());
        boolean interrupted = Thread.currentThread().isInterrupted();
        for (LockedSite lockedSite : due) {
            Optional<String> failure = Optional.ofNullable(failures.get(lockedSite.site.name()));
            if (interrupted) {
                // The deployment may have succeeded, but an interrupted thread can no longer write to the disk.
                results.put(lockedSite.site, new RenewalResult.Interrupted(lockedSite.site, clock.instant()));
            } else {
                reportingStoreErrors(
                        lockedSite.site,
                        results,
                        () -> lockedSite.save(
                                failure.isPresent()
                                        ? lockedSite.afterFailure(failure.get())
                                        : lockedSite.progress.deployed(clock.instant())));
            }
        }
    }

    private Map<HostName, String> deployVersions(List<CertificateVersion> versions) {
        try {
            return deployer.deploy(versions);
        } catch (RuntimeException e) {
            log.error("new certificates could not be deployed because of a bug in Ringcert", e);
            return versions.stream()
                    .collect(Collectors.toMap(CertificateVersion::site, _ -> "A bug in Ringcert: " + e));
        }
    }

    private record RunningCheck(LockedSite site, Future<Optional<String>> problem) {}

    private void check(List<LockedSite> due, Map<Site, RenewalResult> results) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<RunningCheck> checks = due.stream()
                    .map(lockedSite ->
                            new RunningCheck(lockedSite, threads.submit(() -> checkVersion(lockedSite.version))))
                    .toList();
            for (RunningCheck check : checks) {
                LockedSite lockedSite = check.site();
                Optional<String> problem = check.problem().get();
                reportingStoreErrors(
                        lockedSite.site,
                        results,
                        () -> lockedSite.save(
                                problem.isPresent()
                                        ? lockedSite.afterFailure(problem.get())
                                        : lockedSite.progress.served()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            due.forEach(lockedSite ->
                    results.put(lockedSite.site, new RenewalResult.Interrupted(lockedSite.site, clock.instant())));
        } catch (ExecutionException e) {
            throw new IllegalStateException("a check has ended with " + e.getCause(), e);
        }
    }

    private Optional<String> checkVersion(CertificateVersion version) {
        try {
            return servedCheck.check(version);
        } catch (RuntimeException e) {
            log.error("{}: a bug in Ringcert", version.site(), e);
            return Optional.of("The served certificate could not be checked because of a bug in Ringcert: " + e);
        }
    }

    private interface StoreAction {
        void run() throws StoreException;
    }

    /** Runs the action. If the store fails, that is the site's result, and the other sites go on. */
    private void reportingStoreErrors(Site site, Map<Site, RenewalResult> results, StoreAction action) {
        try {
            action.run();
        } catch (StoreException e) {
            results.put(site, unsavedFailures.add(site, e.getMessage(), Optional.empty()));
        }
    }
}
