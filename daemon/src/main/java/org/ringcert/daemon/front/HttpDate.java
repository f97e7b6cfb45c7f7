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
 * The date of HTTP answers (RFC 9110, section 5.6.7). The JDK's own formatter for it writes days of one digit, and one
 * that takes its names from a locale needs longer than the socket does to be opened.
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

    /** That moment, to the second: {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
    static String of(Instant moment) {
        return FORMAT.format(moment);
    }

    private static Map<Long, String> numbered(String... names) {
        Map<Long, String> numbered = new HashMap<>();
        for (String name : names) {
            numbered.put(numbered.size() + 1L, name);
        }
        return numbered;
    }
}
