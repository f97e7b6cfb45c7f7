package org.ringcert.renew;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ringcert.issue.BackOff;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.CertificateSpec.Source;
import org.ringcert.renew.Due.Urgency;
import org.ringcert.store.AuthorityProgress;
import org.ringcert.store.CertificateFacts;
import org.ringcert.store.FailureKind;
import org.ringcert.store.Origin;
import org.ringcert.store.PendingTurn;
import org.ringcert.store.Postponement;
import org.ringcert.store.Progress;
import org.ringcert.store.Progress.Failure;
import org.ringcert.store.RenewalSchedule;

/**
 * Decides which CA a site's certificate is ordered from. Each CA is asked when its own back-off is over, in the order
 * of preference. The next one is asked only while the site urgently needs a certificate, and all CAs before it are down
 * or have no turn for it within their limits for more than an hour. That a look at the site failed says nothing about a
 * CA. Without side effects.
 *
 * @param urgency how urgently the site needs a certificate
 * @param progress what has failed at which CA
 */
record Failover(CertificateSpec spec, Urgency urgency, Progress progress, Instant now) {

    /** How long a CA must have failed before another one is asked. */
    private static final Duration OUTAGE = Duration.ofHours(1);

    /** A wait that a CA asks for with a server error, and that a site without a good certificate does not obey. */
    private static final Duration LONG_WAIT = Duration.ofDays(1);

    /** How often a CA must have failed in that time. */
    private static final int OUTAGE_FAILURES = 3;

    /**
     * The CA to ask now.
     *
     * @param fallback why it is not the preferred one; empty if it is
     */
    record Choice(Source source, Optional<Fallback> fallback) {}

    /** When a CA may be asked. */
    private record Chance(Source source, Instant at) {}

    /**
     * Returns the decisions for a site that is due as given. One that is not due yet can wait.
     *
     * @param current the site's current version
     * @param schedule what the CA suggests for the current version
     */
    static Failover of(
            CertificateSpec spec,
            Due due,
            Optional<? extends CertificateFacts> current,
            RenewalSchedule schedule,
            Progress progress,
            Instant now) {
        Urgency urgency = due instanceof Due.Now(var _, var urgencyNow, var _) ? urgencyNow : Urgency.CAN_WAIT;
        Progress inWindow = withAttemptInWindow(progress, current, schedule, now);
        return new Failover(spec, urgency, urgency == Urgency.URGENT ? withShortOutages(inWindow) : inWindow, now);
    }

    /**
     * Lets a wait of a day or more that a CA asked for with a server error end after an hour. Such a wait is more
     * likely a mistake than a plan, and the site has no good certificate meanwhile. A rate limit is obeyed.
     */
    private static Progress withShortOutages(Progress progress) {
        Progress result = progress;
        for (AuthorityProgress atCa : progress.authorities()) {
            Optional<Failure> failure = atCa.failure()
                    .filter(latest -> latest.tally().latest() == FailureKind.UNREACHABLE)
                    .filter(latest -> latest.outage()
                            .filter(outage -> outage.requestedWait().compareTo(LONG_WAIT) >= 0)
                            .isPresent());
            if (failure.isPresent()) {
                Instant next = BackOff.LONG_OUTAGE.next(1, failure.get().lastAttempt());
                result = result.with(atCa.withFailure(failure.get()
                        .withNextAttempt(earlier(next, failure.get().nextAttempt()))));
            }
        }
        return result;
    }

    /**
     * Lets a wait at the current certificate's CA, and one for a turn there, end at the time that was chosen in the
     * suggested window, if the last attempt was before it. In the window the order is exempt from limits that may be
     * the reason for the wait (RFC 9773, section 5). If that attempt fails, the wait after it is not shortened.
     */
    private static Progress withAttemptInWindow(
            Progress progress, Optional<? extends CertificateFacts> current, RenewalSchedule schedule, Instant now) {
        if (!(current.map(CertificateFacts::origin).orElse(null) instanceof Origin.IssuedByCa issued)) {
            return progress;
        }
        AuthorityProgress atCa = withTurnInWindow(progress.at(issued.directory()), schedule, now);
        Optional<Failure> failure = atCa.failure().filter(latest -> !latest.certificateIssued());
        Optional<Instant> chosen = schedule.suggestion()
                .filter(suggestion -> now.isBefore(suggestion.end()))
                .map(RenewalSchedule.Suggestion::chosen);
        if (failure.isEmpty()
                || chosen.isEmpty()
                || !failure.get().lastAttempt().isBefore(chosen.get())
                || !chosen.get().isBefore(failure.get().nextAttempt())) {
            return progress.with(atCa);
        }
        return progress.with(atCa.withFailure(failure.get().withNextAttempt(chosen.get())));
    }

    private static AuthorityProgress withTurnInWindow(AuthorityProgress atCa, RenewalSchedule schedule, Instant now) {
        Optional<PendingTurn> turn = atCa.turn();
        Optional<Instant> chosen = schedule.suggestion()
                .filter(suggestion -> now.isBefore(suggestion.end()))
                .map(RenewalSchedule.Suggestion::chosen);
        if (turn.isEmpty()
                || chosen.isEmpty()
                || !turn.get().decided().isBefore(chosen.get())
                || !chosen.get().isBefore(turn.get().nextLook())) {
            return atCa;
        }
        return atCa.withTurn(Optional.of(turn.get().withTime(chosen.get())));
    }

    /**
     * Returns the CA to ask now; empty if the site has to wait.
     *
     * @param asked the directories of the CAs that have been asked already in this attempt
     */
    Optional<Choice> choose(RenewalMode mode, Set<URI> asked) {
        Optional<Fallback> fallback = Optional.empty();
        for (Source source : spec.sources()) {
            boolean isWaiting = !mode.isForced() && now.isBefore(nextAttempt(source));
            if (!isWaiting && !asked.contains(source.directory())) {
                return Optional.of(new Choice(source, fallback));
            }
            if (urgency != Urgency.URGENT || !isUnavailable(source)) {
                return Optional.empty();
            }
            fallback = Optional.of(fallback(source));
        }
        return Optional.empty();
    }

    /** Returns what the site has to wait for. Only for a site that has to wait. */
    RenewalWait pendingWait() {
        boolean hasSeveralCas = spec.sources().size() > 1;
        // What release 0.1.0 has recorded is the same failure at every CA. It counts for the first.
        Set<Failure> failures = new HashSet<>();
        List<RenewalWait.Cause> causes = new ArrayList<>();
        for (Source source : spec.sources()) {
            Optional<URI> ca = Optional.of(source.directory()).filter(_ -> hasSeveralCas);
            Optional<Failure> failure = failure(source);
            Optional<PendingTurn> turn = turn(source)
                    .filter(latest ->
                            latest.isWaiting(now) && !waitWithoutTurn(source).isAfter(latest.nextLook()));
            Optional<Postponement> postponement = postponement(source)
                    .filter(latest -> failure.filter(
                                    other -> other.nextAttempt().isAfter(latest.nextLook()))
                            .isEmpty());
            if (turn.isPresent()) {
                causes.add(new RenewalWait.ForTurn(ca, turn.get()));
            } else if (postponement.isPresent()) {
                causes.add(new RenewalWait.BetweenLooks(ca, postponement.get()));
            } else {
                failure.filter(failures::add).ifPresent(latest -> causes.add(new RenewalWait.AfterFailure(ca, latest)));
            }
        }
        Chance chance = chance();
        return new RenewalWait(
                causes, Optional.of(chance.source().directory()).filter(_ -> hasSeveralCas), chance.at());
    }

    /** Returns when a CA may be asked again, if nothing else happens. */
    Instant nextChance() {
        return chance().at();
    }

    private Chance chance() {
        Optional<Chance> first = Optional.empty();
        Instant reachable = now;
        for (Source source : spec.sources()) {
            Instant at = later(reachable, nextAttempt(source));
            if (first.isEmpty() || at.isBefore(first.get().at())) {
                first = Optional.of(new Chance(source, at));
            }
            if (urgency != Urgency.URGENT) {
                break;
            }
            // The next CA is asked only while this one is down.
            reachable = later(reachable, whenUnavailable(source));
        }
        return first.orElseThrow();
    }

    /** Returns whether it is known that the CA has failed, or that an order from it has to wait. */
    boolean isDelayed(Source source) {
        return failure(source).isPresent()
                || postponement(source).isPresent()
                || turn(source).isPresent();
    }

    /** Returns when the CA may be asked, by its own record; now if nothing delays that. */
    private Instant nextAttempt(Source source) {
        return later(
                waitWithoutTurn(source), turn(source).map(PendingTurn::nextLook).orElse(now));
    }

    private Instant waitWithoutTurn(Source source) {
        Instant afterFailure = failure(source).map(Failure::nextAttempt).orElse(now);
        return later(
                afterFailure, postponement(source).map(Postponement::nextLook).orElse(now));
    }

    private Optional<Postponement> postponement(Source source) {
        return progress.at(source.directory()).postponement();
    }

    /** Returns the turn of an order with the names of the site; those of other names say nothing about it. */
    private Optional<PendingTurn> turn(Source source) {
        return progress.at(source.directory()).turn().filter(latest -> latest.isFor(spec.names()));
    }

    /** Returns what has failed at a CA. */
    Optional<Failure> failure(Source source) {
        return progress.at(source.directory()).failure();
    }

    private boolean isUnavailable(Source source) {
        return !now.isBefore(whenUnavailable(source));
    }

    /** Returns when the CA counts as down, or from when on the site has had to wait too long for its turn there. */
    private Instant whenUnavailable(Source source) {
        Instant down = failure(source).map(Failover::whenDown).orElse(Instant.MAX);
        Instant farTurn = turn(source)
                .filter(latest -> latest.at().isAfter(latest.decided().plus(OUTAGE)))
                .map(PendingTurn::decided)
                .orElse(Instant.MAX);
        return down.isBefore(farTurn) ? down : farTurn;
    }

    /** Returns when the CA counts as down if it does not recover; {@link Instant#MAX} if that takes more failures. */
    private static Instant whenDown(Failure failure) {
        if (failure.outage().isEmpty()) {
            return Instant.MAX;
        }
        Progress.Outage outage = failure.outage().get();
        if (outage.requestedWait().compareTo(OUTAGE) > 0) {
            return failure.lastAttempt();
        }
        return outage.failures() >= OUTAGE_FAILURES ? outage.since().plus(OUTAGE) : Instant.MAX;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private Fallback fallback(Source source) {
        Optional<Failure> down = failure(source).filter(failure -> !now.isBefore(whenDown(failure)));
        String detail = down.map(Failover::describeOutage)
                .orElseGet(() -> describe(turn(source).orElseThrow()));
        return new Fallback(source.directory(), detail);
    }

    private static String describe(PendingTurn turn) {
        return "is not asked again before " + turn.at() + ", because " + turn.reason();
    }

    private static String describeOutage(Failure failure) {
        Progress.Outage outage = failure.outage().orElseThrow();
        String detail = outage.requestedWait().compareTo(OUTAGE) > 0
                ? "is not asked again before " + failure.nextAttempt()
                : "has failed since " + outage.since().truncatedTo(ChronoUnit.SECONDS);
        return detail + ": " + failure.reason();
    }
}
