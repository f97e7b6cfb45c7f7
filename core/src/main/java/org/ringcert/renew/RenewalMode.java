package org.ringcert.renew;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.store.CertificateFacts;
import org.ringcert.store.Progress;
import org.ringcert.store.RenewalSchedule;

/** Which certificates a pass orders. */
public enum RenewalMode {
    /** Those that are due, unless the site has to wait after a failure. */
    DUE_ONLY,
    /**
     * As {@link #DUE_ONLY}, and those whose chosen time in the CA's window comes before the next run of a timer. For
     * commands that cannot wait for that time (RFC 9773, section 4.2). They look at once at a site whose order is
     * postponed: who runs them may have mended it, and a timer's next run comes late.
     */
    DUE_BEFORE_NEXT_RUN,
    /**
     * All of them, due or not, and without waiting after a failure. An order that the CA's limits count waits for its
     * turn all the same.
     */
    FORCE_IN_TURN,
    /** All of them, due or not, without waiting for anything. */
    FORCE;

    /** The longest time between two runs of {@code ringcert-renew.timer}: two hours, and systemd's tolerance. */
    private static final Duration RUN_INTERVAL = Duration.ofMinutes(125);

    /** Returns whether a person wants the certificates now, due or not. */
    public boolean isForced() {
        return this == FORCE || this == FORCE_IN_TURN;
    }

    /** Returns whether a command makes the pass, which cannot wait for the time at which a turn is decided again. */
    boolean isOfCommand() {
        return this != DUE_ONLY;
    }

    /**
     * Returns when the site is due in a pass of this mode. A later time is the one that was chosen, even if a pass of
     * this mode would order somewhat earlier.
     */
    Due due(CertificateSpec spec, Optional<? extends CertificateFacts> current, RenewalSchedule schedule, Instant now) {
        Due due = Due.of(spec, current, adjust(schedule), now);
        return due instanceof Due.Later ? Due.of(spec, current, schedule, now) : due;
    }

    /** Returns the schedule by which a pass decides: no certificate is renewed before its window begins. */
    RenewalSchedule adjust(RenewalSchedule schedule) {
        return switch (this) {
            case DUE_BEFORE_NEXT_RUN -> schedule.withSuggestion(RenewalMode::bringForward);
            case DUE_ONLY, FORCE_IN_TURN, FORCE -> schedule;
        };
    }

    /** Returns the progress by which a pass decides whether it is too early to ask a CA. */
    Progress adjust(Progress progress) {
        return switch (this) {
            case DUE_BEFORE_NEXT_RUN -> progress.withoutPostponements();
            case DUE_ONLY, FORCE_IN_TURN, FORCE -> progress;
        };
    }

    private static RenewalSchedule.Suggestion bringForward(RenewalSchedule.Suggestion suggestion) {
        Instant earlier = suggestion.chosen().minus(RUN_INTERVAL);
        return suggestion.withChosen(earlier.isBefore(suggestion.start()) ? suggestion.start() : earlier);
    }
}
