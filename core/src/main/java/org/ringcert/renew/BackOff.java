package org.ringcert.renew;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * How long to wait after failures. Let's Encrypt's integration guide (2026-08) asks for these times: a slip of a moment is mended soon, and what needs a person
 * does not use up the CA's limit of failures for each name.
 */
final class BackOff {

    private static final List<Duration> AFTER =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofMinutes(100), Duration.ofDays(1));

    private BackOff() {}

    /**
     * When to try again: a whole second, for those who read it.
     *
     * @param failures how many in a row, at least 1
     * @param retryAfter what the other side asks for, where it does: never sooner than that
     */
    static Instant next(int failures, Optional<Duration> retryAfter, Instant now) {
        Duration own = AFTER.get(Math.min(failures, AFTER.size()) - 1);
        Instant next =
                now.plus(retryAfter.filter(asked -> asked.compareTo(own) > 0).orElse(own));
        Instant second = next.truncatedTo(ChronoUnit.SECONDS);
        return second.equals(next) ? next : second.plusSeconds(1);
    }
}
