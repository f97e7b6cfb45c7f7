package org.ringcert.daemon.front;

import static java.time.temporal.ChronoField.DAY_OF_WEEK;
import static java.time.temporal.ChronoField.MONTH_OF_YEAR;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The date in HTTP responses (RFC 9110, section 5.6.7). The JDK's own formatter writes days of one digit, and a
 * formatter that takes its names from a locale takes longer to build than the socket takes to open.
 */
final class HttpDate {

    private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder()
            .appendText(DAY_OF_WEEK, numbered("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
            .appendPattern(", dd ")
            .appendText(
                    MONTH_OF_YEAR,
                    numbered("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"))
            .appendPattern(" uuuu HH:mm:ss 'GMT'")
            .toFormatter(Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private HttpDate() {}

    /** Formats an instant to the second, as in {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
    static String format(Instant instant) {
        return FORMAT.format(instant);
    }

    private static Map<Long, String> numbered(String... names) {
        Map<Long, String> numbered = new HashMap<>();
        for (String name : names) {
            numbered.put(numbered.size() + 1L, name);
        }
        return numbered;
    }
}
