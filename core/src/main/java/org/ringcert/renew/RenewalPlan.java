package org.ringcert.renew;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.CertificateSpec.Source;
import org.ringcert.store.CertificateFacts;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Progress;
import org.ringcert.store.RenewalSchedule;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * What a pass would do about a site's certificate now, judging by what is in the store. A turn within the CA's limits
 * is the one that was decided last: a pass decides again, and may look at peers for that. Immutable.
 *
 * @param due when the site needs another certificate, and why
 * @param source the CA that would be asked, and what would be ordered from it; empty if nothing would be ordered
 * @param fallback why that is not the preferred CA; empty if it is
 * @param pendingWait why nothing is ordered although the site is due; empty if it is not due, or a CA would be asked
 * @param next when the next order is made: now if a CA would be asked, otherwise the earliest time at which one may be
 */
public record RenewalPlan(
        Due due,
        Optional<Source> source,
        Optional<Fallback> fallback,
        Optional<RenewalWait> pendingWait,
        Instant next) {

    /** Reads the plan for a site from the store. No CA is asked. */
    public static RenewalPlan of(CertificateSpec spec, Store store, RenewalMode mode, Instant now)
            throws StoreException {
        Optional<CertificateVersion> current = store.current(spec.name());
        RenewalSchedule schedule = current.map(store::renewalSchedule).orElse(RenewalSchedule.UNKNOWN);
        return of(spec, current, schedule, store.progress(spec.name()), mode, now);
    }

    /**
     * Returns the plan for a site.
     *
     * @param current the site's current version
     * @param schedule what the CA suggests for the current version
     * @param progress what is under way for the site, as of now
     */
    public static RenewalPlan of(
            CertificateSpec spec,
            Optional<? extends CertificateFacts> current,
            RenewalSchedule schedule,
            Progress progress,
            RenewalMode mode,
            Instant now) {
        Due due = mode.due(spec, current, schedule, now);
        if (!mode.isForced() && due instanceof Due.Later(Instant at)) {
            return new RenewalPlan(due, Optional.empty(), Optional.empty(), Optional.empty(), at);
        }
        Optional<RenewalWait> waitForTest =
                mode.isForced() ? Optional.empty() : CanaryRule.pendingWait(due, schedule, mode.adjust(progress), now);
        if (waitForTest.isPresent()) {
            return new RenewalPlan(
                    due,
                    Optional.empty(),
                    Optional.empty(),
                    waitForTest,
                    waitForTest.get().next());
        }
        Failover failover = Failover.of(spec, due, current, mode.adjust(schedule), mode.adjust(progress), now);
        Optional<Failover.Choice> choice = failover.choose(mode, Set.of());
        Optional<RenewalWait> wait = choice.isPresent() ? Optional.empty() : Optional.of(failover.pendingWait());
        return new RenewalPlan(
                due,
                choice.map(Failover.Choice::source),
                choice.flatMap(Failover.Choice::fallback),
                wait,
                wait.map(RenewalWait::nextOrder).orElse(now));
    }
}
