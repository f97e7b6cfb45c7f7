package org.ringcert.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/**
 * What is left of a {@link Limit}: each order takes a token, and a new one comes after each interval. Counted as Let's
 * Encrypt does, by the generic cell rate algorithm (its page "Rate Limits", and {@code ratelimits/gcra.go} of its
 * software Boulder). Immutable.
 *
 * @param limit how many tokens there may be, and how often one comes
 * @param full when it has all of its tokens again if none is taken before
 */
public record TokenBucket(Limit limit, Instant full) {

    /** A duration of fewer seconds has its nanoseconds in a long. */
    private static final long MAX_SECONDS = Long.MAX_VALUE / 1_000_000_000 - 1;

    /** Returns a bucket that has always had all of its tokens. */
    public static TokenBucket full(Limit limit) {
        return new TokenBucket(limit, Instant.MIN);
    }

    /** Returns what certificates that were issued at these times, in any order, have left of a full bucket. */
    public static TokenBucket after(Collection<Instant> issued, Limit limit) {
        TokenBucket bucket = full(limit);
        for (Instant time : issued.stream().sorted().toList()) {
            bucket = bucket.spend(time);
        }
        return bucket;
    }

    /** Returns how many tokens there are. */
    public int available(Instant at) {
        if (!full.isAfter(at)) {
            return limit.capacity();
        }
        Duration interval = limit.interval();
        Duration missing = Duration.between(at, full);
        long taken = roundedUp(missing, interval);
        return (int) Math.max(0, limit.capacity() - taken);
    }

    /** Returns the earliest time, {@code from} or later, at which there is a token. */
    public Instant earliest(Instant from) {
        return earliest(1, from);
    }

    /**
     * Returns the earliest time, {@code from} or later, at which there are this many tokens.
     *
     * @param tokens at most the limit's capacity
     */
    public Instant earliest(int tokens, Instant from) {
        if (!full.isAfter(from)) {
            return from;
        }
        Instant time = full.minus(times(limit.interval(), limit.capacity() - tokens));
        return time.isAfter(from) ? time : from;
    }

    /**
     * Takes a token, or nothing if there is none: an order that is exempt from the limit is counted, but does not
     * lengthen the wait of others.
     *
     * @param at not before the time of the previous one
     */
    public TokenBucket spend(Instant at) {
        if (earliest(at).isAfter(at)) {
            return this;
        }
        Instant from = full.isAfter(at) ? full : at;
        return new TokenBucket(limit, from.plus(limit.interval()));
    }

    /** Leaves no token before this time, and no more than one at that time, as the CA has said by a refusal. */
    public TokenBucket refusedUntil(Instant until) {
        Instant known = until.plus(limit.interval().multipliedBy(limit.capacity() - 1L));
        return known.isAfter(full) ? new TokenBucket(limit, known) : this;
    }

    /** Divides as {@link Duration#dividedBy(Duration)} does, which takes big integers and much more time. */
    private static long roundedUp(Duration dividend, Duration divisor) {
        if (dividend.toSeconds() < MAX_SECONDS && divisor.toSeconds() < MAX_SECONDS) {
            return Math.ceilDiv(dividend.toNanos(), divisor.toNanos());
        }
        long whole = dividend.dividedBy(divisor);
        return divisor.multipliedBy(whole).equals(dividend) ? whole : whole + 1;
    }

    private static Duration times(Duration duration, int factor) {
        return duration.toSeconds() < MAX_SECONDS / Math.max(1, factor)
                ? Duration.ofNanos(duration.toNanos() * factor)
                : duration.multipliedBy(factor);
    }
}
