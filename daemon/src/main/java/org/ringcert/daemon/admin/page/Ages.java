package org.ringcert.daemon.admin.page;

import java.time.Duration;
import java.time.Instant;
import org.ringcert.daemon.status.HumanTime;

/** Ages of looks, as precise as a person needs them. */
final class Ages {

    private static final Duration SHOWN_IN_SECONDS = Duration.ofMinutes(2);

    private Ages() {}

    /** Returns {@code 8 seconds ago}; {@code just now} for the current second, and for the future. */
    static String ago(Instant moment, Instant now) {
        Duration age = Duration.between(moment, now);
        if (age.compareTo(Duration.ofSeconds(1)) < 0) {
            return "just now";
        }
        if (age.compareTo(SHOWN_IN_SECONDS) < 0) {
            return age.toSeconds() == 1 ? "1 second ago" : age.toSeconds() + " seconds ago";
        }
        return HumanTime.rounded(age) + " ago";
    }
}
