package org.ringcert.view.ready;

import java.time.Duration;

/** Durations as people say them. Stateless. */
final class TimeSpan {

    /** Below this, days are too coarse. */
    private static final Duration SHOWN_IN_DAYS = Duration.ofDays(2);

    private static final Duration SHOWN_IN_HOURS = Duration.ofHours(2);
    private static final Duration SHOWN_IN_MINUTES = Duration.ofMinutes(2);

    private TimeSpan() {}

    /** Returns the duration, rounded down, in the unit that says most. */
    static String words(Duration duration) {
        if (duration.compareTo(SHOWN_IN_DAYS) >= 0) {
            return duration.toDays() + " days";
        }
        if (duration.compareTo(SHOWN_IN_HOURS) >= 0) {
            return duration.toHours() + " hours";
        }
        return duration.compareTo(SHOWN_IN_MINUTES) >= 0
                ? duration.toMinutes() + " minutes"
                : duration.toSeconds() + " seconds";
    }
}
