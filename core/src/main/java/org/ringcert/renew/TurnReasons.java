package org.ringcert.renew;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.plan.Limit;
import org.ringcert.plan.Turn;

/** Why a turn is not earlier, in words. */
public final class TurnReasons {

    private TurnReasons() {}

    /** Returns the reason as a clause, to follow "because". */
    public static String describe(Turn.Reason reason) {
        return switch (reason) {
            case Turn.Reason.AtOnce() -> "nothing prevents it";
            case Turn.Reason.AfterFirst(var first) ->
                first + " orders these names first, so that the CA counts them as new only once";
            case Turn.Reason.WithinLimit(var limit, var subject) -> describe(limit, subject);
            case Turn.Reason.AfterRefusal() -> "the CA has refused an order and asks to wait until then";
        };
    }

    private static String describe(Limit limit, String subject) {
        return switch (limit.kind()) {
            case CERTIFICATES_PER_NAME_SET ->
                "the CA issues " + count(limit, "certificate") + " for the same names at once, then another every "
                        + time(limit.interval());
            case CERTIFICATES_PER_REGISTERED_DOMAIN ->
                "the CA issues " + count(limit, "certificate") + " with new names for " + subject
                        + " at once, then another every " + time(limit.interval());
            case ORDERS_PER_ACCOUNT ->
                "the CA accepts " + count(limit, "order")
                        + " for new names from an account at once, then another every " + time(limit.interval());
            case FAILED_VALIDATIONS_PER_NAME ->
                "the CA allows " + count(limit, "failed validation") + " of " + subject + ", then another every "
                        + time(limit.interval());
            case ACCOUNTS_PER_ADDRESS ->
                "the CA registers " + count(limit, "account") + " from an address at once, then another every "
                        + time(limit.interval());
        };
    }

    private static String count(Limit limit, String what) {
        return limit.capacity() + " " + what + (limit.capacity() == 1 ? "" : "s");
    }

    /** Returns the interval in its two largest units: {@code 33 hours 36 minutes}. */
    private static String time(Duration interval) {
        List<String> parts = Stream.of(
                        part(interval.toHours(), "hour"),
                        part(interval.toMinutesPart(), "minute"),
                        part(interval.toSecondsPart(), "second"))
                .filter(part -> !part.isEmpty())
                .limit(2)
                .toList();
        return parts.isEmpty() ? "moment" : parts.stream().collect(Collectors.joining(" "));
    }

    private static String part(long count, String unit) {
        return count == 0 ? "" : count + " " + unit + (count == 1 ? "" : "s");
    }
}
