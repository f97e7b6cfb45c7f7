package org.ringcert.renew;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.ringcert.store.Progress;

/** The delays between attempts. All times are rounded up to a whole second, because people read them. */
final class BackOff {

    /**
     * From Let's Encrypt's integration guide (2026-08). A brief outage is over soon, and a failure that needs a person
     * does not use up the CA's limit of failures for each name.
     */
    private static final List<Duration> FAILURE_DELAYS =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofMinutes(100), Duration.ofDays(1));

    /**
     * Let's Encrypt issues five certificates a week for the same names (its rate limits, 2026-08). These delays leave
     * one for the person who sets the clock right.
     */
    private static final List<Duration> DUE_WHEN_ISSUED_DELAYS =
            List.of(Duration.ofHours(1), Duration.ofHours(10), Duration.ofHours(100), Progress.MAX_WAIT);

    /** Between requests for renewal information (RFC 9773, section 4.3.3, wants a limit of six hours). */
    private static final List<Duration> POLL_DELAYS =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofMinutes(100), Duration.ofHours(6));

    private BackOff() {}

    /**
     * Returns when to try again after failures.
     *
     * @param failures the number of consecutive failures, at least 1
     * @param retryAfter the minimum delay the other side asks for, if any. At most {@link Progress#MAX_WAIT} of it is
     *     honored.
     */
    static Instant next(int failures, Optional<Duration> retryAfter, Instant now) {
        Duration delay = delay(FAILURE_DELAYS, failures);
        Duration requested =
                retryAfter.filter(minimum -> minimum.compareTo(delay) > 0).orElse(delay);
        Duration bounded = requested.compareTo(Progress.MAX_WAIT) > 0 ? Progress.MAX_WAIT : requested;
        return roundUp(now.plus(bounded));
    }

    /**
     * Returns when to order again after certificates that were already due for renewal when they were issued.
     *
     * @param orders the number of consecutive orders that led to such a certificate, at least 1
     */
    static Instant nextAfterDueWhenIssued(int orders, Instant now) {
        return roundUp(now.plus(delay(DUE_WHEN_ISSUED_DELAYS, orders)));
    }

    /**
     * Returns when to ask for renewal information again after requests that failed.
     *
     * @param failures the number of consecutive failures, at least 1
     */
    static Duration pollDelay(int failures) {
        return delay(POLL_DELAYS, failures);
    }

    private static Duration delay(List<Duration> delays, int attempts) {
        return delays.get(Math.min(attempts, delays.size()) - 1);
    }

    private static Instant roundUp(Instant time) {
        Instant second = time.truncatedTo(ChronoUnit.SECONDS);
        return second.equals(time) ? time : second.plusSeconds(1);
    }
}
