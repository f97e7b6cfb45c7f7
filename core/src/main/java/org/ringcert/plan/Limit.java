package org.ringcert.plan;

import java.time.Duration;

/**
 * A limit of a CA: some at once, then another whenever an interval has passed. Immutable.
 *
 * @param kind what is counted
 * @param capacity how many there may be at once, at least one
 * @param interval the time until there may be another one, more than zero
 */
public record Limit(LimitKind kind, int capacity, Duration interval) {

    public Limit {
        if (capacity < 1) {
            throw new IllegalArgumentException("a limit allows at least one");
        }
        if (!interval.isPositive()) {
            throw new IllegalArgumentException("the interval of a limit is more than zero");
        }
    }

    /** Returns how long the last of this many orders has to wait if the first is made now and none was before. */
    public Duration wait(int orders) {
        return interval.multipliedBy(Math.max(0, orders - capacity));
    }

    /** Returns the time after which a limit that was used up is unused again. */
    public Duration period() {
        return interval.multipliedBy(capacity);
    }
}
