package org.ringcert.plan;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The part of a CA's renewal window (RFC 9773) in which a node renews a certificate. */
public enum WindowShare {
    /** For a node that has no peers. */
    WHOLE,
    /** For the canary. */
    FIRST_QUARTER,
    /** For all others, so that they see what the canary got. */
    REST;

    /**
     * A chosen time is this part of the window away from both ends, and at most {@link #MAX_MARGIN}. Let's Encrypt
     * exempts renewals from its limits in the window only, to the second (seen with Boulder 0.20261105.0), and this
     * server's clock may be a little wrong.
     */
    private static final int MARGIN_PART = 20;

    private static final Duration MAX_MARGIN = Duration.ofMinutes(10);

    /**
     * Returns a time in this part of a window (RFC 9773, section 4.2), not close to the edges of the window and rounded
     * down to a whole second.
     *
     * @param position where in this part, at least 0 and less than 1
     */
    Instant choose(Instant start, Instant end, double position) {
        Duration margin = margin(Duration.between(start, end));
        Instant earliest = this == REST ? quarter(start, end) : start.plus(margin);
        Instant latest = this == FIRST_QUARTER ? quarter(start, end) : end.minus(margin);
        long seconds = Math.max(1, Duration.between(earliest, latest).toSeconds());
        Instant chosen = earliest.plusSeconds((long) (seconds * position)).truncatedTo(ChronoUnit.SECONDS);
        return chosen.isBefore(start) ? start : chosen;
    }

    /** Returns whether a time in a window is in this part of it, to the second. */
    public boolean contains(Instant time, Instant start, Instant end) {
        Instant quarter = quarter(start, end);
        return switch (this) {
            case WHOLE -> true;
            case FIRST_QUARTER -> !time.isAfter(quarter);
            case REST -> time.isAfter(quarter.minusSeconds(1));
        };
    }

    private static Instant quarter(Instant start, Instant end) {
        return start.plus(Duration.between(start, end).dividedBy(4));
    }

    private static Duration margin(Duration window) {
        Duration part = window.dividedBy(MARGIN_PART);
        return part.compareTo(MAX_MARGIN) < 0 ? part : MAX_MARGIN;
    }
}
