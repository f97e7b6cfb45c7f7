package org.ringcert.renew;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.BackOff;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.Issuer;
import org.ringcert.store.CertificateName;
import org.ringcert.store.StoreException;

/**
 * One pass over some certificates: renews them concurrently, those of one site one after the other, collects the
 * results, and rolls out together what was installed. At its end it registers missing accounts. Used once, by one
 * thread.
 */
final class RenewalPass {

    /**
     * How many sites are renewed at the same time. Nearly all of that time is spent waiting for the CA. The number of
     * concurrent requests to the CA has a limit of its own.
     */
    static final int MAX_CONCURRENT_SITES = 128;

    private final SiteRenewer renewer;
    private final List<Issuer> issuers;
    private final Rollout rollout;
    private final Duration maxRolloutDelay;
    private final InstantSource clock;
    private final List<CertificateSpec> specs;
    private final RenewalMode mode;

    private final Map<HostName, List<CertificateSpec>> specsBySite;
    private final Consumer<List<RenewalResult>> reporter;
    private final RenewalSlots slots;
    private final BlockingQueue<RenewalResult> finished = new LinkedBlockingQueue<>();
    private final Map<CertificateName, RenewalResult> renewalResults = new HashMap<>();
    private final Map<CertificateName, RenewalResult> rolloutResults = new HashMap<>();
    private final List<CertificateName> toRollOut = new ArrayList<>();
    private final Set<CertificateName> rolledOut = new HashSet<>();
    private final Set<CertificateName> concluded = new HashSet<>();
    /** By {@link System#nanoTime}; meaningless while {@link #toRollOut} is empty. */
    private long rolloutDeadline;

    /**
     * How long others may be held up.
     *
     * @param rolloutDelay how long an installed certificate waits for other renewals before it is rolled out
     * @param slotTime how long a site that is being renewed may keep others from it
     */
    record Limits(Duration rolloutDelay, Duration slotTime) {}

    /** @param reporter receives the results of each site as soon as the pass has finished with it, on any thread */
    RenewalPass(
            SiteRenewer renewer,
            List<Issuer> issuers,
            Rollout rollout,
            Limits limits,
            InstantSource clock,
            Collection<CertificateSpec> specs,
            RenewalMode mode,
            Consumer<List<RenewalResult>> reporter) {
        this.renewer = renewer;
        this.issuers = List.copyOf(issuers);
        this.rollout = rollout;
        this.maxRolloutDelay = limits.rolloutDelay();
        this.slots = new RenewalSlots(MAX_CONCURRENT_SITES, limits.slotTime());
        this.reporter = reporter;
        this.clock = clock;
        this.specs = List.copyOf(specs);
        this.specsBySite = this.specs.stream()
                .collect(Collectors.groupingBy(spec -> spec.name().site(), LinkedHashMap::new, Collectors.toList()));
        this.mode = mode;
    }

    /** Returns the results in the order of the specs. An interrupt ends the pass soon and is preserved. */
    List<RenewalResult> run() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            specsBySite.values().forEach(specsOfSite -> threads.execute(() -> renewInTurn(specsOfSite.iterator())));
            try {
                collectAndRollOut(threads);
                // Orders have registered the accounts that they needed.
                issuers.forEach(issuer -> threads.execute(() -> maintainAccount(issuer)));
            } catch (InterruptedException e) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
        specs.stream()
                .map(CertificateSpec::name)
                .filter(Predicate.not(concluded::contains))
                .forEach(name -> conclude(name, Runnable::run));
        return specs.stream().flatMap(spec -> results(spec.name())).toList();
    }

    /** Tests and reports the certificates of the site if this was the last one that was in progress. */
    private void conclude(CertificateName name, Executor threads) {
        concluded.add(name);
        List<CertificateSpec> specsOfSite = Objects.requireNonNull(specsBySite.get(name.site()));
        if (specsOfSite.stream().map(CertificateSpec::name).allMatch(concluded::contains)) {
            List<RenewalResult> results =
                    specsOfSite.stream().flatMap(spec -> results(spec.name())).toList();
            Set<CertificateName> served = specsOfSite.stream()
                    .map(CertificateSpec::name)
                    .filter(rolledOut::contains)
                    .collect(Collectors.toSet());
            threads.execute(() -> {
                try {
                    specsOfSite.forEach(spec -> renewer.testServed(spec, served.contains(spec.name())));
                } finally {
                    reporter.accept(results);
                }
            });
        }
    }

    private void renewInTurn(Iterator<CertificateSpec> specsOfSite) {
        if (specsOfSite.hasNext()) {
            try {
                renewInSlot(specsOfSite.next());
            } finally {
                renewInTurn(specsOfSite);
            }
        }
    }

    /** Renews the certificate when a slot is free. Adds exactly one result, whatever happens. */
    private void renewInSlot(CertificateSpec spec) {
        // Used only if a bug prevents even the failure from being saved. The delay protects the CA.
        RenewalResult result = new RenewalResult.Failed(
                spec.name(), "A bug in Ringcert; see the log", BackOff.COUNTED.next(3, clock.instant()));
        try {
            try (RenewalSlots.Slot _ = slots.acquire()) {
                result = renewer.renew(spec, mode);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            result = new RenewalResult.Interrupted(spec.name(), clock.instant());
        } finally {
            finished.add(result);
        }
    }

    /** Looks after the account at a CA. Registers a missing one, unless a site's order waits to do so. */
    private void maintainAccount(Issuer issuer) {
        try {
            if (!issuer.lacksAccount()) {
                issuer.maintainAccount();
            } else if (!isAnySiteWaitingFor(issuer.directory())) {
                issuer.registerMissingAccount();
            }
        } catch (StoreException e) {
            // Nothing can be registered. An order that needs the account reports the problem.
        }
    }

    private boolean isAnySiteWaitingFor(URI caDirectory) throws StoreException {
        for (CertificateSpec spec : specs) {
            if (renewer.isWaitingFor(spec.name(), caDirectory)) {
                return true;
            }
        }
        return false;
    }

    private void collectAndRollOut(Executor threads) throws InterruptedException {
        while (renewalResults.size() < specs.size()) {
            Optional<RenewalResult> result = awaitResult();
            if (result.isPresent()) {
                collect(result.get(), threads);
            } else {
                rollOut(threads);
            }
        }
        rollOut(threads);
    }

    /** Returns the next result, or nothing if it does not arrive before the rollout deadline. */
    private Optional<RenewalResult> awaitResult() throws InterruptedException {
        return toRollOut.isEmpty()
                ? Optional.of(finished.take())
                : Optional.ofNullable(finished.poll(rolloutDeadline - System.nanoTime(), TimeUnit.NANOSECONDS));
    }

    private void collect(RenewalResult result, Executor threads) {
        renewalResults.put(result.name(), result);
        if (isToBeRolledOut(result)) {
            if (toRollOut.isEmpty()) {
                rolloutDeadline = System.nanoTime() + maxRolloutDelay.toNanos();
            }
            toRollOut.add(result.name());
        } else {
            conclude(result.name(), threads);
        }
    }

    private boolean isToBeRolledOut(RenewalResult result) {
        if (result instanceof RenewalResult.Busy || result instanceof RenewalResult.Interrupted) {
            return false;
        }
        try {
            return rollout.isOutstanding(result.name());
        } catch (StoreException e) {
            // The renewal of this site has read the same file, and reports the problem.
            return false;
        }
    }

    private void rollOut(Executor threads) {
        if (!toRollOut.isEmpty()) {
            Map<CertificateName, RenewalResult> outstanding = rollout.run(toRollOut);
            rolloutResults.putAll(outstanding);
            toRollOut.stream().filter(name -> !outstanding.containsKey(name)).forEach(rolledOut::add);
            List<CertificateName> tried = List.copyOf(toRollOut);
            toRollOut.clear();
            tried.forEach(name -> conclude(name, threads));
        }
    }

    private Stream<RenewalResult> results(CertificateName name) {
        RenewalResult renewal = renewalResults.getOrDefault(name, new RenewalResult.Interrupted(name, clock.instant()));
        Optional<RenewalResult> outstanding = Optional.ofNullable(rolloutResults.get(name));
        return hasProblem(renewal)
                ? Stream.concat(Stream.of(renewal), outstanding.stream())
                : Stream.of(outstanding.orElse(renewal));
    }

    private static boolean hasProblem(RenewalResult renewal) {
        return switch (renewal) {
            case RenewalResult.Failed _,
                    RenewalResult.Postponed _,
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
    }
}
