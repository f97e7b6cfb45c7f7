package org.ringcert.daemon.check;

import java.net.InetAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.ringcert.cluster.AddressText;

/** Values as sentences show them. */
final class Shown {

    private static final int MAX_LISTED = 10;

    private Shown() {}

    static String address(InetAddress address) {
        return AddressText.of(address);
    }

    static String addresses(Collection<InetAddress> addresses) {
        return list(addresses.stream().map(Shown::address).distinct().toList());
    }

    /** Returns {@code a}, {@code a and b}, or {@code a, b and c}; of a long list only the beginning. */
    static String list(Collection<?> values) {
        List<String> texts = values.stream().map(String::valueOf).toList();
        if (texts.size() > MAX_LISTED) {
            int shown = MAX_LISTED - 1;
            return String.join(", ", texts.subList(0, shown)) + " and " + (texts.size() - shown) + " more";
        }
        return texts.size() < 2
                ? String.join("", texts)
                : texts.subList(0, texts.size() - 1).stream().collect(Collectors.joining(", ")) + " and "
                        + texts.getLast();
    }

    /** Returns {@code 1 name}, {@code 3 names}. */
    static String count(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : noun.endsWith("s") ? "es" : "s");
    }

    /** Returns the absolute value of a duration, rounded to the unit that says most. */
    static String duration(Duration duration) {
        Duration absolute = duration.abs();
        for (ChronoUnit unit : List.of(ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES)) {
            long rounded = absolute.plus(unit.getDuration().dividedBy(2)).dividedBy(unit.getDuration());
            if (rounded >= 2) {
                return rounded + " " + unit.toString().toLowerCase(Locale.ROOT);
            }
        }
        return absolute.toSeconds() + " seconds";
    }
}
