package org.ringcert.issue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How many orders of a site may end invalid in an hour before a further one waits. Let's Encrypt refuses a name after
 * five failed authorizations in an hour (its rate limits, 2026-08); one is left for the person who repairs it.
 */
final class FailureBudget {

    static final int AN_HOUR = 4;

    private static final Duration HOUR = Duration.ofHours(1);

    private FailureBudget() {}

    /**
     * Whether a further order may be made.
     *
     * @param spoiled when orders ended invalid; what is in the future was noted by a clock that was wrong, and does not
     *     count
     * @throws IssueException if not
     */
    static void check(List<Instant> spoiled, Instant now) throws IssueException {
        List<Instant> lately = spoiled.stream()
                .filter(moment -> moment.isAfter(now.minus(HOUR)) && !moment.isAfter(now))
                .sorted()
                .toList();
        if (lately.size() >= AN_HOUR) {
            Instant again = lately.get(lately.size() - AN_HOUR).plus(HOUR);
            throw IssueException.wait(
                    lately.size()
                            + " orders became invalid within an hour, and the CA allows few more: none is made before "
                            + again + ", not by force either",
                    again);
        }
    }
}
