package org.ringcert.plan;

import java.time.Instant;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;

/**
 * When a node may order one of its certificates. Immutable.
 *
 * @param node the node
 * @param certificate its certificate
 * @param at the earliest time
 * @param reason why not earlier
 */
public record Turn(HostName node, CertificateName certificate, Instant at, Reason reason) {

    /** Why an order is not made earlier. */
    public sealed interface Reason {

        /** Nothing prevents it. */
        record AtOnce() implements Reason {}

        /**
         * Another node orders the same names first, so that those of the others do not count as new.
         *
         * @param first the node that orders first
         */
        record AfterFirst(HostName first) implements Reason {}

        /**
         * A limit of the CA.
         *
         * @param limit the limit
         * @param subject what the CA counts by: the names, or the registered domain
         */
        record WithinLimit(Limit limit, String subject) implements Reason {}

        /** The CA has refused an order and said when to come again. */
        record AfterRefusal() implements Reason {}
    }
}
