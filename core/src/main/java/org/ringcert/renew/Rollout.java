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
import org.ringcert.store.Progress;
import org.ringcert.store.Progress.PendingTask;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last stretch of a certificate's way: this server is told of what is installed, for many sites at once, then each
 * is looked at by a visitor's eyes. What is outstanding stays in the site's {@link Progress} until it went well, so
 * that a crash loses none of it; what failed is tried again by {@link BackOff}.
 */
final class Rollout {

    private static final Logger log = LoggerFactory.getLogger(Rollout.class);

    private final Store store;
    private final Deployer deployer;
    private final ServedCheck servedCheck;
    private final InstantSource clock;
    private final Unwritten unwritten;

    Rollout(Store store, Deployer deployer, ServedCheck servedCheck, InstantSource clock) {
        this.store = store;
        this.deployer = deployer;
        this.servedCheck = servedCheck;
        this.clock = clock;
        this.unwritten = new Unwritten(store, clock);
    }

    /** Whether anything is outstanding for the site, now or later. */
    boolean isOutstanding(Site site) throws StoreException {
        Progress progress = store.progress(site.name());
        return progress.pendingDeployment().isPresent()
                || progress.pendingServedCheck().isPresent();
    }

    /**
     * Does what is outstanding and due for those sites. One that somebody else has in work is left to him.
     *
     * @return for each site that something is outstanding for, still: what, and when it is tried again
     */
    Map<Site, RenewalResult> run(Collection<Site> sites) {
        Map<Site, RenewalResult> left = new HashMap<>();
        List<Held> all = new ArrayList<>();
        try {
            for (Site site : sites) {
                guarded(site, left, () -> hold(site, left).ifPresent(all::add));
            }
            tell(
                    all.stream()
                            .filter(held -> isDue(held.progress.pendingDeployment()))
                            .toList(),
                    left);
            look(
                    all.stream()
                            .filter(held -> isDue(held.progress.pendingServedCheck()))
                            .toList(),
                    left);
            for (Held held : all) {
                held.outstanding().ifPresent(result -> left.putIfAbsent(held.site, result));
            }
            return left;
        } finally {
            all.forEach(held -> held.lock.close());
        }
    }

    /** A site under its lock. */
    private final class Held {
        final Site site;
        final Store.Lock lock;
        final CertificateVersion version;
        Progress progress;

        Held(Site site, Store.Lock lock, CertificateVersion version, Progress progress) {
            this.site = site;
            this.lock = lock;
            this.version = version;
            this.progress = progress;
        }

        void keep(Progress next) throws StoreException {
            store.saveProgress(site.name(), next);
            unwritten.forget(site);
            progress = next;
        }

        Optional<RenewalResult> outstanding() {
            return progress.pendingDeployment()
                    .<RenewalResult>map(it -> new RenewalResult.NotDeployed(site, it.reason(), it.nextAttempt()))
                    .or(() -> progress.pendingServedCheck()
                            .map(it -> new RenewalResult.NotServed(site, it.reason(), it.nextAttempt())));
        }
    }

    private Optional<Held> hold(Site site, Map<Site, RenewalResult> left) throws StoreException {
        Optional<Store.Lock> lock = store.tryLock(site.name());
        Optional<Held> held = Optional.empty();
        try {
            if (lock.isPresent() && isOutstanding(site)) {
                Optional<Progress.Failure> failure = unwritten.of(site);
                if (failure.isPresent()) {
                    left.put(
                            site,
                            new RenewalResult.Waiting(
                                    site, failure.get(), failure.get().nextAttempt()));
                    return Optional.empty();
                }
                Progress progress = store.progress(site.name());
                held = store.current(site.name()).map(version -> new Held(site, lock.get(), version, progress));
            }
            return held;
        } finally {
            if (held.isEmpty()) {
                lock.ifPresent(Store.Lock::close);
            }
        }
    }

    private void tell(List<Held> due, Map<Site, RenewalResult> left) {
        if (due.isEmpty()) {
            return;
        }
        Map<HostName, String> failures =
                failures(due.stream().map(held -> held.version).toList());
        boolean interrupted = Thread.currentThread().isInterrupted();
        for (Held held : due) {
            Optional<String> failure = Optional.ofNullable(failures.get(held.site.name()));
            if (interrupted) {
                // it may well have succeeded, but the disk takes nothing from this thread any more
                left.put(held.site, new RenewalResult.Interrupted(held.site, clock.instant()));
            } else {
                guarded(
                        held.site,
                        left,
                        () -> held.keep(
                                failure.isPresent()
                                        ? held.progress.withPendingDeployment(
                                                after(held.progress.pendingDeployment(), failure.get()))
                                        : held.progress.deployed(clock.instant())));
            }
        }
    }

    private Map<HostName, String> failures(List<CertificateVersion> versions) {
        try {
            return deployer.deploy(versions);
        } catch (RuntimeException e) {
            log.error("the server could not be told of new certificates: a defect of this program", e);
            return versions.stream()
                    .collect(Collectors.toMap(CertificateVersion::site, _ -> "A defect of this program: " + e));
        }
    }

    private record Look(Held held, Future<Optional<String>> trouble) {}

    private void look(List<Held> due, Map<Site, RenewalResult> left) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Look> looks = due.stream()
                    .map(held -> new Look(held, threads.submit(() -> trouble(held.version))))
                    .toList();
            for (Look look : looks) {
                Held held = look.held();
                Optional<String> trouble = look.trouble().get();
                guarded(
                        held.site,
                        left,
                        () -> held.keep(
                                trouble.isPresent()
                                        ? held.progress.withPendingServedCheck(
                                                after(held.progress.pendingServedCheck(), trouble.get()))
                                        : held.progress.served()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            due.forEach(held -> left.put(held.site, new RenewalResult.Interrupted(held.site, clock.instant())));
        } catch (ExecutionException e) {
            throw new IllegalStateException("a look has ended with " + e.getCause(), e);
        }
    }

    private Optional<String> trouble(CertificateVersion version) {
        try {
            return servedCheck.check(version);
        } catch (RuntimeException e) {
            log.error("{}: a defect of this program", version.site(), e);
            return Optional.of("What is served could not be looked at, by a defect of this program: " + e);
        }
    }

    private boolean isDue(Optional<PendingTask> outstanding) {
        return outstanding
                .filter(it -> !clock.instant().isBefore(it.nextAttempt()))
                .isPresent();
    }

    private PendingTask after(Optional<PendingTask> before, String reason) {
        int failures = before.map(PendingTask::failures).orElse(0) + 1;
        Instant now = clock.instant();
        return new PendingTask(failures, now, BackOff.next(failures, Optional.empty(), now), reason);
    }

    private interface Action {
        void run() throws StoreException;
    }

    private void guarded(Site site, Map<Site, RenewalResult> left, Action action) {
        try {
            action.run();
        } catch (StoreException e) {
            left.put(site, unwritten.add(site, e.getMessage(), Optional.empty()));
        }
    }
}
