package org.ringcert.daemon.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: a number and its unit, such as {@code 500ms}, {@code 10m} or {@code 2d}. Stateless.
 */
public final class DurationText {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    private DurationText() {}

    /**
     * Parses a duration from no time to 999999999 days.
     *
     * @throws IllegalArgumentException if it is not one; the message says what would be right
     */
    public static Duration parse(String written) {
        Matcher form = FORM.matcher(written);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "write a number and its unit, ms, s, m, h or d, such as \"12h\" or \"2d\"");
        }
        long number = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /** Returns a duration of whole milliseconds in the form that {@link #parse} reads. */
    public static String of(Duration duration) {
        return duration.toMillisPart() == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
