package org.ringcert.store;

import java.time.Duration;
import java.time.Instant;

/**
 * An order that waits, because looks at the site said that the CA's validation would fail. Nothing was asked of the CA.
 * Immutable.
 *
 * @param since when the first of these looks was made
 * @param looks how many, at least 1
 * @param lastLook when the last of them was made
 * @param nextLook the earliest time for the daemon's next one; commands look at once
 * @param orderAt when the order is made whatever a look says
 * @param reason what the last look saw, one or more sentences
 */
public record Postponement(
        Instant since, int looks, Instant lastLook, Instant nextLook, Instant orderAt, String reason) {

    /** The longest time from the first look to the order. */
    public static final Duration MAX_TIME = Duration.ofHours(1);

    /** Returns whether it is too early for the next look. */
    public boolean isWaiting(Instant now) {
        return now.isBefore(nextLook);
    }

    /** Returns whether the order is made whatever a look says. */
    public boolean isOver(Instant now) {
        return !now.isBefore(orderAt);
    }

    /** Limits the times to what is possible, for a clock that was wrong. */
    Postponement asOf(Instant now) {
        Instant latestOrder = earlier(orderAt, now.plus(MAX_TIME));
        return new Postponement(since, looks, lastLook, earlier(nextLook, latestOrder), latestOrder, reason);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
