package org.ringcert.daemon.plan;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.ringcert.plan.Limit;
import org.ringcert.plan.Turn;

/** The words for limits and times, the same in the plan, in {@code ringcert check} and in {@code ringcert setup}. */
public final class PlanWords {

    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("EEE uuuu-MM-dd HH'h'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("EEE uuuu-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final int MAX_LISTED = 5;
    private static final double HOURS_OF_DAY = 24;
    private static final double SECONDS_OF_HOUR = 3600;
    private static final double SECONDS_OF_MINUTE = 60;

    private static final List<String> ORDINALS = List.of(
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth");

    private PlanWords() {}

    /** Returns the day and hour in UTC: {@code Sat 2026-12-05 14h}. */
    public static String hour(Instant time) {
        return HOUR.format(time);
    }

    /** Returns the day in UTC: {@code Sat 2026-12-05}. */
    static String day(Instant time) {
        return DAY.format(time);
    }

    /** Returns the days from one time to another, or the only one. */
    static String days(Instant from, Instant to) {
        return day(from).equals(day(to)) ? day(from) : day(from) + " to " + day(to);
    }

    /** Returns a limit as a noun: {@code the limit of 5 a week for the same names}. */
    public static String limit(Limit limit) {
        return "the limit of " + limit.capacity() + " " + each(limit.period()) + " "
                + switch (limit.kind()) {
                    case CERTIFICATES_PER_NAME_SET -> "for the same names";
                    case CERTIFICATES_PER_REGISTERED_DOMAIN -> "for new names in a registered domain";
                    case ORDERS_PER_ACCOUNT -> "for new names of an account";
                    case FAILED_VALIDATIONS_PER_NAME -> "for failed validations of a name";
                    case ACCOUNTS_PER_ADDRESS -> "for new accounts of an address";
                };
    }

    private static String each(Duration period) {
        if (period.equals(Duration.ofDays(7))) {
            return "a week";
        }
        if (period.equals(Duration.ofDays(1))) {
            return "a day";
        }
        if (period.equals(Duration.ofHours(1))) {
            return "an hour";
        }
        return "in " + duration(period);
    }

    /** Returns what the limit of new accounts means for servers that have none yet, more than it allows at once. */
    public static String newAccounts(Limit limit, int servers) {
        return "If all of the " + count(servers, "server") + " that may have to register reach the CA from one address"
                + " (NAT), it registers " + limit.capacity() + " at once, then another every "
                + duration(limit.interval()) + ", so that the last one waits " + duration(limit.wait(servers))
                + ". Those that it refuses try again by themselves.";
    }

    /** Returns a duration in the unit that says most. */
    public static String duration(Duration time) {
        if (time.toHours() >= 48) {
            return trimmed(time.toSeconds() / SECONDS_OF_HOUR / HOURS_OF_DAY) + " days";
        }
        if (time.toMinutes() >= 120) {
            return trimmed(time.toSeconds() / SECONDS_OF_HOUR) + " hours";
        }
        return time.toSeconds() >= 120
                ? Math.round(time.toSeconds() / SECONDS_OF_MINUTE) + " minutes"
                : time.toSeconds() + " seconds";
    }

    /** Returns how long certificates are missing or invalid, all taken together. */
    static String certificateDays(Duration time) {
        String days = trimmed(time.toSeconds() / SECONDS_OF_HOUR / HOURS_OF_DAY);
        return days + (days.equals("1") ? " certificate-day" : " certificate-days");
    }

    private static String trimmed(double value) {
        String text = String.format(Locale.ROOT, "%,.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /** Returns the word for a place in a row: {@code eighth}. */
    public static String ordinal(int number) {
        if (number <= ORDINALS.size()) {
            return ORDINALS.get(number - 1);
        }
        boolean isTeen = number % 100 >= 11 && number % 100 <= 13;
        String suffix = switch (isTeen ? 0 : number % 10) {
            case 1 -> "st";
            case 2 -> "nd";
            case 3 -> "rd";
            default -> "th";
        };
        return number + suffix;
    }

    /** Returns {@code 50,000}. */
    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Returns {@code 1 server}, {@code 3 servers}. */
    public static String count(long number, String noun) {
        return number(number) + " " + noun + (number == 1 ? "" : "s");
    }

    /** Returns {@code a, b and c}; of a long list only the beginning. */
    public static String list(Collection<?> values) {
        List<String> texts = values.stream().map(String::valueOf).toList();
        if (texts.size() > MAX_LISTED) {
            return String.join(", ", texts.subList(0, MAX_LISTED)) + " and " + (texts.size() - MAX_LISTED) + " more";
        }
        return texts.size() < 2
                ? String.join("", texts)
                : String.join(", ", texts.subList(0, texts.size() - 1)) + " and " + texts.getLast();
    }

    /** Returns why a turn is not earlier, in a few words; empty if nothing prevents that. */
    static String reason(Turn.Reason reason) {
        return switch (reason) {
            case Turn.Reason.AtOnce() -> "";
            case Turn.Reason.AfterFirst(var first) -> "when " + first + " has its own, or soon after";
            case Turn.Reason.WithinLimit(var limit, var _) -> limit(limit);
            case Turn.Reason.AfterRefusal() -> "the CA has refused an order and said when to come again";
        };
    }
}
