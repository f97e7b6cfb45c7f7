package org.ringcert.acme;

import java.time.Duration;

/** The time by which a call must have ended, measured on the monotonic clock. Immutable. */
record Deadline(long startNanos, Duration timeout) {

    static Deadline after(Duration timeout) {
        return new Deadline(System.nanoTime(), timeout);
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /** Returns the time that remains; negative once the deadline has passed. */
    Duration remaining() {
        return timeout.minus(elapsed());
    }

    /** Whether a wait of this length would end before the deadline. */
    boolean allows(Duration wait) {
        return remaining().compareTo(wait) > 0;
    }

    boolean hasPassed() {
        return !allows(Duration.ZERO);
    }
}
