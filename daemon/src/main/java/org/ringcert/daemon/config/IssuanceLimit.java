package org.ringcert.daemon.config;

import java.time.Duration;

/**
 * How many certificates a CA issues: some at once, then another whenever an interval has passed. Immutable.
 *
 * @param atOnce the number of certificates that may be ordered at once
 * @param interval the time until another one may be ordered
 */
public record IssuanceLimit(int atOnce, Duration interval) {

    /** Returns how long the last of this many orders has to wait if all are made at once. */
    public Duration wait(int orders) {
        return interval.multipliedBy(Math.max(0, orders - atOnce));
    }
}
