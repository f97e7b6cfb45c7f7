package org.ringcert.plan;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;

/**
 * What a node can find out for one decision about one CA: what is in its own store, where names lead, and what its
 * peers present. Asked only for what the decision needs. May look at other nodes, and so block.
 */
public interface ClusterLooks {

    /** Returns the node that looks. */
    HostName self();

    /** Returns the node to which the names of a site lead, whose visitors wait; empty if that is not known. */
    Optional<HostName> leader(HostName site);

    /** Returns what this node has of a certificate with exactly these names from the CA. */
    Own own(CertificateName certificate, NameSet set);

    /** Returns what a peer presents for a certificate. */
    Presented peer(HostName peer, CertificateName certificate, NameSet set);

    /**
     * Returns whether the CA has recalled the certificate that a peer presents, as far as the CA says so. Asked only if
     * this node's own certificate was recalled.
     */
    boolean isRecalled(HostName peer, CertificateName certificate);

    /**
     * The certificates of this node.
     *
     * @param issued when all of them were issued that are still in the store, good or not
     * @param valid the current one, if it is good
     * @param isRecalled whether the current one was revoked, or recalled by its CA
     */
    record Own(List<Instant> issued, Optional<Validity> valid, boolean isRecalled) {}

    /**
     * When a certificate is valid.
     *
     * @param issued when it was issued, as the CA counts it
     * @param notAfter when it expires
     */
    record Validity(Instant issued, Instant notAfter) {}

    /** What a peer presents. */
    sealed interface Presented {

        /** The peer does not answer. */
        record Unreachable() implements Presented {}

        /** It answers without a certificate of the CA with exactly these names. */
        record Nothing() implements Presented {}

        /** It presents one, good or not. */
        record Certificate(Validity validity) implements Presented {}
    }
}
