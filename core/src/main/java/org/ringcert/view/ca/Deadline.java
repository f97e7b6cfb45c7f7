package org.ringcert.view.ca;

import java.time.Duration;

/** The time by which a walk or a look must have ended. Immutable. */
record Deadline(long startNanos, Duration limit) {

    static Deadline after(Duration limit) {
        return new Deadline(System.nanoTime(), limit);
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

    /** Returns the limit for messages, such as "4 s" or "0.5 s", rounded. */
    String limitText() {
        long millis = limit.toMillis();
        return millis >= 1000 ? Math.round(millis / 1000.0) + " s" : Math.round(millis / 100.0) / 10.0 + " s";
    }
}
