package org.ringcert.daemon.status;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times as precise as a person needs them. */
public final class HumanTime {

    private static final DateTimeFormatter MINUTES =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm'Z'").withZone(ZoneOffset.UTC);

    /** Below this, days are too coarse. */
    private static final Duration SHOWN_IN_DAYS = Duration.ofDays(2);

    private static final Duration SHOWN_IN_HOURS = Duration.ofHours(2);

    private HumanTime() {}

    /** Returns the moment in UTC, to the minute: {@code 2026-11-23 10:15Z}. */
    public static String toMinute(Instant moment) {
        return MINUTES.format(moment);
    }

    /** Returns the duration, rounded down, in the unit that says most: {@code 89 days}, {@code 1 minute}. */
    public static String rounded(Duration duration) {
        if (duration.compareTo(SHOWN_IN_DAYS) >= 0) {
            return duration.toDays() + " days";
        }
        if (duration.compareTo(SHOWN_IN_HOURS) >= 0) {
            return duration.toHours() + " hours";
        }
        return duration.toMinutes() == 1 ? "1 minute" : duration.toMinutes() + " minutes";
    }
}
