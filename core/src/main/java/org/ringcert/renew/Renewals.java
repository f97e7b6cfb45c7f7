package org.ringcert.renew;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * Renews what is due. State is on disk only, so daemon and commands may work side by side: each site is kept apart by
 * its lock. Safe for any number of threads.
 */
public final class Renewals {

    private static final Logger log = LoggerFactory.getLogger(Renewals.class);

    /**
     * Sites in work at a time. Nearly all of that time they wait for the CA; how many requests the CA gets at a time is
     * bounded elsewhere.
     */
    private static final int AT_A_TIME = 128;

    /** How soon to look again at a site that somebody else has in work. */
    private static final Duration WHEN_BUSY = Duration.ofSeconds(30);

    /**
     * How long one that is installed waits for the others of its pass. An order may take ten minutes to fail, and what
     * waits may be a site's first certificate.
     */
    private static final Duration TOGETHER = Duration.ofMinutes(1);

    private final Store store;
    private final Issuer issuer;
    private final Rollout rollout;
    private final Duration together;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Unwritten unwritten;
    private volatile boolean handedOver;

    public Renewals(
            Store store,
            Issuer issuer,
            Deployer deployer,
            ServedCheck servedCheck,
            InstantSource clock,
            SecureRandom random) {
        this(store, issuer, new Rollout(store, deployer, servedCheck, clock), TOGETHER, clock, random);
    }

    Renewals(Store store, Issuer issuer, Rollout rollout, Duration together, InstantSource clock, SecureRandom random) {
        this.store = store;
        this.issuer = issuer;
        this.rollout = rollout;
        this.together = together;
        this.clock = clock;
        this.random = random;
        this.unwritten = new Unwritten(store, clock);
    }

    /** When the site needs another certificate, by what is on disk. */
    public Due due(CertificateSpec spec) throws StoreException {
        return Due.of(spec, issuer.directory(), store.current(spec.site().name()), clock.instant());
    }

    /**
     * Whether a pass would ask the CA for the site's certificate: it is due, and not left alone for a failure of
     * before.
     */
    public boolean wouldOrder(CertificateSpec spec, RenewalMode mode) throws StoreException {
        return mode == RenewalMode.FORCE
                || (due(spec) instanceof Due.Now
                        && store.progress(spec.site().name())
                                .failure()
                                .filter(failure -> failure.isWaiting(clock.instant()))
                                .isEmpty());
    }

    /**
     * Makes what a web server needs before the first order: the site's key and a self-signed certificate, where it has
     * none.
     *
     * @return what is there then; empty where another thread or process is at work on the site
     */
    public Optional<CertificateVersion> prepare(CertificateSpec spec) throws StoreException {
        Optional<Store.Lock> lock = store.tryLock(spec.site().name());
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try (Store.Lock _ = lock.get()) {
            return Optional.of(store.ensureSelfSigned(spec.site(), spec.keyType(), random));
        }
    }

    /**
     * From now on, what comes of orders that are in work is left to others to deploy and to look at: their next pass
     * finds it outstanding.
     */
    public void stopDeploying() {
        handedOver = true;
    }

    /**
     * Does not wait any longer where the site failed, be it to order, to deploy or to be served: what may be the cause
     * has been changed, and the next pass tries all of it again. A site that is in work is left alone.
     */
    public void clearBackOff(Site site) throws StoreException {
        Optional<Store.Lock> lock = store.tryLock(site.name());
        if (lock.isEmpty()) {
            return;
        }
        try (Store.Lock _ = lock.get()) {
            Progress progress = store.progress(site.name());
            Progress again = rollout.isOutstanding(site)
                    ? progress.withPendingDeployment(Progress.PendingTask.from(clock.instant()))
                    : progress;
            store.saveProgress(site.name(), again.withoutFailure());
        }
    }

    /**
     * One pass over those sites, several at a time. The server is told of what was installed once all have ended, so
     * once for all of them; but where one holds the others up, {@link #TOGETHER} after the first. Returns when all is
     * done; an interrupt ends it soon, and is passed on.
     *
     * @param mode renew also what is not due or failed lately
     * @return in the order of the wishes, one for each; a second for a site whose certificate of before is still to be
     *     deployed or seen, and that is due and failed
     */
    public List<RenewalResult> pass(Collection<CertificateSpec> specs, RenewalMode mode) {
        Map<Site, RenewalResult> results = new HashMap<>();
        Map<Site, RenewalResult> left = new HashMap<>();
        Semaphore places = new Semaphore(AT_A_TIME);
        BlockingQueue<RenewalResult> ended = new LinkedBlockingQueue<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            specs.forEach(spec -> threads.execute(() -> ended.add(renewInPlace(spec, mode, places))));
            try {
                gather(specs.size(), ended, results, left);
            } catch (InterruptedException e) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
        return specs.stream()
                .map(CertificateSpec::site)
                .flatMap(site -> both(site, results, left))
                .toList();
    }

    /** Takes in what each site came to, and tells the server from time to time. */
    private void gather(
            int count,
            BlockingQueue<RenewalResult> ended,
            Map<Site, RenewalResult> results,
            Map<Site, RenewalResult> left)
            throws InterruptedException {
        List<Site> installed = new ArrayList<>();
        long first = 0;
        while (results.size() < count || !installed.isEmpty()) {
            long patience = installed.isEmpty() ? Long.MAX_VALUE : first + together.toNanos() - System.nanoTime();
            Optional<RenewalResult> next = results.size() == count
                    ? Optional.empty()
                    : Optional.ofNullable(ended.poll(patience, TimeUnit.NANOSECONDS));
            if (next.isEmpty()) {
                if (!handedOver) {
                    left.putAll(rollout.run(installed));
                }
                installed.clear();
                continue;
            }
            RenewalResult result = next.get();
            results.put(result.site(), result);
            if (isOutstanding(result)) {
                first = installed.isEmpty() ? System.nanoTime() : first;
                installed.add(result.site());
            }
        }
    }

    private boolean isOutstanding(RenewalResult result) {
        boolean others = result instanceof RenewalResult.Busy || result instanceof RenewalResult.Interrupted;
        try {
            return !others && rollout.isOutstanding(result.site());
        } catch (StoreException e) {
            // whoever asks for the progress of this site is told so
            return false;
        }
    }

    private Stream<RenewalResult> both(Site site, Map<Site, RenewalResult> results, Map<Site, RenewalResult> left) {
        RenewalResult order = results.getOrDefault(site, new RenewalResult.Interrupted(site, clock.instant()));
        Optional<RenewalResult> rest = Optional.ofNullable(left.get(site));
        boolean failed = switch (order) {
            case RenewalResult.Failed _,
                    RenewalResult.ForcedRenewalFailed _,
                    RenewalResult.Waiting _,
                    RenewalResult.ImplausibleDates _ -> true;
            case RenewalResult.Renewed _,
                    RenewalResult.NotDue _,
                    RenewalResult.NotDeployed _,
                    RenewalResult.NotServed _,
                    RenewalResult.Busy _,
                    RenewalResult.Interrupted _ -> false;
        };
        return failed ? Stream.concat(Stream.of(order), rest.stream()) : Stream.of(rest.orElse(order));
    }

    private RenewalResult renewInPlace(CertificateSpec spec, RenewalMode mode, Semaphore places) {
        try {
            places.acquire();
            try {
                return renew(spec, mode);
            } finally {
                places.release();
            }
        } catch (InterruptedException e) {
            return new RenewalResult.Interrupted(spec.site(), clock.instant());
        } catch (RuntimeException e) {
            log.error("{}: a defect of this program", spec.site(), e);
            return new RenewalResult.Failed(
                    spec.site(), "a defect of this program: " + e, BackOff.next(3, Optional.empty(), clock.instant()));
        }
    }

    private RenewalResult renew(CertificateSpec spec, RenewalMode mode) {
        Site site = spec.site();
        try {
            Optional<Store.Lock> lock = store.tryLock(site.name());
            if (lock.isEmpty()) {
                return new RenewalResult.Busy(site, clock.instant().plus(WHEN_BUSY));
            }
            try (Store.Lock _ = lock.get()) {
                return renewLocked(spec, mode);
            }
        } catch (StoreException e) {
            // the disk takes nothing from a thread that is interrupted
            return Thread.currentThread().isInterrupted()
                    ? new RenewalResult.Interrupted(site, clock.instant())
                    : unwritten.add(site, e.getMessage(), Optional.empty());
        }
    }

    private RenewalResult renewLocked(CertificateSpec spec, RenewalMode mode) throws StoreException {
        try {
            return renewWhatIsDue(spec, mode);
        } catch (RuntimeException e) {
            // kept as every failure is, or each pass would ask the CA again
            log.error("{}: a defect of this program", spec.site(), e);
            return failed(spec.site(), "a defect of this program: " + e, Optional.empty());
        }
    }

    private RenewalResult renewWhatIsDue(CertificateSpec spec, RenewalMode mode) throws StoreException {
        Site site = spec.site();
        CertificateVersion current = store.ensureSelfSigned(site, spec.keyType(), random);
        Progress progress = store.progress(site.name());
        Due due = due(spec, current);
        if (due instanceof Due.Later(Instant at) && mode == RenewalMode.DUE_ONLY) {
            unwritten.forget(site);
            if (progress.failure().isPresent()) {
                // of something that is not wanted any more
                progress = progress.withoutFailure();
                store.saveProgress(site.name(), progress);
            }
            return new RenewalResult.NotDue(site, at);
        }
        Optional<Progress.Failure> left = progress.failure()
                .filter(failure -> failure.isWaiting(clock.instant()))
                .or(() -> unwritten.of(site));
        if (left.isPresent() && mode == RenewalMode.DUE_ONLY) {
            return new RenewalResult.Waiting(site, left.get(), left.get().nextAttempt());
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

    private Due due(CertificateSpec spec, CertificateVersion current) {
        return Due.of(spec, issuer.directory(), Optional.of(current), clock.instant());
    }

    private RenewalResult issued(CertificateSpec spec, CertificateVersion version, Optional<Progress.Failure> before)
            throws StoreException {
        Site site = spec.site();
        Instant now = clock.instant();
        if (due(spec, version) instanceof Due.Later(Instant at)) {
            unwritten.forget(site);
            return CertificateDates.notYetValid(version, now)
                    .<RenewalResult>map(reason -> new RenewalResult.ImplausibleDates(site, version, reason, at))
                    .orElse(new RenewalResult.Renewed(site, version, at));
        }
        String reason = CertificateDates.dueAtOnce(version, now);
        int times = before.filter(Progress.Failure::certificateIssued)
                        .map(Progress.Failure::count)
                        .orElse(0)
                + 1;
        Progress.Failure failure = new Progress.Failure(times, now, BackOff.afterInVain(times, now), reason, true);
        return keep(site, failure, Optional.of(Duration.between(now, failure.nextAttempt())))
                .orElse(new RenewalResult.ImplausibleDates(site, version, reason, failure.nextAttempt()));
    }

    private RenewalResult failed(Site site, String reason, Optional<Duration> retryAfter) throws StoreException {
        int times = store.progress(site.name())
                        .failure()
                        .filter(before -> !before.certificateIssued())
                        .map(Progress.Failure::count)
                        .orElse(0)
                + 1;
        Instant now = clock.instant();
        Progress.Failure failure = new Progress.Failure(times, now, BackOff.next(times, retryAfter, now), reason);
        return keep(site, failure, retryAfter).orElse(new RenewalResult.Failed(site, reason, failure.nextAttempt()));
    }

    /** Nothing was tried, so the failure of before keeps its number and its words. */
    private RenewalResult postponed(Site site, String reason, Instant until) throws StoreException {
        Instant now = clock.instant();
        Instant next = BackOff.next(1, Optional.of(Duration.between(now, until)), now);
        Progress.Failure before =
                store.progress(site.name()).failure().orElse(new Progress.Failure(1, now, next, reason));
        Instant later = before.nextAttempt().isAfter(next) ? before.nextAttempt() : next;
        Progress.Failure failure = new Progress.Failure(
                before.count(), before.lastAttempt(), later, before.reason(), before.certificateIssued());
        return keep(site, failure, Optional.of(Duration.between(now, later)))
                .orElse(new RenewalResult.Failed(site, reason, later));
    }

    /**
     * Keeps the failure on disk.
     *
     * @return what came of it where the disk does not take it
     */
    private Optional<RenewalResult> keep(Site site, Progress.Failure failure, Optional<Duration> retryAfter)
            throws StoreException {
        try {
            store.saveProgress(site.name(), store.progress(site.name()).withFailure(failure));
            unwritten.forget(site);
            return Optional.empty();
        } catch (StoreException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            boolean theSame = failure.reason().equals(e.getMessage());
            String both = theSame ? e.getMessage() : failure.reason() + " This could not be noted: " + e.getMessage();
            return Optional.of(unwritten.add(site, both, retryAfter));
        }
    }
}
