package org.ringcert.daemon.status;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.ringcert.daemon.status.SiteStatus.Visibility;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.renew.CertificateDates;
import org.ringcert.renew.Due;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.PendingRollout;
import org.ringcert.store.Progress;
import org.ringcert.store.RenewalSchedule;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** Reads the files of one site and collects its problems. Used once, by one thread. */
final class SiteInspection {

    /** Longer than any order and the commands after it. */
    private static final Duration HANGS_AFTER = Duration.ofMinutes(30);

    private static final RenewalMessages MESSAGES = RenewalMessages.withTimesToTheMinute();

    private final CertificateSpec spec;
    private final Store store;
    private final Instant now;

    private Optional<CertificateVersion> version = Optional.empty();
    private RenewalSchedule schedule = RenewalSchedule.UNKNOWN;
    private Visibility visibility = Visibility.VISIBLE;
    private Progress progress = Progress.NONE;
    private Optional<Store.LockHolder> lockHolder = Optional.empty();
    private final List<String> problems = new ArrayList<>();

    SiteInspection(CertificateSpec spec, Store store, Instant now) {
        this.spec = spec;
        this.store = store;
        this.now = now;
    }

    SiteStatus run() {
        readVersion();
        readProgress();
        checkFailures();
        checkLockHolder();
        checkVersion();
        return new SiteStatus(spec.site(), version, nextRenewal(), lockHolder, problems, visibility);
    }

    private void readVersion() {
        try {
            version = store.current(spec.site().name());
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
            progress = store.progress(spec.site().name());
            lockHolder = store.lockHolder(spec.site().name());
        } catch (StoreException e) {
            // NodeStatus reports once, for all sites, what this user is not allowed to see.
            if (!e.isPermissionDenied()) {
                problems.add(e.getMessage());
            }
        }
    }

    private void checkFailures() {
        progress.failures().stream().map(MESSAGES::failed).forEach(problems::add);
        progress.rollout()
                .filter(pending -> pending.task().failures() > 0)
                .map(pending -> switch (pending) {
                    case PendingRollout.Undeployed(var task) -> MESSAGES.notDeployed(task.reason(), task.nextAttempt());
                    case PendingRollout.Unserved(var task) -> MESSAGES.notServed(task.reason(), task.nextAttempt());
                })
                .ifPresent(problems::add);
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
        } else if (visibility == Visibility.VISIBLE && problems.isEmpty()) {
            problems.add("there is no certificate yet; `ringcert run` or `ringcert renew` gets one");
        }
    }

    private void checkDates(CertificateVersion issued) {
        if (now.isAfter(issued.notAfter())) {
            problems.add("its certificate has expired");
        }
        CertificateDates.describeNotYetValid(issued, now).ifPresent(problems::add);
        if (progress.failures().isEmpty()) {
            CertificateDates.overdueSince(issued, schedule, now)
                    .map(
                            since -> "its renewal has been overdue since " + HumanTime.toMinute(since)
                                    + ". Check whether `ringcert run` or the timer of `ringcert renew` is running, and what its log says")
                    .ifPresent(problems::add);
        }
    }

    private Optional<Instant> nextRenewal() {
        if (visibility == Visibility.HIDDEN) {
            return Optional.empty();
        }
        return Optional.of(progress.failures().stream()
                .map(Progress.Failure::nextAttempt)
                .min(Comparator.naturalOrder())
                .orElseGet(this::due));
    }

    private Instant due() {
        return switch (Due.of(spec, version, schedule, now)) {
            case Due.Later(Instant at) -> at;
            case Due.Now _ -> now;
        };
    }
}
