package org.ringcert.renew;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.store.FailedTest;
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

    public RenewalWait {
        causes = List.copyOf(causes);
    }

    /** Returns the wait after a failure that concerns no CA or the only one. */
    public static RenewalWait after(Progress.Failure failure) {
        return new RenewalWait(
                List.of(new AfterFailure(Optional.empty(), failure)), Optional.empty(), failure.nextAttempt());
    }
}
