package org.ringcert.daemon.status;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.daemon.status.CertificateStatus.Visibility;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.renew.CertificateDates;
import org.ringcert.renew.Due;
import org.ringcert.renew.RenewalMode;
import org.ringcert.renew.RenewalPlan;
import org.ringcert.renew.RenewalWait;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.PendingRollout;
import org.ringcert.store.Postponement;
import org.ringcert.store.Progress;
import org.ringcert.store.RenewalSchedule;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** Reads the files of one certificate and collects its problems. Used once, by one thread. */
final class CertificateInspection {

    /** Longer than any order and the commands after it. */
    private static final Duration HANGS_AFTER = Duration.ofMinutes(30);

    private final CertificateSpec spec;
    private final CaNames names;
    private final RenewalMessages messages;
    private final Store store;
    private final Instant now;

    private Optional<CertificateVersion> version = Optional.empty();
    private RenewalSchedule schedule = RenewalSchedule.UNKNOWN;
    private Visibility visibility = Visibility.VISIBLE;
    private Progress progress = Progress.NONE;
    private Optional<Store.LockHolder> lockHolder = Optional.empty();
    private Optional<RenewalPlan> plan = Optional.empty();
    private List<CaFailure> caFailures = List.of();
    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    CertificateInspection(CertificateSpec spec, CaNames names, Store store, Instant now) {
        this.spec = spec;
        this.names = names;
        this.messages = RenewalMessages.ofStatus(names);
        this.store = store;
        this.now = now;
    }

    CertificateStatus run() {
        readVersion();
        readProgress();
        readPlan();
        checkFailures();
        checkLockHolder();
        checkVersion();
        checkTurns();
        noteFallback();
        noteExplanation();
        return new CertificateStatus(
                spec.site(),
                spec.name(),
                version,
                issuingCa().map(names::of),
                schedule.suggestion(),
                plan.map(RenewalPlan::next),
                lockHolder,
                caFailures,
                postponed(),
                turns().stream().map(this::caTurn).toList(),
                progress.failedTest(),
                problems,
                notes,
                visibility);
    }

    private void readVersion() {
        try {
            version = store.current(spec.name());
            schedule = version.map(store::renewalSchedule).orElse(RenewalSchedule.UNKNOWN);
        } catch (StoreException e) {
            if (e.isPermissionDenied()) {
                visibility = Visibility.HIDDEN;
            } else {
                problems.add(e.getMessage());
            }
        }
    }

    private void readProgress() {
        try {
            progress = store.progress(spec.name());
            lockHolder = store.lockHolder(spec.site().name());
        } catch (StoreException e) {
            // NodeStatus reports once, for all sites, what this user is not allowed to see.
            if (!e.isPermissionDenied()) {
                problems.add(e.getMessage());
            }
        }
    }

    private void readPlan() {
        if (visibility == Visibility.VISIBLE) {
            plan = Optional.of(RenewalPlan.of(spec, version, schedule, progress, RenewalMode.DUE_ONLY, now));
        }
    }

    private void checkFailures() {
        caFailures = failuresByCa();
        caFailures.stream()
                .map(failed -> messages.failed(
                        hasSeveralCas() ? Optional.of(failed.directory()) : Optional.empty(), shortened(failed)))
                .forEach(problems::add);
        checkPostponements();
        progress.failedTest().map(messages::failedTest).ifPresent(problems::add);
        if (!problems.isEmpty()) {
            plan.flatMap(RenewalPlan::pendingWait)
                    .flatMap(messages::anotherChance)
                    .ifPresent(sentence -> problems.add(RenewalMessages.ended(problems.removeLast()) + " " + sentence));
        }
        progress.rollout()
                .filter(pending -> pending.task().failures() > 0)
                .map(pending -> switch (pending) {
                    case PendingRollout.Undeployed(var task) -> messages.notDeployed(task.reason(), task.nextAttempt());
                    case PendingRollout.Unserved(var task) -> messages.notServed(task.reason(), task.nextAttempt());
                })
                .ifPresent(problems::add);
    }

    private void checkPostponements() {
        for (CertificateSpec.Source source : spec.sources()) {
            progress.at(source.directory())
                    .postponement()
                    .map(postponement -> messages.postponed(
                            hasSeveralCas() ? Optional.of(source.directory()) : Optional.empty(), postponement))
                    .ifPresent(problems::add);
        }
    }

    private Optional<Postponement> postponed() {
        return spec.sources().stream()
                .flatMap(source -> progress.at(source.directory()).postponement().stream())
                .findFirst();
    }

    private List<CaFailure> failuresByCa() {
        // What release 0.1.0 has recorded is the same failure at every CA. It counts for the first.
        Map<Progress.Failure, URI> cas = new LinkedHashMap<>();
        for (CertificateSpec.Source source : spec.sources()) {
            progress.at(source.directory())
                    .failure()
                    .ifPresent(failure -> cas.putIfAbsent(failure, source.directory()));
        }
        return cas.entrySet().stream()
                .map(entry -> new CaFailure(names.of(entry.getValue()), entry.getValue(), entry.getKey()))
                .toList();
    }

    /** Refers to the account if that is the reason, because the status describes the account's problem once. */
    private Progress.Failure shortened(CaFailure failed) {
        Progress.Failure failure = failed.failure();
        return isAboutAccount(failed) ? failure.withReason("There is no account at " + failed.ca()) : failure;
    }

    private boolean isAboutAccount(CaFailure failed) {
        try {
            return store.accounts().deactivation(failed.directory()).isPresent()
                    || (!store.accounts().isRegistered(failed.directory())
                            && store.accounts()
                                    .problem(failed.directory())
                                    .equals(Optional.of(failed.failure().reason())));
        } catch (StoreException e) {
            return false;
        }
    }

    private boolean hasSeveralCas() {
        return spec.sources().size() > 1;
    }

    private void checkLockHolder() {
        lockHolder
                .filter(holder -> holder.since().plus(HANGS_AFTER).isBefore(now))
                .ifPresent(holder -> problems.add("process " + holder.pid() + " has been working on it since "
                        + HumanTime.toMinute(holder.since())
                        + ", longer than any order takes. Check whether it hangs, and if so, end it"));
    }

    private void checkVersion() {
        Optional<CertificateVersion> issued = version.filter(it -> !(it.origin() instanceof Origin.SelfSigned));
        if (issued.isPresent()) {
            checkDates(issued.get());
            checkChain(issued.get());
        } else if (visibility == Visibility.VISIBLE && problems.isEmpty()) {
            problems.add("there is no certificate yet; "
                    + turnText()
                            .or(() -> lockHolder.map(holder -> "process " + holder.pid()
                                    + " has been working on it since " + HumanTime.toMinute(holder.since())))
                            .orElse("`ringcert run` or `ringcert renew` gets one"));
        }
    }

    /** A wait for a turn needs nobody, unless the site has no good certificate meanwhile. */
    private void checkTurns() {
        boolean isUrgent = plan.map(RenewalPlan::due)
                .filter(due -> due instanceof Due.Now(var _, var urgency, var _) && urgency == Due.Urgency.URGENT)
                .isPresent();
        turnText()
                .filter(text -> problems.stream().noneMatch(problem -> problem.endsWith(text)))
                .ifPresent((isUrgent ? problems : notes)::add);
    }

    private Optional<String> turnText() {
        return turns().stream()
                .map(turn -> messages.turn(turn.ca(), turn.turn()))
                .reduce((one, other) -> RenewalMessages.ended(one) + " Also " + other);
    }

    private CaTurn caTurn(RenewalWait.ForTurn wait) {
        URI directory = wait.ca().orElseGet(() -> spec.preferredSource().directory());
        return new CaTurn(names.of(directory), directory, wait.turn());
    }

    private List<RenewalWait.ForTurn> turns() {
        return plan.flatMap(RenewalPlan::pendingWait).map(RenewalWait::causes).orElse(List.of()).stream()
                .filter(RenewalWait.ForTurn.class::isInstance)
                .map(RenewalWait.ForTurn.class::cast)
                .toList();
    }

    private void checkDates(CertificateVersion issued) {
        if (now.isAfter(issued.notAfter())) {
            problems.add("its certificate has expired");
        }
        CertificateDates.describeNotYetValid(issued, now).ifPresent(problems::add);
        if (issued.revocation().isPresent()) {
            problems.add(CertificateDates.describe(issued.revocation().get())
                    + "; a new certificate replaces it as soon as it can be ordered");
        } else {
            CertificateDates.describeRecall(issued, schedule, now).ifPresent(problems::add);
        }
        if (caFailures.isEmpty()
                && progress.failedTest().isEmpty()
                && plan.flatMap(RenewalPlan::pendingWait).isEmpty()) {
            CertificateDates.overdueSince(issued, schedule, now)
                    .map(
                            since -> "its renewal has been overdue since " + HumanTime.toMinute(since)
                                    + ". Check whether `ringcert run` or the timer of `ringcert renew` is running, and what its log says")
                    .ifPresent(problems::add);
        }
    }

    private void checkChain(CertificateVersion issued) {
        Optional<CertificateSpec.Source> source = issuingCa().flatMap(spec::source);
        source.flatMap(it -> ChainMessages.problem(it, issued)).ifPresent(problems::add);
        source.flatMap(it -> ChainMessages.note(it, issued)).ifPresent(notes::add);
    }

    /** Says so while the certificate is not from the CA that is preferred. */
    private void noteFallback() {
        URI preferred = spec.preferredSource().directory();
        issuingCa()
                .filter(ca -> !ca.equals(preferred) && spec.source(ca).isPresent())
                .map(ca -> "its certificate is from " + names.of(ca) + ", not from " + names.of(preferred)
                        + ", which comes first in the configuration and is asked first at the next renewal")
                .ifPresent(notes::add);
    }

    /** RFC 9773, section 4.2: the operator should get to see the page. */
    private void noteExplanation() {
        schedule.suggestion()
                .filter(suggestion -> suggestion.explanationUrl().isPresent())
                .map(suggestion -> "its CA suggests to renew it between " + HumanTime.toMinute(suggestion.start())
                        + " and " + HumanTime.toMinute(suggestion.end()) + ", and says why at "
                        + suggestion.explanationUrl().get())
                .ifPresent(notes::add);
    }

    private Optional<URI> issuingCa() {
        return version.map(CertificateVersion::origin)
                .filter(Origin.IssuedByCa.class::isInstance)
                .map(Origin.IssuedByCa.class::cast)
                .map(Origin.IssuedByCa::directory);
    }
}
