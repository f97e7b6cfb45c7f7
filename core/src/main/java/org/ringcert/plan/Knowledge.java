package org.ringcert.plan;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;

/** What a node knows when it plans. Asked only for what the plan needs; may look at other nodes, and so block. */
public interface Knowledge {

    /** Returns the node that plans. It is asked for before others, because it knows its own certificates. */
    HostName node();

    /** Returns the node to which the names of a site lead, whose visitors wait; empty if that is not known. */
    Optional<HostName> leader(HostName site);

    /** Returns how a node stands with one of its certificates. */
    Standing standing(HostName node, CertificateName certificate);

    /**
     * Returns the last refusal of an order for these names by this node; empty if none is known. It is of use also
     * after a certificate was issued, because it says how many the CA had counted.
     */
    Optional<Refusal> refusal(HostName node, NameSet set);

    /**
     * Returns when certificates with these names were issued that no {@link #standing} has shown so far, as far as
     * known: such as earlier ones of this node, and earlier ones that it has seen at others. Those that a limit did not
     * count may be among them. In any order. To count each certificate once, ask for all standings before.
     */
    default List<Instant> otherIssues(NameSet set) {
        return List.of();
    }

    /**
     * Returns earlier refusals of orders for these names by this node, from before its last certificate with them: each
     * says what the CA had left at that time. In any order.
     */
    default List<Refusal> pastRefusals(NameSet set) {
        return List.of();
    }
}
