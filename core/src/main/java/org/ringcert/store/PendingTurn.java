package org.ringcert.store;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import org.ringcert.cluster.HostName;

/**
 * An order that waits for its turn, because the CA's limits count it, as this was last decided. Immutable.
 *
 * @param cause who says that it has to wait
 * @param names the names of the order
 * @param decided when it was decided
 * @param at when the order may be made
 * @param nextLook when it is decided again, because more may be known by then; not after {@code at}
 * @param reason why not earlier, a clause: "the CA issues at most 5 certificates for the same names at once"
 */
public record PendingTurn(
        Cause cause, List<HostName> names, Instant decided, Instant at, Instant nextLook, String reason) {

    /** Who says that an order has to wait. */
    public enum Cause {
        /** What this node knows about the other nodes and the CA's limits. Nothing was asked of the CA. */
        PLAN("plan"),
        /** The CA: it refused the order because of a limit, and said when to come again. */
        REFUSAL("refusal");

        private final String label;

        Cause(String label) {
            this.label = label;
        }

        /** Returns the word for the cause in files and in JSON. */
        public String label() {
            return label;
        }
    }

    public PendingTurn {
        names = List.copyOf(names);
    }

    /** Returns whether it is the turn of an order with these names, in any order. */
    public boolean isFor(List<HostName> others) {
        return new HashSet<>(names).equals(new HashSet<>(others));
    }

    /** Returns whether it is too early to decide again. */
    public boolean isWaiting(Instant now) {
        return now.isBefore(nextLook);
    }

    /** Returns the same turn with another time, which is decided then. */
    public PendingTurn withTime(Instant time) {
        return new PendingTurn(cause, names, decided, time, time, reason);
    }

    /** Returns the same turn, which is decided again at this time at the latest. */
    public PendingTurn decidedBy(Instant latest) {
        return nextLook.isAfter(latest) ? new PendingTurn(cause, names, decided, at, latest, reason) : this;
    }

    /** Limits the next look to what is possible, for a clock that was wrong. */
    PendingTurn asOf(Instant now) {
        boolean isPossible = !nextLook.minusSeconds(1).isAfter(now.plus(Progress.MAX_WAIT));
        return isPossible ? this : new PendingTurn(cause, names, decided, at, now, reason);
    }
}
