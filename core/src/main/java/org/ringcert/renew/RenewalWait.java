package org.ringcert.renew;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.store.Progress;

/**
 * Why nothing is ordered for a site that is due, and until when. Immutable.
 *
 * @param causes the failures whose back-off is not over, at least one; in the order of preference if there are several
 *     CAs
 * @param nextCa the directory of the CA that may be asked first; empty if the site has only one CA, or if no CA is the
 *     cause
 * @param next when that CA may be asked, or when the wait ends
 */
public record RenewalWait(List<Cause> causes, Optional<URI> nextCa, Instant next) {

    /**
     * A failure that has to be waited for.
     *
     * @param ca the directory of the CA where it failed, if the site has several CAs
     */
    public record Cause(Optional<URI> ca, Progress.Failure failure) {}

    public RenewalWait {
        causes = List.copyOf(causes);
    }

    /** Returns the wait after a failure that concerns no CA or the only one. */
    public static RenewalWait after(Progress.Failure failure) {
        return new RenewalWait(List.of(new Cause(Optional.empty(), failure)), Optional.empty(), failure.nextAttempt());
    }
}
