package org.ringcert.renew;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.issue.Issuer;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.PendingRollout;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * Renews certificates that are due, and deploys them. All state that has to last is on disk, and each site is protected
 * by its lock, so the daemon and commands may work side by side. Safe for any number of threads.
 */
public final class Renewals {

    /**
     * How long an installed certificate waits for the rest of its pass before it is deployed. An order may take ten
     * minutes to fail, and the certificate that waits may be a site's first.
     */
    private static final Duration MAX_ROLLOUT_DELAY = Duration.ofMinutes(1);

    /** How long a site that is being renewed keeps others from it, if very many are due. Most orders take seconds. */
    private static final Duration MAX_SLOT_TIME = Duration.ofMinutes(1);

    private final Store store;
    private final Rollout rollout;
    private final RenewalPass.Limits limits;
    private final InstantSource clock;
    private final SecureRandom random;
    private final SiteRenewer renewer;
    private final List<Issuer> issuers;

    /**
     * @param issuers one for each configured CA
     * @param listener is told when a CA is asked that is not the preferred one
     * @param canaries tells which node renews first, and what it got
     * @param turns decides which orders have to wait
     */
    public Renewals(
            Store store,
            List<Issuer> issuers,
            IssuanceListener listener,
            CanaryView canaries,
            OrderTurns turns,
            Deployer deployer,
            ServedCheck servedCheck,
            InstantSource clock,
            SecureRandom random) {
        this(
                store,
                issuers,
                listener,
                canaries,
                turns,
                new Rollout(store, deployer, servedCheck, clock),
                new RenewalPass.Limits(MAX_ROLLOUT_DELAY, MAX_SLOT_TIME),
                clock,
                random);
    }

    Renewals(
            Store store,
            List<Issuer> issuers,
            IssuanceListener listener,
            CanaryView canaries,
            OrderTurns turns,
            Rollout rollout,
            RenewalPass.Limits limits,
            InstantSource clock,
            SecureRandom random) {
        this.store = store;
        this.rollout = rollout;
        this.limits = limits;
        this.clock = clock;
        this.random = random;
        Map<URI, Issuer> byDirectory =
                issuers.stream().collect(Collectors.toMap(Issuer::directory, Function.identity()));
        this.renewer = new SiteRenewer(store, byDirectory, listener, canaries, turns, clock, random);
        this.issuers = List.copyOf(issuers);
    }

    /**
     * Renews the given sites, several at a time, once more those that could not reach a CA which then answered another,
     * and deploys what was installed. All of it is deployed at once when the last renewal has ended, or a minute after
     * the first if others take longer. Returns when everything is done; an interrupt ends it soon and is preserved.
     *
     * @return one result for each spec, in the same order. A site has a second one if its renewal failed and an earlier
     *     certificate is still to be deployed or checked.
     */
    public List<RenewalResult> pass(Collection<CertificateSpec> specs, RenewalMode mode) {
        Map<CertificateName, List<RenewalResult>> results = new LinkedHashMap<>();
        specs.forEach(spec -> results.put(spec.name(), List.of()));
        run(specs, mode, results);
        List<CertificateSpec> recovered = takeRecovered(specs);
        if (!mode.isForced() && !recovered.isEmpty()) {
            run(recovered, mode, results);
        }
        return results.values().stream().flatMap(List::stream).toList();
    }

    private void run(
            Collection<CertificateSpec> specs, RenewalMode mode, Map<CertificateName, List<RenewalResult>> results) {
        results.putAll(
                newPass(specs, mode, _ -> {}).run().stream().collect(Collectors.groupingBy(RenewalResult::name)));
    }

    /**
     * As {@link #pass}, for a loop that repeats what is due: tries nothing a second time.
     *
     * @param reporter receives the results of each site as soon as the pass has finished with it, on any thread
     */
    void pass(Collection<CertificateSpec> specs, Consumer<List<RenewalResult>> reporter) {
        List<RenewalResult> _ = newPass(specs, RenewalMode.DUE_ONLY, reporter).run();
    }

    private RenewalPass newPass(
            Collection<CertificateSpec> specs, RenewalMode mode, Consumer<List<RenewalResult>> reporter) {
        return new RenewalPass(renewer, issuers, rollout, limits, clock, specs, mode, reporter);
    }

    /**
     * Returns the sites that wait because a CA could not be reached which has answered since. Each is returned once for
     * each wait.
     */
    List<CertificateSpec> takeRecovered(Collection<CertificateSpec> specs) {
        Set<CertificateName> recovered = Set.copyOf(renewer.takeRecovered());
        return specs.stream().filter(spec -> recovered.contains(spec.name())).toList();
    }

    /**
     * Asks the CAs when they suggest to renew the certificates of these sites, where it is time to ask. A pass does the
     * same, but may then find that it has to order: whoever has to prepare for orders calls this first. Sites that
     * another thread or process is working on are left out. An interrupt ends it soon and is preserved.
     */
    public void refreshSchedules(Collection<CertificateSpec> specs) {
        List<CertificateSpec> toAsk =
                specs.stream().filter(renewer::isTimeToAsk).toList();
        if (toAsk.isEmpty()) {
            return;
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(
                Math.min(toAsk.size(), RenewalPass.MAX_CONCURRENT_SITES),
                Thread.ofVirtual().factory())) {
            toAsk.forEach(spec -> threads.execute(() -> renewer.refreshSchedule(spec)));
        }
    }

    /**
     * Returns whether a pass may ask a CA for the site's certificate now. An order that waits for its turn counts: the
     * pass decides again whether its turn has come.
     */
    public boolean wouldOrder(CertificateSpec spec, RenewalMode mode) throws StoreException {
        if (mode.isForced()) {
            return true;
        }
        RenewalPlan plan = plan(spec, mode);
        return plan.source().isPresent()
                || plan.pendingWait().filter(RenewalWait::isPlanned).isPresent();
    }

    RenewalPlan plan(CertificateSpec spec, RenewalMode mode) throws StoreException {
        return RenewalPlan.of(spec, store, mode, clock.instant());
    }

    /**
     * Creates what a web server needs to start before the first order: a key and a self-signed certificate, if the site
     * has none.
     *
     * @return the current version; empty if another thread or process is working on the site
     */
    public Optional<CertificateVersion> prepare(CertificateSpec spec) throws StoreException {
        Optional<Store.Lock> lock = store.tryLock(spec.site().name());
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try (Store.Lock _ = lock.get()) {
            return Optional.of(store.ensureSelfSigned(
                    spec.name(), spec.site(), spec.preferredSource().keyType(), random));
        }
    }

    /**
     * Registers this node's account at each CA that has none, even if that has failed recently. Failures are reported
     * to the listener and kept in the store ({@link AccountStore#problem}).
     */
    public void prepareAccounts() {
        for (Issuer issuer : issuers) {
            Optional<String> _ = issuer.prepareAccount();
        }
    }

    /**
     * Ends the wait after failed orders, deployments and checks of the certificate, because their cause may be gone.
     * The next pass tries all of it again. Does nothing if another thread or process is working on the site.
     */
    public void clearBackOff(CertificateName name) throws StoreException {
        Optional<Store.Lock> lock = store.tryLock(name.site());
        if (lock.isEmpty()) {
            return;
        }
        try (Store.Lock _ = lock.get()) {
            Progress progress = store.progress(name);
            Progress cleared = rollout.isOutstanding(name)
                    ? progress.withRollout(new PendingRollout.Undeployed(Progress.PendingTask.from(clock.instant())))
                    : progress;
            store.saveProgress(name, cleared.withoutWaits());
        }
    }

    /**
     * Ends the wait after failed orders of the certificate at one CA, because their cause may be gone. Does nothing if
     * another thread or process is working on the site.
     *
     * @param directory the URL of the CA's directory
     */
    public void clearBackOff(CertificateName name, URI directory) throws StoreException {
        Optional<Store.Lock> lock = store.tryLock(name.site());
        if (lock.isEmpty()) {
            return;
        }
        try (Store.Lock _ = lock.get()) {
            Progress progress = store.progress(name);
            if (progress.hasWaits()) {
                store.saveProgress(name, progress.with(progress.at(directory).withoutWaits()));
            }
        }
    }

    /**
     * From now on deploys nothing. Certificates from orders that are still in progress are installed, and left for
     * other {@code Renewals} to deploy and check: their next pass finds them in the store.
     */
    public void stopDeploying() {
        rollout.stop();
    }
}
