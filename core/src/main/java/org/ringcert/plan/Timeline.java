package org.ringcert.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The orders that one limit counts, in the order of time: those that were made, and those that are planned. Plans keep
 * to what has happened: a planned order takes no token that a later one is known to have found. Confined to one thread.
 */
final class Timeline {

    /**
     * An order that was refused comes again when there is a token, or up to 3 % of its wait later (the jitter in
     * Boulder's {@code ratelimits/limiter.go}), at a moment of its own within a further 2 %. The others let it go
     * first. Of Let's Encrypt's 34 hours this leaves an hour by which nodes may differ about when the first order was
     * made.
     */
    private static final int SLACK_PERCENT = 8;

    /** Boulder lengthens the wait after a refusal by up to this, at random. */
    private static final int JITTER_PERCENT = 3;

    /** A CA may count in whole seconds. */
    private static final Duration ROUNDING = Duration.ofSeconds(2);

    private final Limit limit;
    private final String subject;
    private final Duration slack;
    private final List<Event> events = new ArrayList<>();

    /** The bucket before each event, and at the end the one after all. */
    private final List<TokenBucket> buckets = new ArrayList<>();

    private @Nullable Found latest;

    /** @param subject what the limit counts by: the names, or the registered domain */
    Timeline(Limit limit, String subject) {
        this.limit = limit;
        this.subject = subject;
        this.slack = limit.interval().multipliedBy(SLACK_PERCENT).dividedBy(100);
        buckets.add(TokenBucket.full(limit));
    }

    private record Found(Instant from, int needs, Instant at) {}

    private sealed interface Event {
        Instant at();

        /** An order that needs some tokens, and takes one if there is one. */
        record Order(Instant at, int needs) implements Event {}

        record Refused(Instant at, Instant until) implements Event {}
    }

    Limit limit() {
        return limit;
    }

    Turn.Reason reason() {
        return new Turn.Reason.WithinLimit(limit, subject);
    }

    /** Adds an order. Plans leave it as many of the tokens that it needs as it has now. */
    void add(Instant at, int needs) {
        insert(indexOf(at), new Event.Order(at, needs));
    }

    /**
     * Adds that the CA has said when there will be a token. It had counted the orders that are planned for an earlier
     * time.
     */
    void addRefusal(Refusal refusal) {
        insert(indexOf(refusal.at()), new Event.Refused(refusal.at(), refusal.until()));
    }

    /**
     * Returns the earliest time for an order. If it has to wait for a token, it comes somewhat later, so that an order
     * that was refused goes first.
     *
     * @param from when the order could be made without the limit
     * @param floor the earliest time to return, not before {@code from}
     * @param needs how many tokens there must be; at most the limit's capacity
     * @param extra how much later it comes than others that have to wait; more than that of the order before
     */
    Instant find(Instant from, Instant floor, int needs, Duration extra) {
        if (!floor.isAfter(from)) {
            Instant at = search(from, floorByLatest(from, needs), needs, slack.plus(extra));
            latest = new Found(from, needs, at);
            return at;
        }
        return search(from, floor, needs, slack.plus(extra));
    }

    /**
     * Returns the earliest time for an order that was refused.
     *
     * @param floor the earliest time to return
     */
    Instant findRefused(Instant floor) {
        return search(floor, floor, 1, Duration.ZERO);
    }

    private Instant search(Instant from, Instant floor, int needs, Duration slack) {
        int index = indexOf(floor);
        Instant at = candidate(index, from, floor, needs, slack);
        while (isPast(index, at) || !leavesLaterOrdersTheirs(index, at)) {
            Instant passed = events.get(index).at();
            index++;
            at = candidate(index, from, passed, needs, slack);
        }
        return at;
    }

    /** Returns a time before which there is surely nothing. Keeps the plan of many orders fast. */
    private Instant floorByLatest(Instant from, int needs) {
        if (latest == null || from.isBefore(latest.from()) || needs < latest.needs()) {
            return from;
        }
        return latest.at().isAfter(from) ? latest.at() : from;
    }

    private Instant candidate(int index, Instant from, Instant floor, int needs, Duration slack) {
        Instant earliest = buckets.get(index).earliest(needs, from);
        Instant at = earliest.isAfter(from) ? earliest.plus(slack) : earliest;
        return at.isAfter(floor) ? at : floor;
    }

    /** Whether the time is after the event at this index. */
    private boolean isPast(int index, Instant at) {
        return index < events.size() && at.isAfter(events.get(index).at());
    }

    private boolean leavesLaterOrdersTheirs(int index, Instant at) {
        TokenBucket bucket = buckets.get(index).spend(at);
        for (int i = index; i < events.size(); i++) {
            TokenBucket previous = buckets.get(i);
            if (bucket.equals(previous)) {
                return true;
            }
            if (events.get(i) instanceof Event.Order order && found(bucket, order) < found(previous, order)) {
                return false;
            }
            bucket = after(bucket, events.get(i));
        }
        return true;
    }

    /** Returns how many of the tokens that an order needs there are. */
    private static int found(TokenBucket bucket, Event.Order order) {
        return Math.min(bucket.available(order.at()), order.needs());
    }

    private TokenBucket after(TokenBucket bucket, Event event) {
        return switch (event) {
            case Event.Order order -> bucket.spend(whenCounted(bucket, order.at()));
            case Event.Refused refused -> bucket.refusedUntil(refused.until());
        };
    }

    /**
     * Returns from when on an order counts. The CA lengthens the wait after a refusal at random, so since then each
     * token may have come somewhat earlier than this node can tell, and an order shortly before that time may have
     * taken it.
     */
    private Instant whenCounted(TokenBucket bucket, Instant at) {
        Instant token = bucket.earliest(at);
        return token.isAfter(at) && !at.isBefore(token.minus(doubt(at))) ? token : at;
    }

    private Duration doubt(Instant at) {
        Duration doubt = Duration.ZERO;
        for (Event event : events) {
            if (event instanceof Event.Refused refused && !refused.at().isAfter(at)) {
                Duration wait = Duration.between(refused.at(), refused.until());
                Duration jitter = wait.minus(wait.multipliedBy(100).dividedBy(100 + JITTER_PERCENT))
                        .plus(ROUNDING);
                doubt = jitter.compareTo(doubt) > 0 ? jitter : doubt;
            }
        }
        return doubt;
    }

    private void insert(int index, Event event) {
        events.add(index, event);
        buckets.subList(index + 1, buckets.size()).clear();
        for (int i = index; i < events.size(); i++) {
            buckets.add(after(buckets.get(i), events.get(i)));
        }
    }

    /** Returns the index of an order at this time: after the orders of the same time, and before the refusals. */
    private int indexOf(Instant time) {
        int index = events.size();
        while (index > 0 && isLater(events.get(index - 1), time)) {
            index--;
        }
        return index;
    }

    private static boolean isLater(Event event, Instant time) {
        return event.at().isAfter(time)
                || (event instanceof Event.Refused && event.at().equals(time));
    }
}
