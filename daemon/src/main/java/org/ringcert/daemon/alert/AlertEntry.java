package org.ringcert.daemon.alert;

import java.time.Duration;
import java.time.Instant;

/**
 * A problem in the book. Immutable.
 *
 * @param condition as it was last seen
 * @param since when it was first seen
 * @param state how far it has come
 * @param isTold whether the administrator's command has been told that it began
 */
record AlertEntry(Condition condition, Instant since, State state, boolean isTold) {

    /** A problem that was not seen for so long is a new one. */
    private static final Duration MAX_GAP = Duration.ofHours(2);

    enum State {
        /** It has not lasted long enough. */
        WAITING,
        /** It needs a person. */
        OPEN,
        /** It is over, and the command has yet to be told. */
        ENDED
    }

    static AlertEntry first(Condition condition) {
        return new AlertEntry(condition, condition.seen(), State.WAITING, false);
    }

    String id() {
        return condition.subject().id();
    }

    /** Returns this entry with what has been seen now. */
    AlertEntry seenAgain(Condition now) {
        boolean isNew = state == State.WAITING
                && (now.seen().isBefore(since)
                        || now.seen().isAfter(condition.seen().plus(MAX_GAP)));
        if (isNew) {
            return first(now);
        }
        // A beginning in the future was recorded while the clock was wrong.
        Instant start = now.seen().isBefore(since) ? now.seen() : since;
        return new AlertEntry(now, start, state == State.ENDED ? State.OPEN : state, isTold);
    }

    /** Returns whether it waits and has lasted long enough. */
    boolean isDue() {
        Duration age = Duration.between(since, condition.seen());
        return state == State.WAITING && age.compareTo(condition.grace()) >= 0;
    }

    AlertEntry withState(State next) {
        return new AlertEntry(condition, since, next, isTold);
    }

    AlertEntry told() {
        return new AlertEntry(condition, since, state, true);
    }
}
