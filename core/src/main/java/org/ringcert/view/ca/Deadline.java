package org.ringcert.view.ca;

import java.time.Duration;

/**
 * The time by which a walk or a look must have ended. Immutable.
 *
 * @param limit how long after the start it is
 * @param isLimitOfCas whether CAs do not wait longer either, so that what takes longer fails
 */
record Deadline(long startNanos, Duration limit, boolean isLimitOfCas) {

    /**
     * How long a server or the DNS must have been silent to be called silent if it is not a CA that gives up. In two
     * seconds, TCP and DNS ask twice. What had less time, in a look that is short or on a machine that is busy, has not
     * been seen.
     */
    static final Duration FAIR_TIME = Duration.ofSeconds(2);

    /** Half a sentence about silence. It is the same for all looks, so that they all report the same problem. */
    static final String SILENCE = "for more than " + FAIR_TIME.toSeconds() + " s";

    /** Returns the deadline for a walk or a look, after {@link ValidationRules#MAX_TIME} at the latest. */
    static Deadline ofWalk(Duration timeout) {
        boolean isLimitOfCas = timeout.compareTo(ValidationRules.MAX_TIME) >= 0;
        return new Deadline(System.nanoTime(), isLimitOfCas ? ValidationRules.MAX_TIME : timeout, isLimitOfCas);
    }

    static Deadline after(Duration limit) {
        return new Deadline(System.nanoTime(), limit, false);
    }

    /** Returns the deadline that is earlier by this time. */
    Deadline earlierBy(Duration margin) {
        return new Deadline(startNanos, limit.minus(margin), isLimitOfCas);
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /** Returns how much time remains; zero or negative if none does. */
    Duration remaining() {
        return limit.minus(elapsed());
    }

    boolean hasPassed() {
        return !remaining().isPositive();
    }
}
