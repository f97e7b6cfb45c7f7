package org.ringcert.issue;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.ringcert.store.FailureKind;
import org.ringcert.store.Progress;

/**
 * How long to wait after something has failed, before it is tried again. This is the only table of such times.
 *
 * <p>What matters is what another try costs. A CA counts failed validations, new orders and certificates, and refuses
 * everything for hours or days when there are too many. So a try that it counts comes after 1, 10 and 100 minutes, then
 * daily (Let's Encrypt's integration guide, 2026-08): an error that passes is over soon, and one that needs a person
 * stays far below five failures an hour. A try that nobody counts, such as a connection to a CA that is down, costs
 * nothing but the request. It is repeated every ten minutes, so that a certificate comes soon after the end of an
 * outage, and the first tries come sooner, because most outages are short. A refusal because of a rate limit (429) says
 * itself when the next try may succeed.
 *
 * <p>The two kinds of failures are counted apart: an outage does not lengthen the waits between failed validations. A
 * wait that the CA asks for with Retry-After is kept if it is longer, up to {@link Progress#MAX_WAIT}. A wait is not
 * lengthened by a failed try that a person has forced. All times are rounded up to a whole second, because people read
 * them.
 */
public enum BackOff {
    /** An order that failed at no cost: the CA is down or answers with errors or garbage, or the disk is full. */
    UNCOUNTED(minutes(1), minutes(2), minutes(5), minutes(10)),
    /** An order at a CA with a server error that asks to wait for days, by a site without a good certificate. */
    LONG_OUTAGE(Duration.ofHours(1)),
    /** An order that failed and that a limit counts: a failed validation, a refused order, a bug in Ringcert. */
    COUNTED(minutes(1), minutes(10), minutes(100), Duration.ofDays(1)),
    /** An order that a rate limit forbids, if the CA does not say how long to wait. */
    RATE_LIMITED(minutes(10)),
    /**
     * A certificate that was already due for renewal when it was issued. Let's Encrypt issues five certificates a week
     * for the same names (its rate limits, 2026-08). These delays leave one for the person who sets the clock right.
     */
    DUE_WHEN_ISSUED(Duration.ofHours(1), Duration.ofHours(10), Duration.ofHours(100), Progress.MAX_WAIT),
    /** A certificate that cannot be used. It counts as issued, and a person has to fix the CA. */
    UNUSABLE_CERTIFICATE(Duration.ofDays(1)),
    /** A look at a site before an order. It asks nothing of the CA, and what a person has mended is noticed soon. */
    LOOK(minutes(1), minutes(2), minutes(5)),
    /** A deployment, or a check of what the web server serves. Both stay on this server, and visitors wait for them. */
    ROLLOUT(minutes(1), minutes(2), minutes(5), minutes(10)),
    /** A request for renewal information (RFC 9773, section 4.3.3, wants a limit of six hours). */
    RENEWAL_INFORMATION(minutes(1), minutes(10), minutes(100), Duration.ofHours(6)),
    /** A registration at a CA that was down, unless an order needs the account. */
    REGISTRATION_DURING_OUTAGE(Duration.ofHours(1)),
    /** A registration that the CA refused, unless an order needs the account. A person has to act. */
    REFUSED_REGISTRATION(Duration.ofDays(1)),
    /** An order with an account that this node has deactivated. A person has to act. */
    DEACTIVATED_ACCOUNT(Duration.ofDays(1)),
    /**
     * The administrator's command for alerts. One that fails may have reached somebody, so it is not repeated often.
     */
    ALERT(minutes(1), minutes(10), minutes(100), Duration.ofDays(1));

    /** The shortest wait after a refusal because of a rate limit, whatever the CA says. */
    private static final Duration MIN_RATE_LIMIT_WAIT = minutes(1);

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Duration> delays;

    BackOff(Duration... delays) {
        this.delays = List.of(delays);
    }

    private static Duration minutes(int minutes) {
        return Duration.ofMinutes(minutes);
    }

    /**
     * Returns how long to wait.
     *
     * @param failures the number of consecutive failures, at least 1
     */
    public Duration delay(int failures) {
        return delays.get(Math.min(failures, delays.size()) - 1);
    }

    /**
     * Returns when to try again.
     *
     * @param failures the number of consecutive failures, at least 1
     */
    public Instant next(int failures, Instant now) {
        return roundUp(now.plus(delay(failures)));
    }

    /**
     * Returns when to order again after attempts that failed.
     *
     * @param retryAfter the minimum delay that the CA asks for, if any. At most {@link Progress#MAX_WAIT} of it is
     *     honored.
     */
    public static Instant next(Progress.Tally tally, Optional<Duration> retryAfter, Instant now) {
        Duration delay = tally.latest() == FailureKind.RATE_LIMITED && retryAfter.isPresent()
                ? MIN_RATE_LIMIT_WAIT
                : row(tally.latest()).delay(Math.max(1, tally.consecutive()));
        return next(delay, retryAfter, now);
    }

    /** Returns when to try again after a minimum delay, or later if the CA asks for that. */
    public static Instant next(Duration delay, Optional<Duration> retryAfter, Instant now) {
        Duration requested =
                retryAfter.filter(minimum -> minimum.compareTo(delay) > 0).orElse(delay);
        return roundUp(now.plus(requested.compareTo(Progress.MAX_WAIT) > 0 ? Progress.MAX_WAIT : requested));
    }

    private static BackOff row(FailureKind kind) {
        return switch (kind) {
            case UNREACHABLE, UNCOUNTED -> UNCOUNTED;
            case COUNTED -> COUNTED;
            case RATE_LIMITED -> RATE_LIMITED;
        };
    }

    private static Instant roundUp(Instant time) {
        Instant second = time.truncatedTo(ChronoUnit.SECONDS);
        return second.equals(time) ? time : second.plusSeconds(1);
    }
}
