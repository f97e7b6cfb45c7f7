package org.ringcert.renew;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Optional;
import org.ringcert.issue.BackOff;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.CertificateSpec.Source;
import org.ringcert.issue.IssuanceOutcome;
import org.ringcert.plan.Turn;
import org.ringcert.store.CertificateFacts;
import org.ringcert.store.FailureKind;
import org.ringcert.store.Origin;
import org.ringcert.store.PendingTurn;
import org.ringcert.store.Progress;
import org.ringcert.store.RenewalSchedule;

/** Decides whether an order needs a turn within the CA's limits, and when it is decided again. Without side effects. */
public final class TurnDecision {

    /** Between looks while the first certificate of a new set of names is awaited. */
    private static final Duration LOOK_INTERVAL = Duration.ofMinutes(1);

    private TurnDecision() {}

    /**
     * Returns whether no limit counts the order, because it renews a certificate of the same account in the window that
     * the CA suggests (RFC 9773, section 5).
     *
     * @param current the current certificate
     * @param account the URL of this node's account at the CA that is asked; empty if it has none yet
     */
    public static boolean isExempt(
            CertificateSpec spec,
            Source source,
            CertificateFacts current,
            Optional<URI> account,
            RenewalSchedule schedule,
            Instant now) {
        return schedule.suggestion()
                        .filter(window -> !now.isBefore(window.start()) && now.isBefore(window.end()))
                        .isPresent()
                && current.origin() instanceof Origin.IssuedByCa issued
                && issued.directory().equals(source.directory())
                && issued.account().isPresent()
                && issued.account().equals(account)
                && !Collections.disjoint(current.orderedNames(), spec.names());
    }

    /** Returns the wait for a turn. */
    public static PendingTurn planned(CertificateSpec spec, Turn turn, Instant now) {
        Instant at = roundUp(turn.at());
        return new PendingTurn(
                PendingTurn.Cause.PLAN,
                spec.names(),
                now,
                at,
                nextLook(turn, at, now),
                TurnReasons.describe(turn.reason()));
    }

    /** Looks at the first node while its certificate is awaited. All other turns are decided again when they come. */
    private static Instant nextLook(Turn turn, Instant at, Instant now) {
        if (!(turn.reason() instanceof Turn.Reason.AfterFirst)) {
            return earlier(at, now.plus(Progress.MAX_WAIT));
        }
        return earlier(at, roundUp(now.plus(LOOK_INTERVAL)));
    }

    /** Returns the wait after the CA has refused an order because of a limit. */
    public static PendingTurn refused(CertificateSpec spec, IssuanceOutcome.Refused refusal, Instant now) {
        Instant until = BackOff.next(
                Progress.Tally.NONE.with(FailureKind.RATE_LIMITED), Optional.of(refusal.retryAfter()), now);
        return new PendingTurn(PendingTurn.Cause.REFUSAL, spec.names(), now, until, until, refusal.reason());
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant roundUp(Instant time) {
        Instant second = time.truncatedTo(ChronoUnit.SECONDS);
        return second.equals(time) ? time : second.plusSeconds(1);
    }
}
