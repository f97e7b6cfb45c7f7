package org.ringcert.renew;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.ringcert.acme.RateLimitSubject;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.plan.SpreadShare;
import org.ringcert.plan.Turn;

/**
 * Says when an order may be made that the CA's limits count, so that all nodes together stay within them. Thread-safe.
 */
@FunctionalInterface
public interface OrderTurns {

    /** Every order may be made at once. */
    OrderTurns AT_ONCE = (_, _, _) -> Optional.empty();

    /**
     * Returns the turn for which an order has to wait; empty if it may be made now. Blocks for seconds if it has to
     * look at peers; an interrupt ends that soon and is preserved. The caller holds the site's lock.
     */
    Optional<Turn> pendingTurn(CertificateSpec spec, CertificateSpec.Source source, Instant now);

    /**
     * Returns this node's part in the renewals of all nodes, if the CA makes no suggestions and its limits count them;
     * empty if they are not counted.
     */
    default Optional<SpreadShare> share(CertificateSpec spec, URI directory) {
        return Optional.empty();
    }

    /**
     * Notes that the CA has refused an order because of a limit.
     *
     * @param subject what the CA counts by the limit
     * @param until when the CA wants to be asked again
     * @param reason the CA's words
     */
    default void onRefusal(
            CertificateSpec spec,
            CertificateSpec.Source source,
            RateLimitSubject subject,
            Instant now,
            Instant until,
            String reason) {}
}
