package org.ringcert.renew;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.ringcert.store.Progress;

/**
 * How long to wait after failures. Let's Encrypt's integration guide (2026-08) asks for these times: a slip of a moment
 * is mended soon, and what needs a person does not use up the CA's limit of failures for each name.
 */
final class BackOff {

    private static final List<Duration> AFTER =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofMinutes(100), Duration.ofDays(1));

    /**
     * Let's Encrypt issues five certificates a week for the same names (its rate limits, 2026-08), and one is left for
     * the person who sets the clock right.
     */
    private static final List<Duration> IN_VAIN =
            List.of(Duration.ofHours(1), Duration.ofHours(10), Duration.ofHours(100), Progress.MAX_WAIT);

    private BackOff() {}

    /**
     * When to try again: a whole second, for those who read it.
     *
     * @param failures how many in a row, at least 1
     * @param retryAfter what the other side asks for, where it does: never sooner than that, within
     *     {@link Progress#MAX_WAIT}
     */
    static Instant next(int failures, Optional<Duration> retryAfter, Instant now) {
        Duration own = AFTER.get(Math.min(failures, AFTER.size()) - 1);
        Duration asked = retryAfter.filter(longer -> longer.compareTo(own) > 0).orElse(own);
        return after(asked.compareTo(Progress.MAX_WAIT) > 0 ? Progress.MAX_WAIT : asked, now);
    }

    /**
     * When to order again after certificates that were due as soon as they were issued.
     *
     * @param orders how many in a row, at least 1
     */
    static Instant afterInVain(int orders, Instant now) {
        return after(IN_VAIN.get(Math.min(orders, IN_VAIN.size()) - 1), now);
    }

    private static Instant after(Duration wait, Instant now) {
        Instant next = now.plus(wait);
        Instant second = next.truncatedTo(ChronoUnit.SECONDS);
        return second.equals(next) ? next : second.plusSeconds(1);
    }
}
