package org.ringcert.daemon.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.plan.Limits;
import org.ringcert.plan.RenewalLimit;
import org.ringcert.plan.Shortage;
import org.ringcert.plan.Turn;
import org.ringcert.store.CertificateName;

/**
 * Which node orders which certificate when, as one node sees it. Immutable.
 *
 * @param now when it was made
 * @param self the node that made it
 * @param ca the CA that is asked first, as in the configuration
 * @param limits its limits
 * @param renewals whether the limits count renewals
 * @param nodes all nodes, in the order of the file
 * @param certificates all certificates, in the order of the file
 * @param revocation what a revocation of all certificates today would mean; empty if nothing would have to wait
 * @param shortages what the limits do not allow at all
 * @param changes what the file changes in comparison with the installed one
 * @param remarks what the plan had to assume, each a sentence
 */
public record ClusterPlan(
        Instant now,
        HostName self,
        String ca,
        Limits limits,
        RenewalLimit renewals,
        List<HostName> nodes,
        List<PlannedCertificate> certificates,
        Optional<MassRevocation> revocation,
        List<Shortage> shortages,
        LayoutChanges changes,
        List<String> remarks) {

    public ClusterPlan {
        nodes = List.copyOf(nodes);
        certificates = List.copyOf(certificates);
        shortages = List.copyOf(shortages);
        remarks = List.copyOf(remarks);
    }

    /**
     * A certificate that every node has, or is to have.
     *
     * @param leader the node to which the site's name leads; empty if that is not known
     * @param canary the node that renews first; empty if there is only one
     * @param hasUniqueName whether each node, or group of nodes, has an extra name in it
     * @param entries one for each node, in the order of the file
     */
    public record PlannedCertificate(
            HostName site,
            CertificateName name,
            Optional<HostName> leader,
            Optional<HostName> canary,
            boolean hasUniqueName,
            List<NodePlan> entries) {

        public PlannedCertificate {
            entries = List.copyOf(entries);
        }
    }

    /**
     * What a node has, and what it does next.
     *
     * @param present empty if it was not seen to have a good certificate
     * @param order an order that does not wait for a renewal's time; empty if none is needed
     * @param renewal the renewal of the certificate, or of the one that is ordered; empty if it is not known when that
     *     will be
     */
    public record NodePlan(
            HostName node, Optional<Present> present, Optional<PlannedOrder> order, Optional<Renewal> renewal) {

        /** Returns when the node orders next; empty if that is not known. */
        Optional<Instant> next() {
            return order.map(PlannedOrder::at).or(() -> renewal.map(Renewal::at));
        }
    }

    /** A certificate that a node has. */
    public record Present(Instant notBefore, Instant notAfter, String issuer) {

        Duration lifetime() {
            return Duration.between(notBefore, notAfter);
        }
    }

    /**
     * An order of a certificate that the node lacks, or that has to be replaced.
     *
     * @param at the earliest time
     */
    public record PlannedOrder(Instant at, OrderCause cause) {}

    /**
     * A renewal in time.
     *
     * @param at the planned time, or the middle of the time in which it is likely
     * @param from the earliest time
     * @param to the latest time
     * @param isExact whether the time was chosen already; of a peer's renewal only its CA's habit is known
     */
    public record Renewal(Instant at, Instant from, Instant to, boolean isExact) {

        static Renewal exactly(Instant at) {
            return new Renewal(at, at, at, true);
        }

        static Renewal between(Instant from, Instant to) {
            return new Renewal(from.plus(Duration.between(from, to).dividedBy(2)), from, to, false);
        }
    }

    /** Why an order is made when it is. */
    public sealed interface OrderCause {

        /**
         * The turn within the CA's limits.
         *
         * @param after the node whose turn for the same names is the one before; empty if there is none
         */
        record ByTurn(Turn.Reason reason, Optional<HostName> after) implements OrderCause {}

        /**
         * The node is due to order, but waits for something else.
         *
         * @param text what for, a sentence without a subject
         */
        record ByWait(String text) implements OrderCause {}

        /**
         * The node replaces a certificate that it has.
         *
         * @param reason why, a clause
         */
        record Replacement(String reason) implements OrderCause {}
    }

    /**
     * What it would mean if all certificates were revoked today.
     *
     * @param certificates how many there are
     * @param last when the last of them would be replaced
     * @param invalid for how long certificates would be invalid, all taken together
     */
    public record MassRevocation(int certificates, Instant last, Duration invalid) {}

    Stream<NodePlan> entries() {
        return certificates.stream().flatMap(certificate -> certificate.entries().stream());
    }
}
