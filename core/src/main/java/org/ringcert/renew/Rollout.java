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
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.BackOff;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.PendingRollout;
import org.ringcert.store.Progress;
import org.ringcert.store.Progress.PendingTask;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings installed certificates into use: deploys them, many at once, then checks for each what visitors get. These are
 * the last two states of {@link Progress}. What is outstanding stays there until it has succeeded, so a crash loses
 * none of it. What failed is tried again after {@link BackOff}'s delays. Safe for any number of threads.
 */
final class Rollout {

    private static final Logger log = LoggerFactory.getLogger(Rollout.class);

    private final Store store;
    private final Deployer deployer;
    private final ServedCheck servedCheck;
    private final InstantSource clock;
    private final UnsavedFailures unsavedFailures;

    /** Held during a deployment: two passes may reload the same web server. */
    private final ReentrantLock deploying = new ReentrantLock();

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

    /** Returns whether the certificate is still to be deployed or checked, now or later. */
    boolean isOutstanding(CertificateName name) throws StoreException {
        return store.progress(name).rollout().isPresent();
    }

    /**
     * Deploys and checks what is due of the given certificates. Those of sites that are locked by others are left to
     * them.
     *
     * @return for each certificate where something is still outstanding: what, and when it is tried again
     */
    Map<CertificateName, RenewalResult> run(Collection<CertificateName> names) {
        if (stopped) {
            return Map.of();
        }
        Map<CertificateName, RenewalResult> results = new HashMap<>();
        Map<HostName, Store.Lock> locks = new HashMap<>();
        List<Installed> locked = new ArrayList<>();
        try {
            for (CertificateName name : names) {
                reportingStoreErrors(name, results, () -> {
                    if (lock(name.site(), locks)) {
                        outstanding(name, results).ifPresent(locked::add);
                    }
                });
            }
            deploy(
                    locked.stream()
                            .filter(installed -> installed.isDue(PendingRollout.Undeployed.class))
                            .toList(),
                    results);
            check(
                    locked.stream()
                            .filter(installed -> installed.isDue(PendingRollout.Unserved.class))
                            .toList(),
                    results);
            for (Installed installed : locked) {
                installed.outstanding().ifPresent(result -> results.putIfAbsent(installed.name, result));
            }
            return results;
        } finally {
            locks.values().forEach(Store.Lock::close);
        }
    }

    /** A certificate that is to be rolled out, of a site that this rollout holds the lock of. */
    private final class Installed {
        final CertificateName name;
        final CertificateVersion version;
        Progress progress;

        Installed(CertificateVersion version, Progress progress) {
            this.name = version.name();
            this.version = version;
            this.progress = progress;
        }

        void save(Progress next) throws StoreException {
            store.saveProgress(name, next);
            unsavedFailures.forget(name);
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
            return progress.withRollout(
                    pending.withTask(new PendingTask(failures, now, BackOff.ROLLOUT.next(failures, now), reason)));
        }

        Optional<RenewalResult> outstanding() {
            return progress.rollout().map(pending -> switch (pending) {
                case PendingRollout.Undeployed(var task) ->
                    new RenewalResult.NotDeployed(name, task.reason(), task.nextAttempt());
                case PendingRollout.Unserved(var task) ->
                    new RenewalResult.NotServed(name, task.reason(), task.nextAttempt());
            });
        }
    }

    /** Returns whether this rollout has the lock of the site, after trying to acquire it. */
    private boolean lock(HostName site, Map<HostName, Store.Lock> locks) throws StoreException {
        if (!locks.containsKey(site)) {
            store.tryLock(site).ifPresent(lock -> locks.put(site, lock));
        }
        return locks.containsKey(site);
    }

    /** Returns the certificate if something is outstanding for it, and it does not have to wait for the store. */
    private Optional<Installed> outstanding(CertificateName name, Map<CertificateName, RenewalResult> results)
            throws StoreException {
        if (!isOutstanding(name)) {
            return Optional.empty();
        }
        Optional<Progress.Failure> failure = unsavedFailures.waitingFor(name);
        if (failure.isPresent()) {
            results.put(name, new RenewalResult.Waiting(name, RenewalWait.after(failure.get())));
            return Optional.empty();
        }
        Progress progress = store.progress(name);
        return store.current(name).map(version -> new Installed(version, progress));
    }

    private void deploy(List<Installed> due, Map<CertificateName, RenewalResult> results) {
        if (due.isEmpty()) {
            return;
        }
        Map<CertificateName, String> failures =
                deployVersions(due.stream().map(installed -> installed.version).toList());
        boolean interrupted = Thread.currentThread().isInterrupted();
        for (Installed installed : due) {
            Optional<String> failure = Optional.ofNullable(failures.get(installed.name));
            if (interrupted) {
                // The deployment may have succeeded, but an interrupted thread can no longer write to the disk.
                results.put(installed.name, new RenewalResult.Interrupted(installed.name, clock.instant()));
            } else {
                reportingStoreErrors(
                        installed.name,
                        results,
                        () -> installed.save(
                                failure.isPresent()
                                        ? installed.afterFailure(failure.get())
                                        : installed.progress.deployed(clock.instant())));
            }
        }
    }

    private Map<CertificateName, String> deployVersions(List<CertificateVersion> versions) {
        deploying.lock();
        try {
            return deployer.deploy(versions);
        } catch (RuntimeException e) {
            log.error("new certificates could not be deployed because of a bug in Ringcert", e);
            return versions.stream()
                    .collect(Collectors.toMap(CertificateVersion::name, _ -> "A bug in Ringcert: " + e));
        } finally {
            deploying.unlock();
        }
    }

    private record RunningCheck(Installed installed, Future<Optional<String>> problem) {}

    private void check(List<Installed> due, Map<CertificateName, RenewalResult> results) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<RunningCheck> checks = due.stream()
                    .map(installed ->
                            new RunningCheck(installed, threads.submit(() -> checkVersion(installed.version))))
                    .toList();
            for (RunningCheck check : checks) {
                Installed installed = check.installed();
                Optional<String> problem = check.problem().get();
                reportingStoreErrors(
                        installed.name,
                        results,
                        () -> installed.save(
                                problem.isPresent()
                                        ? installed.afterFailure(problem.get())
                                        : installed.progress.served()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            due.forEach(installed ->
                    results.put(installed.name, new RenewalResult.Interrupted(installed.name, clock.instant())));
        } catch (ExecutionException e) {
            throw new IllegalStateException("a check has ended with " + e.getCause(), e);
        }
    }

    private Optional<String> checkVersion(CertificateVersion version) {
        try {
            return servedCheck.check(version);
        } catch (RuntimeException e) {
            log.error("{}: a bug in Ringcert", version.name(), e);
            return Optional.of("The served certificate could not be checked because of a bug in Ringcert: " + e);
        }
    }

    private interface StoreAction {
        void run() throws StoreException;
    }

    /** Runs the action. If the store fails, that is the certificate's result, and the others go on. */
    private void reportingStoreErrors(
            CertificateName name, Map<CertificateName, RenewalResult> results, StoreAction action) {
        try {
            action.run();
        } catch (StoreException e) {
            results.put(name, unsavedFailures.add(name, e.getMessage()));
        }
    }
}
