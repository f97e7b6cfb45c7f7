package org.ringcert.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When certificates are renewed whose CA gives no renewal information, so that its limit counts their renewals: evenly
 * spread between two thirds and five sixths of the lifetime, or over a longer time if the limit needs it. Immutable.
 *
 * @param orders how many certificates with the same names there are: one for each node and kind of key
 * @param limit the limit of certificates with the same names; empty if there is none
 */
public record Spread(int orders, Optional<Limit> limit) {

    /** One token is kept for a server that is rebuilt. */
    private static final int RESERVE = 1;

    private static final int WHOLE = 1000;
    private static final int MIDDLE = 500;

    public Spread {
        if (orders < 1) {
            throw new IllegalArgumentException("there is at least one certificate");
        }
    }

    /**
     * Returns when a node's first certificate is to be renewed.
     *
     * @param index which one it is, of all {@link #orders} from zero: first those with the first kind of key in the
     *     order of the nodes in the file, then those with the next
     */
    public Instant first(int index, Instant notBefore, Duration lifetime) {
        return first(index, MIDDLE, notBefore, lifetime);
    }

    /**
     * Returns when a node's first certificate is to be renewed.
     *
     * @param index as in {@link #first(int, Instant, Duration)}
     * @param phase where in its part of the time, in thousandths: another one for other sites, so that a node does not
     *     renew all its certificates at once
     */
    public Instant first(int index, int phase, Instant notBefore, Duration lifetime) {
        Duration width = width(lifetime);
        Duration share = width.multipliedBy((long) WHOLE * index + phase).dividedBy((long) WHOLE * orders);
        return notBefore.plus(latest(lifetime)).minus(width).plus(share);
    }

    /**
     * Returns when a renewed certificate is to be renewed again: three quarters of its lifetime after the time that was
     * planned before, so that all keep their distances. If that is too early or too late for the new certificate, it is
     * planned as a first one.
     *
     * @param previous the time that was planned for the previous certificate
     */
    public Instant next(Instant previous, int index, Instant notBefore, Duration lifetime) {
        return next(previous, index, MIDDLE, notBefore, lifetime);
    }

    /**
     * Returns when a renewed certificate is to be renewed again, as {@link #next(Instant, int, Instant, Duration)}.
     *
     * @param phase as in {@link #first(int, int, Instant, Duration)}
     */
    public Instant next(Instant previous, int index, int phase, Instant notBefore, Duration lifetime) {
        Instant planned = previous.plus(period(lifetime));
        boolean isTooEarly = planned.isBefore(notBefore.plus(lifetime.dividedBy(2)));
        boolean isTooLate = planned.isAfter(notBefore.plus(latest(lifetime)));
        return isTooEarly || isTooLate ? first(index, phase, notBefore, lifetime) : planned;
    }

    /** Returns over which time the first renewals are spread; they end at five sixths of the lifetime. */
    public Duration width(Duration lifetime) {
        Duration usual = lifetime.dividedBy(6);
        Duration needed = limit.map(it ->
                        it.interval().multipliedBy(Math.max(0, orders - Math.max(1, it.capacity() - RESERVE))))
                .orElse(Duration.ZERO);
        Duration longest = period(lifetime);
        Duration width = needed.compareTo(usual) > 0 ? needed : usual;
        return width.compareTo(longest) < 0 ? width : longest;
    }

    /**
     * Whether the limit allows as many renewals as there are: no more than one for each interval in two thirds of the
     * lifetime. The time between two renewals is a twelfth longer, which is needed while a first rollout and the first
     * renewals overlap. Then every renewal leaves more than a twelfth of the lifetime.
     */
    public boolean fits(Duration lifetime) {
        return limit.map(it -> it.interval()
                                .multipliedBy(orders)
                                .compareTo(lifetime.multipliedBy(2).dividedBy(3))
                        <= 0)
                .orElse(true);
    }

    /** Returns the time between two renewals of one node. */
    private static Duration period(Duration lifetime) {
        return lifetime.multipliedBy(3).dividedBy(4);
    }

    private static Duration latest(Duration lifetime) {
        return lifetime.multipliedBy(5).dividedBy(6);
    }
}
