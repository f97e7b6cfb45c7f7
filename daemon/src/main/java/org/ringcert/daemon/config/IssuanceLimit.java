package org.ringcert.daemon.config;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.ringcert.plan.LimitKind;
import org.ringcert.plan.Limits;

/**
 * How many certificates a CA issues: some at once, then another whenever an interval has passed. Immutable.
 *
 * @param atOnce the number of certificates that may be ordered at once
 * @param interval the time until another one may be ordered
 */
public record IssuanceLimit(int atOnce, Duration interval) {

    /** Returns the limit of certificates for one exact set of names; empty if there is none. */
    public static Optional<IssuanceLimit> ofSameNames(Limits limits) {
        return limits.find(LimitKind.CERTIFICATES_PER_NAME_SET)
                .map(limit -> new IssuanceLimit(limit.capacity(), limit.interval()));
    }

    /** Returns how long the last of this many orders has to wait if all are made at once. */
    public Duration wait(int orders) {
        return interval.multipliedBy(Math.max(0, orders - atOnce));
    }

    /**
     * Returns how many certificates may be ordered now.
     *
     * @param issued when the previous ones were issued, as far as known
     */
    public int remaining(Collection<Instant> issued, Instant now) {
        long free = Duration.between(fullyUsed(issued, now), now).dividedBy(interval);
        return Math.clamp(free, 0, atOnce);
    }

    /**
     * Returns the earliest time at which as many certificates may be ordered, if none is issued before it.
     *
     * @param orders at most {@link #atOnce}
     * @param issued as for {@link #remaining}
     */
    public Instant earliest(int orders, Collection<Instant> issued, Instant now) {
        Instant earliest = fullyUsed(issued, now).plus(interval.multipliedBy(orders));
        return earliest.isAfter(now) ? earliest : now;
    }

    /**
     * Returns the moment, mostly in the past, from which the free places have been accumulating: one in each interval.
     * A certificate that is issued although no place is free, such as an exempt renewal, takes none.
     */
    private Instant fullyUsed(Collection<Instant> issued, Instant now) {
        Duration all = interval.multipliedBy(atOnce);
        List<Instant> inOrder = issued.stream().sorted().toList();
        Instant since = inOrder.isEmpty() ? now.minus(all) : inOrder.getFirst().minus(all);
        for (Instant time : inOrder) {
            since = since.isBefore(time.minus(all)) ? time.minus(all) : since;
            Instant used = since.plus(interval);
            since = used.isAfter(time) ? since : used;
        }
        return since.isBefore(now.minus(all)) ? now.minus(all) : since;
    }
}
