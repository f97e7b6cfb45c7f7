package org.ringcert.acme;

import java.time.Duration;

/** When a call must have ended, by a clock that nobody sets. Immutable. */
record Deadline(long start, Duration patience) {

    static Deadline in(Duration patience) {
        return new Deadline(System.nanoTime(), patience);
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** What is left; negative when it is over. */
    Duration remaining() {
        return patience.minus(elapsed());
    }

    boolean allows(Duration wait) {
        return remaining().compareTo(wait) > 0;
    }
}
