package org.ringcert.renew;

import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.ringcert.store.FailedTest;
import org.ringcert.store.PendingTurn;
import org.ringcert.store.Postponement;
import org.ringcert.store.Progress;

/**
 * Why nothing is ordered for a site that is due, and until when. Immutable.
 *
 * @param causes what has to be waited for, at least one; in the order of preference if there are several CAs
 * @param nextCa the directory of the CA that may be asked first; empty if the site has only one CA, or if no CA is the
 *     cause
 * @param next when that CA may be asked, or when the wait ends
 */
public record RenewalWait(List<Cause> causes, Optional<URI> nextCa, Instant next) {

    /** What has to be waited for. */
    public sealed interface Cause {

        /** Returns the directory of the CA that it concerns, if the site has several CAs. */
        Optional<URI> ca();

        /** Returns what went wrong, one or more sentences. */
        String reason();

        /** Returns when this wait ends. */
        Instant end();
    }

    /** The back-off after attempts that failed. */
    public record AfterFailure(Optional<URI> ca, Progress.Failure failure) implements Cause {

        @Override
        public String reason() {
            return failure.reason();
        }

        @Override
        public Instant end() {
            return failure.nextAttempt();
        }
    }

    /** The time between two looks at the site. The order is postponed meanwhile. */
    public record BetweenLooks(Optional<URI> ca, Postponement postponement) implements Cause {

        @Override
        public String reason() {
            return postponement.reason();
        }

        @Override
        public Instant end() {
            return postponement.nextLook();
        }
    }

    /** The time between two tests of a certificate that clients would refuse, the canary's or this node's own. */
    public record ForTest(FailedTest test) implements Cause {

        @Override
        public Optional<URI> ca() {
            return Optional.empty();
        }

        @Override
        public String reason() {
            return test.reason();
        }

        @Override
        public Instant end() {
            return test.end();
        }
    }

    /** The time until the order's turn within the CA's limits. */
    public record ForTurn(Optional<URI> ca, PendingTurn turn) implements Cause {

        @Override
        public String reason() {
            return turn.reason();
        }

        @Override
        public Instant end() {
            return turn.at();
        }

        /** Returns whether this is the same wait, whenever it is decided again. */
        public boolean isSame(Cause other) {
            return other instanceof ForTurn(var otherCa, var otherTurn)
                    && ca.equals(otherCa)
                    && turn.cause() == otherTurn.cause()
                    && turn.at().equals(otherTurn.at())
                    && turn.reason().equals(otherTurn.reason());
        }
    }

    public RenewalWait {
        causes = List.copyOf(causes);
    }

    /** Returns whether nothing is wrong: this node has planned to wait for its turn, and waits for nothing else. */
    public boolean isPlanned() {
        return causes.stream()
                .allMatch(cause -> cause instanceof ForTurn(var _, var turn) && turn.cause() == PendingTurn.Cause.PLAN);
    }

    /**
     * Returns when the next order may be made, as far as is known: {@link #next}. If a turn at that CA is only decided
     * again then, when the first of all waits ends.
     */
    public Instant nextOrder() {
        boolean isForTurn = causes.stream()
                .anyMatch(cause -> cause instanceof ForTurn && cause.ca().equals(nextCa));
        return isForTurn
                ? causes.stream()
                        .map(Cause::end)
                        .min(Comparator.naturalOrder())
                        .filter(next::isBefore)
                        .orElse(next)
                : next;
    }

    /** Returns the wait for a turn at the only CA. */
    static RenewalWait until(PendingTurn turn) {
        return new RenewalWait(List.of(new ForTurn(Optional.empty(), turn)), Optional.empty(), turn.nextLook());
    }

    /** Returns the wait after a failure that concerns no CA or the only one. */
    public static RenewalWait after(Progress.Failure failure) {
        return new RenewalWait(
                List.of(new AfterFailure(Optional.empty(), failure)), Optional.empty(), failure.nextAttempt());
    }
}
