package org.ringcert.renew;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ringcert.acme.AcmeException.Fault;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.CertificateSpec.Source;
import org.ringcert.issue.InstallationTest;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.issue.IssuanceOutcome;
import org.ringcert.issue.Issuer;
import org.ringcert.issue.Preflight;
import org.ringcert.store.AuthorityProgress;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.FailureKind;
import org.ringcert.store.Origin;
import org.ringcert.store.Postponement;
import org.ringcert.store.Progress;
import org.ringcert.store.RenewalSchedule;
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
    private final Map<URI, Issuer> issuers;
    private final IssuanceListener listener;
    private final InstantSource clock;
    private final SecureRandom random;
    private final RenewalSchedules schedules;
    private final FailureRecords failures;
    private final CanaryTests tests;
    private final PendingTurns turns;
    private final CaAnswers answers = new CaAnswers();

    /**
     * @param issuers the issuers of all CAs, by the URL of the CA's directory
     * @param canaries tells which node renews first, and what it got
     * @param turns decides which orders have to wait
     */
    SiteRenewer(
            Store store,
            Map<URI, Issuer> issuers,
            IssuanceListener listener,
            CanaryView canaries,
            OrderTurns turns,
            InstantSource clock,
            SecureRandom random) {
        this.store = store;
        this.issuers = Map.copyOf(issuers);
        this.listener = listener;
        this.clock = clock;
        this.random = random;
        this.schedules = new RenewalSchedules(store, clock, canaries, turns, answers);
        this.failures = new FailureRecords(store, clock);
        this.tests = new CanaryTests(store, canaries, listener, clock);
        this.turns = new PendingTurns(store, turns, this::orderable, failures, listener, clock);
    }

    /** Renews the site's certificate if the mode asks for it, and does not deploy it. */
    RenewalResult renew(CertificateSpec spec, RenewalMode mode) {
        CertificateName name = spec.name();
        try {
            Optional<Store.Lock> lock = store.tryLock(name.site());
            if (lock.isEmpty()) {
                return new RenewalResult.Busy(name, clock.instant().plus(BUSY_RETRY_DELAY));
            }
            try (Store.Lock _ = lock.get()) {
                return renewLocked(spec, mode);
            }
        } catch (StoreException e) {
            // An interrupted thread cannot use the disk.
            return Thread.currentThread().isInterrupted()
                    ? new RenewalResult.Interrupted(name, clock.instant())
                    : failures.ofStore(name, e);
        }
    }

    /** Returns whether the site's next order at the CA has to wait after a failure or a look. */
    boolean isWaitingFor(CertificateName name, URI caDirectory) throws StoreException {
        AuthorityProgress atCa = store.progress(name).at(caDirectory);
        Instant now = clock.instant();
        return atCa.failure().filter(failure -> failure.isWaiting(now)).isPresent()
                || atCa.postponement()
                        .filter(postponement -> postponement.isWaiting(now))
                        .isPresent();
    }

    /** Returns whether the CA of the site's certificate is to be asked when it suggests to renew it. */
    boolean isTimeToAsk(CertificateSpec spec) {
        try {
            return store.current(spec.name())
                    .filter(version -> issuer(spec, version).isPresent() && schedules.isTimeToAsk(version))
                    .isPresent();
        } catch (StoreException e) {
            // The next pass gets the same error and reports it.
            return false;
        }
    }

    /** Asks the CA when it suggests to renew the site's certificate. Does nothing if the site is locked. */
    void refreshSchedule(CertificateSpec spec) {
        try {
            Optional<Store.Lock> lock = store.tryLock(spec.site().name());
            if (lock.isPresent()) {
                try (Store.Lock _ = lock.get()) {
                    Optional<CertificateVersion> current = store.current(spec.name());
                    if (current.isPresent()) {
                        RenewalSchedule _ = refreshSchedule(spec, current.get());
                    }
                }
            }
        } catch (StoreException e) {
            log.debug("{}: the CA's suggestion was not saved", spec.name(), e);
        }
    }

    /** Returns the certificates that wait for a CA which has answered since. Each is returned once for each wait. */
    List<CertificateName> takeRecovered() {
        return answers.takeRecovered(clock.instant());
    }

    private RenewalResult renewLocked(CertificateSpec spec, RenewalMode mode) throws StoreException {
        RenewalResult result = renewReportingBugs(spec, mode);
        answers.keepWait(result, store);
        return result;
    }

    private RenewalResult renewReportingBugs(CertificateSpec spec, RenewalMode mode) throws StoreException {
        try {
            return renewIfNeeded(spec, mode);
        } catch (RuntimeException e) {
            return failures.failed(spec.name(), spec.preferredSource().directory(), bug(spec.name(), e), mode);
        }
    }

    /** Makes a bug a failure like any other, so that it is saved. Otherwise each pass would ask the CA again. */
    private static IssuanceOutcome.Failed bug(CertificateName name, RuntimeException e) {
        log.error("{}: a bug in Ringcert", name, e);
        return new IssuanceOutcome.Failed("A bug in Ringcert: " + e, Optional.empty(), Fault.SITE, FailureKind.COUNTED);
    }

    private RenewalResult renewIfNeeded(CertificateSpec spec, RenewalMode mode) throws StoreException {
        CertificateName name = spec.name();
        CertificateVersion current =
                store.ensureSelfSigned(name, spec.site(), spec.preferredSource().keyType(), random);
        RenewalSchedule schedule = refreshSchedule(spec, current);
        Due due = mode.due(spec, Optional.of(current), schedule, clock.instant());
        if (!mode.isForced()) {
            if (due instanceof Due.Later(Instant at)) {
                failures.forget(name);
                return new RenewalResult.NotDue(name, at, nextAttention(at, schedule));
            }
            Optional<Progress.Failure> unsaved = failures.waitingForStore(name);
            if (unsaved.isPresent()) {
                return new RenewalResult.Waiting(name, RenewalWait.after(unsaved.get()));
            }
        }
        Optional<RenewalWait> otherWait = pendingWait(spec, due, current, mode.adjust(schedule), mode);
        return switch (tests.admit(spec, due, current, schedule, mode, otherWait)) {
            case CanaryTests.Admission.Wait(RenewalWait pendingWait) -> new RenewalResult.Waiting(name, pendingWait);
            case CanaryTests.Admission.Order(InstallationTest test) ->
                order(spec, due, current, mode.adjust(schedule), mode, test);
        };
    }

    /** Returns what an order has to wait for, as far as that is known without a look. */
    private Optional<RenewalWait> pendingWait(
            CertificateSpec spec, Due due, CertificateVersion current, RenewalSchedule schedule, RenewalMode mode)
            throws StoreException {
        Failover failover = failover(spec, due, current, schedule, mode.adjust(turns.current(spec, mode, Set.of())));
        return failover.choose(mode, Set.of()).isPresent() ? Optional.empty() : Optional.of(failover.pendingWait());
    }

    /**
     * Tests what visitors get, if this node renews the site first: after a rollout, and again when it is time to after
     * a test that has failed. Does nothing if the site is locked.
     */
    void testServed(CertificateSpec spec, boolean isRolledOut) {
        try {
            if (!isRolledOut && !isTimeToTestAgain(spec.name())) {
                return;
            }
            Optional<Store.Lock> lock = store.tryLock(spec.site().name());
            if (lock.isPresent()) {
                try (Store.Lock _ = lock.get()) {
                    tests.testServed(spec);
                }
            }
        } catch (StoreException e) {
            log.debug("{}: the test of what visitors get was not saved", spec.name(), e);
        }
    }

    private boolean isTimeToTestAgain(CertificateName name) throws StoreException {
        return store.progress(name)
                .failedTest()
                .filter(test -> !test.delaysThisNode() && !clock.instant().isBefore(test.nextTest()))
                .isPresent();
    }

    /** Asks the CAs in turn, as {@link Failover} says, until one has issued a certificate or no other may be asked. */
    private RenewalResult order(
            CertificateSpec spec,
            Due due,
            CertificateVersion current,
            RenewalSchedule schedule,
            RenewalMode mode,
            InstallationTest test)
            throws StoreException {
        Set<URI> asked = new HashSet<>();
        List<String> reasons = new ArrayList<>();
        Optional<RenewalResult> result = Optional.empty();
        while (true) {
            Failover failover = failover(spec, due, current, schedule, mode.adjust(turns.current(spec, mode, asked)));
            Optional<Failover.Choice> choice = failover.choose(mode, asked);
            if (choice.isEmpty()) {
                return result.orElseGet(() -> new RenewalResult.Waiting(spec.name(), failover.pendingWait()));
            }
            Source source = choice.get().source();
            asked.add(source.directory());
            if (turns.hasToWait(spec, source, current, schedule, mode)) {
                continue;
            }
            reportChangeOfCa(spec, choice.get(), current);
            RenewalResult latest = order(spec, source, due, mode, test);
            if (isWaitingForTurn(latest)) {
                continue;
            }
            Optional<String> reason = reasonToAskAnother(latest);
            if (reason.isEmpty()) {
                return latest;
            }
            // The looks before the orders of two CAs usually see the same.
            if (latest instanceof RenewalResult.Failed || !reasons.contains(reason.get())) {
                reasons.add(reason.get());
            }
            Failover afterwards = failover(spec, due, current, schedule, store.progress(spec.name()));
            // A failure that could not be saved delays all CAs.
            Instant next = afterwards.isDelayed(source) ? afterwards.nextChance() : latest.next();
            result = Optional.of(
                    latest instanceof RenewalResult.Postponed postponed && result.isEmpty()
                            ? new RenewalResult.Postponed(spec.name(), postponed.reason(), next, postponed.orderAt())
                            : new RenewalResult.Failed(spec.name(), join(reasons), next));
        }
    }

    private static boolean isWaitingForTurn(RenewalResult result) {
        return result instanceof RenewalResult.Waiting waiting
                && waiting.pendingWait().causes().getFirst() instanceof RenewalWait.ForTurn;
    }

    private void reportChangeOfCa(CertificateSpec spec, Failover.Choice choice, CertificateVersion current) {
        URI directory = choice.source().directory();
        if (choice.fallback().isPresent()) {
            Fallback fallback = choice.fallback().get();
            listener.onEvent(
                    spec.name(), new IssuanceEvent.FallsBack(directory, fallback.unavailable(), fallback.reason()));
        } else if (current.origin() instanceof Origin.IssuedByCa previous
                && !previous.directory().equals(directory)) {
            listener.onEvent(
                    spec.name(),
                    spec.source(previous.directory()).isPresent()
                            ? new IssuanceEvent.SwitchesCa(directory, previous.directory())
                            : new IssuanceEvent.LeavesCa(directory, previous.directory()));
        }
    }

    /** Returns why there is no certificate, if another CA may be asked. */
    private static Optional<String> reasonToAskAnother(RenewalResult result) {
        return switch (result) {
            case RenewalResult.Failed failed -> Optional.of(failed.reason());
            case RenewalResult.Postponed postponed -> Optional.of(postponed.reason());
            default -> Optional.empty();
        };
    }

    private static String join(List<String> reasons) {
        return reasons.stream()
                .reduce((text, reason) -> text + (text.endsWith(".") ? " " : ". ") + reason)
                .orElseThrow();
    }

    private Failover failover(
            CertificateSpec spec, Due due, CertificateVersion current, RenewalSchedule schedule, Progress progress) {
        Instant now = clock.instant();
        return Failover.of(spec, due, Optional.of(current), schedule, answers.endWaits(progress, now), now);
    }

    private RenewalResult order(CertificateSpec spec, Source source, Due due, RenewalMode mode, InstallationTest test)
            throws StoreException {
        CertificateName name = spec.name();
        URI directory = source.directory();
        Optional<Progress.Failure> previous = store.progress(name).at(directory).failure();
        IssuanceOutcome outcome = issue(spec, source, mode, test);
        answers.addIfAnswered(directory, outcome, clock.instant());
        if (outcome instanceof IssuanceOutcome.Failed failed) {
            listener.onEvent(name, new IssuanceEvent.Failed(directory, failed.reason()));
        }
        return switch (outcome) {
            case IssuanceOutcome.Issued(CertificateVersion version) -> issued(spec, directory, version, previous);
            case IssuanceOutcome.Failed failure ->
                due instanceof Due.Later(Instant at)
                        ? new RenewalResult.ForcedRenewalFailed(name, failure.reason(), at)
                        : failures.failed(name, directory, failure, mode);
            case IssuanceOutcome.Postponed postponed -> failures.postponed(name, directory, postponed);
            case IssuanceOutcome.Refused refusal -> turns.refused(spec, source, due, refusal);
            case IssuanceOutcome.LookFailed(Postponement postponement) -> {
                failures.forgetUnsaved(name);
                yield new RenewalResult.Postponed(
                        name, postponement.reason(), postponement.nextLook(), postponement.orderAt());
            }
            case IssuanceOutcome.Kept(String reason) -> {
                failures.forgetUnsaved(name);
                yield new RenewalResult.Waiting(name, tests.kept(name, reason));
            }
            case IssuanceOutcome.Interrupted() -> new RenewalResult.Interrupted(name, clock.instant());
        };
    }

    private IssuanceOutcome issue(CertificateSpec spec, Source source, RenewalMode mode, InstallationTest test) {
        Preflight.Power power = mode.isForced() ? Preflight.Power.MAY_WARN : Preflight.Power.MAY_POSTPONE;
        try {
            return issuer(source.directory()).issue(spec, source, power, test);
        } catch (RuntimeException e) {
            return bug(spec.name(), e);
        }
    }

    private CertificateSpec orderable(CertificateSpec spec, Source source) {
        return issuer(source.directory()).orderable(spec, source);
    }

    private Issuer issuer(URI directory) {
        return Optional.ofNullable(issuers.get(directory)).orElseThrow();
    }

    /** Returns the schedule of the version, after asking its CA if it is time to and the CA is configured. */
    private RenewalSchedule refreshSchedule(CertificateSpec spec, CertificateVersion version) throws StoreException {
        Optional<Issuer> issuer = issuer(spec, version);
        return issuer.isPresent() ? schedules.refresh(version, spec, issuer.get()) : RenewalSchedule.UNKNOWN;
    }

    /**
     * Returns the issuer of the CA that has issued the version; empty if that may not issue the certificate any more.
     */
    private Optional<Issuer> issuer(CertificateSpec spec, CertificateVersion version) {
        return version.origin() instanceof Origin.IssuedByCa issued
                ? spec.source(issued.directory()).map(source -> issuer(source.directory()))
                : Optional.empty();
    }

    private static Instant nextAttention(Instant renewal, RenewalSchedule schedule) {
        // A CA without a suggestion is asked again during one of the passes that come every few minutes anyway.
        return schedule.suggestion().isPresent() && schedule.nextPoll().isBefore(renewal)
                ? schedule.nextPoll()
                : renewal;
    }

    private RenewalResult issued(
            CertificateSpec spec, URI directory, CertificateVersion version, Optional<Progress.Failure> previous)
            throws StoreException {
        CertificateName name = spec.name();
        RenewalSchedule schedule = refreshSchedule(spec, version);
        return switch (Due.of(spec, Optional.of(version), schedule, clock.instant())) {
            case Due.Now(var dueReason, var _, var _) ->
                failures.dueWhenIssued(name, directory, version, dueReason, previous);
            case Due.Later(Instant at) -> {
                failures.forgetUnsaved(name);
                yield CertificateDates.describeNotYetValid(version, clock.instant())
                        .<RenewalResult>map(reason -> new RenewalResult.ImplausibleDates(name, version, reason, at))
                        .orElse(new RenewalResult.Renewed(name, version, at, nextAttention(at, schedule)));
            }
        };
    }
}
