package org.ringcert.renew;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.InstallationTest;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.FailedTest;
import org.ringcert.store.Origin;
import org.ringcert.store.Progress;
import org.ringcert.store.RenewalSchedule;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * Lets renewals wait as {@link CanaryRule} says, and keeps in the store what they wait for. Safe for any number of
 * threads; the caller holds the site's lock.
 */
final class CanaryTests {

    private final Store store;
    private final CanaryView canaries;
    private final IssuanceListener listener;
    private final InstantSource clock;

    CanaryTests(Store store, CanaryView canaries, IssuanceListener listener, InstantSource clock) {
        this.store = store;
        this.canaries = canaries;
        this.listener = listener;
        this.clock = clock;
    }

    /** Whether a certificate may be ordered now. */
    sealed interface Admission {

        /** It may not. */
        record Wait(RenewalWait pendingWait) implements Admission {}

        /** It may, and is tested before it is installed. */
        record Order(InstallationTest test) implements Admission {}
    }

    /**
     * Looks at the canary, if the rule applies, and decides.
     *
     * @param otherWait what the order has to wait for anyway; nothing is looked at meanwhile
     */
    Admission admit(
            CertificateSpec spec,
            Due due,
            CertificateVersion current,
            RenewalSchedule schedule,
            RenewalMode mode,
            Optional<RenewalWait> otherWait)
            throws StoreException {
        Progress progress = store.progress(spec.name());
        if (!CanaryRule.applies(due, mode, schedule, progress)) {
            return new Admission.Order(InstallationTest.NONE);
        }
        Optional<RenewalWait> pendingWait = mode.isForced()
                ? Optional.empty()
                : CanaryRule.pendingWait(due, schedule, mode.adjust(progress), clock.instant())
                        .or(() -> otherWait);
        if (pendingWait.isPresent()) {
            return new Admission.Wait(pendingWait.get());
        }
        if (hasKeptCertificate(progress)) {
            return new Admission.Order(test(spec, current, mode, false));
        }
        CanarySight sight = canaries.look(spec, current);
        Optional<FailedTest> failed = mode.isForced()
                ? Optional.empty()
                : CanaryRule.beforeOrder(current, sight, progress.failedTest(), clock.instant());
        if (!failed.equals(progress.failedTest())) {
            store.saveProgress(spec.name(), progress.withFailedTest(failed));
        }
        return failed.<Admission>map(test -> new Admission.Wait(CanaryRule.waitFor(test)))
                .orElseGet(() -> new Admission.Order(test(spec, current, mode, sight)));
    }

    private static boolean hasKeptCertificate(Progress progress) {
        return progress.authorities().stream()
                .flatMap(authority -> authority.order().stream())
                .anyMatch(order -> !order.chain().isEmpty());
    }

    private InstallationTest test(
            CertificateSpec spec, CertificateVersion current, RenewalMode mode, CanarySight sight) {
        return switch (sight) {
            // The canary's visitors are the other nodes, which look at what it presents.
            case CanarySight.IsCanary() -> InstallationTest.NONE;
            case CanarySight.Good(var _) -> InstallationTest.NONE;
            case CanarySight.NothingNew() -> test(spec, current, mode, false);
            case CanarySight.Bad(HostName canary, String reason) -> {
                listener.onEvent(spec.name(), new IssuanceEvent.CanaryIsBad(canary, reason, cause(mode, "twelfth")));
                yield test(spec, current, mode, true);
            }
        };
    }

    private static String cause(RenewalMode mode, String part) {
        return mode.isForced()
                ? "this was forced"
                : "only a " + part + " of the present certificate's lifetime is left";
    }

    /** @param isCanaryBad whether it is worth a message that the test has succeeded */
    private InstallationTest test(
            CertificateSpec spec, CertificateVersion current, RenewalMode mode, boolean isCanaryBad) {
        return (key, chain) -> reasonToKeep(spec, key, chain, current, mode, isCanaryBad);
    }

    private Optional<String> reasonToKeep(
            CertificateSpec spec,
            KeyPair key,
            List<X509Certificate> chain,
            CertificateVersion current,
            RenewalMode mode,
            boolean isCanaryBad) {
        Optional<String> problem = canaries.test(spec, key, chain, current);
        if (problem.isEmpty()) {
            if (isCanaryBad) {
                listener.onEvent(spec.name(), new IssuanceEvent.TestPassed());
            }
            return problem;
        }
        if (mode.isForced() || !clock.instant().isBefore(CanaryRule.installedAt(current))) {
            listener.onEvent(spec.name(), new IssuanceEvent.TestFailed(problem.get(), cause(mode, "forty-eighth")));
            return Optional.empty();
        }
        return problem;
    }

    /** Saves that a certificate is kept, and returns the wait for its next test. */
    RenewalWait kept(CertificateName name, String reason) throws StoreException {
        Progress progress = store.progress(name);
        CertificateVersion current = store.current(name).orElseThrow();
        FailedTest failed =
                CanaryRule.beforeInstallation(current, canaries.self(), reason, progress.failedTest(), clock.instant());
        store.saveProgress(name, progress.withFailedTest(Optional.of(failed)));
        return CanaryRule.waitFor(failed);
    }

    /**
     * Tests the current certificate, if this node is the canary and presents it. The other nodes do so as well, before
     * they renew theirs.
     */
    void testServed(CertificateSpec spec) throws StoreException {
        CertificateName name = spec.name();
        Optional<CertificateVersion> current = store.current(name);
        Optional<CertificateVersion> previous = current.flatMap(version -> previous(name, version));
        if (previous.isEmpty()) {
            return;
        }
        Optional<String> problem = canaries.testServed(spec, current.get(), previous.get());
        if (Thread.currentThread().isInterrupted()) {
            return;
        }
        Progress progress = store.progress(name);
        Optional<FailedTest> failed = problem.map(reason -> CanaryRule.afterInstallation(
                previous.get(), canaries.self(), reason, progress.failedTest(), clock.instant()));
        Optional<String> previousReason = progress.failedTest().map(FailedTest::reason);
        if (!failed.equals(progress.failedTest())) {
            store.saveProgress(name, progress.withFailedTest(failed));
        }
        problem.filter(reason -> !Optional.of(reason).equals(previousReason))
                .ifPresent(reason -> listener.onEvent(
                        name,
                        new IssuanceEvent.TestFailed(
                                reason, "this server renews first, and the others look at what it presents")));
    }

    private Optional<CertificateVersion> previous(CertificateName name, CertificateVersion current) {
        try {
            return store.versions(name).stream()
                    .filter(version -> version.notBefore().isBefore(current.notBefore()))
                    .filter(version -> version.origin() instanceof Origin.IssuedByCa)
                    .findFirst();
        } catch (StoreException e) {
            return Optional.empty();
        }
    }
}
