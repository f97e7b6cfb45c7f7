package org.ringcert.renew;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.ringcert.acme.RevocationReason;
import org.ringcert.store.CertificateFacts;
import org.ringcert.store.RenewalSchedule;
import org.ringcert.store.Revocation;

/**
 * When a certificate is renewed, by its dates and its CA's suggestion, and whether its dates agree with this server's
 * clock.
 */
public final class CertificateDates {

    /** A clock that is behind by no more than this does no harm to renewals. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofHours(1);

    /** The longest delay before a renewal counts as overdue. A timer may run once a day. */
    private static final Duration MAX_GRACE = Duration.ofDays(2);

    /** Below this, half of the lifetime must be left for a renewal, because a third is too little time for a person. */
    private static final Duration SHORT_LIFETIME = Duration.ofDays(10);

    /** A CA's suggestion is not followed beyond the time when one of this many parts of the lifetime is left. */
    private static final int LATEST_RENEWAL = 4;

    /** Another CA is asked when one of this many parts of the lifetime is left. */
    private static final int RUNNING_OUT = 6;

    private CertificateDates() {}

    /**
     * Returns when the certificate is due for renewal. If its CA makes suggestions (RFC 9773), that is the time that
     * was chosen in the suggested window, but no later than when a quarter of the lifetime is left. Otherwise it is the
     * time that this node has planned within the CA's limits, or, if they are not known, when a third of the lifetime
     * is left, or a half if the lifetime is less than ten days (Let's Encrypt's integration guide, 2026-08).
     */
    static Instant renewalTime(CertificateFacts version, RenewalSchedule schedule) {
        Instant latest = whenLeft(version, LATEST_RENEWAL);
        return schedule.suggestion()
                .map(RenewalSchedule.Suggestion::chosen)
                .map(chosen -> chosen.isBefore(latest) ? chosen : latest)
                .or(schedule::planned)
                .orElseGet(() -> renewalTimeByDates(version));
    }

    private static Instant renewalTimeByDates(CertificateFacts version) {
        return whenLeft(version, isShortLived(version) ? 2 : 3);
    }

    private static boolean isShortLived(CertificateFacts version) {
        return version.lifetime().compareTo(SHORT_LIFETIME) < 0;
    }

    /** Returns when one part of the lifetime is left, of as many as there are parts. */
    static Instant whenLeft(CertificateFacts version, int parts) {
        return version.notAfter().minus(version.lifetime().dividedBy(parts)).truncatedTo(ChronoUnit.SECONDS);
    }

    /** Describes why the certificate is due, as a clause. */
    static String describeDue(CertificateFacts version, RenewalSchedule schedule) {
        if (schedule.suggestion().isEmpty() && schedule.planned().isPresent()) {
            return "its CA does not say when to renew it, and this node had planned it for "
                    + schedule.planned().get();
        }
        if (schedule.suggestion().isEmpty()) {
            return isShortLived(version) ? "half of its lifetime is left" : "a third of its lifetime is left";
        }
        RenewalSchedule.Suggestion suggestion = schedule.suggestion().get();
        if (suggestion.chosen().isAfter(whenLeft(version, LATEST_RENEWAL))) {
            return "a quarter of its lifetime is left, and its CA suggests a later time";
        }
        return "its CA suggests to renew it between " + suggestion.start() + " and " + suggestion.end()
                + suggestion.explanationUrl().map(url -> " (see " + url + ")").orElse("");
    }

    /** Whether so little of the lifetime is left that it matters more to get a certificate than from which CA. */
    static boolean isRunningOut(CertificateFacts version, Instant now) {
        return !now.isBefore(whenLeft(version, RUNNING_OUT));
    }

    /**
     * Whether the CA wants the certificate replaced ahead of time, as after a revocation: its window has ended before
     * the certificate would be due by its dates.
     */
    static boolean isRecalled(CertificateFacts version, RenewalSchedule schedule, Instant now) {
        return schedule.suggestion()
                .map(RenewalSchedule.Suggestion::end)
                .filter(end -> !end.isAfter(now) && end.isBefore(renewalTimeByDates(version)))
                .isPresent();
    }

    /**
     * Returns whether a CA wants a certificate replaced ahead of time, by the end of the window that it suggests now.
     *
     * @param notBefore the first moment at which the certificate is valid
     * @param notAfter the last one
     */
    public static boolean isRecalled(Instant notBefore, Instant notAfter, Instant windowEnd, Instant now) {
        Duration lifetime = Duration.between(notBefore, notAfter);
        int parts = lifetime.compareTo(SHORT_LIFETIME) < 0 ? 2 : 3;
        return !windowEnd.isAfter(now) && windowEnd.isBefore(notAfter.minus(lifetime.dividedBy(parts)));
    }

    /** Describes that this node has revoked the certificate, or has tried to, as a clause. */
    public static String describe(Revocation revocation) {
        String when = revocation.since().truncatedTo(ChronoUnit.SECONDS) + " (" + revocation.reason() + ")";
        return switch (revocation.state()) {
            case CONFIRMED -> "it was revoked at " + when;
            case REQUESTED ->
                revocation.reason().equals(RevocationReason.KEY_COMPROMISE.label())
                        ? "its key was reported as compromised at " + when
                                + ", and the CA has not confirmed the revocation"
                        : "it may be revoked: the revocation was requested at " + when
                                + ", and the CA has not confirmed it";
        };
    }

    /** Describes that the CA wants the certificate replaced ahead of time. A sentence without a full stop. */
    public static Optional<String> describeRecall(CertificateFacts version, RenewalSchedule schedule, Instant now) {
        return isRecalled(version, schedule, now)
                ? schedule.suggestion()
                        .map(window -> "the CA says that its certificate should have been renewed between "
                                + window.start() + " and " + window.end()
                                + ", earlier than its dates require; it may have been revoked")
                : Optional.empty();
    }

    /**
     * Returns when the certificate became due for renewal, if that is so long ago that apparently nothing renews it:
     * two days, or a quarter of the time between renewal and expiry if that is less.
     */
    public static Optional<Instant> overdueSince(CertificateFacts version, RenewalSchedule schedule, Instant now) {
        Instant renewal = renewalTime(version, schedule);
        Duration quarterOfRest = Duration.between(renewal, version.notAfter()).dividedBy(4);
        Duration grace = quarterOfRest.compareTo(MAX_GRACE) < 0 ? quarterOfRest : MAX_GRACE;
        return Optional.of(renewal).filter(due -> now.isAfter(due.plus(grace)));
    }

    /** Describes the problem if the certificate only becomes valid in the future. A sentence without a full stop. */
    public static Optional<String> describeNotYetValid(CertificateFacts version, Instant now) {
        return version.notBefore().isAfter(now.plus(CLOCK_TOLERANCE))
                ? Optional.of("its certificate is not valid before " + version.notBefore() + ", and " + clockSays(now))
                : Optional.empty();
    }

    /** Describes a certificate that is due for renewal when it is issued. A sentence without a full stop. */
    static String describeDueWhenIssued(CertificateFacts version, String dueReason, Instant now) {
        return "the certificate that the CA has just issued is already due for renewal (" + dueReason
                + "): it is valid from " + version.notBefore() + " to " + version.notAfter() + ", and "
                + clockSays(now);
    }

    private static String clockSays(Instant now) {
        return "this server's clock says " + now.truncatedTo(ChronoUnit.SECONDS)
                + "; either the clock or the CA's dates are wrong. Check the clock with timedatectl, and set it if needed";
    }
}
