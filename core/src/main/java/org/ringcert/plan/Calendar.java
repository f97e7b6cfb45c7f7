package org.ringcert.plan;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;

/**
 * When each node orders the certificates that it lacks, within the limits of one CA. Nodes that know the same compute
 * the same. Computed on demand; confined to one thread.
 */
public final class Calendar {

    private final Layout layout;
    private final Limits limits;
    private final RegisteredDomains domains;
    private final RenewalLimit renewals;
    private final Knowledge knowledge;
    private final Instant now;

    /** @param now the earliest time of any turn that is still to come */
    public Calendar(
            Layout layout,
            Limits limits,
            RegisteredDomains domains,
            RenewalLimit renewals,
            Knowledge knowledge,
            Instant now) {
        this.layout = layout;
        this.limits = limits;
        this.domains = domains;
        this.renewals = renewals;
        this.knowledge = knowledge;
        this.now = now;
    }

    /** Returns the turn of a node to order a certificate that it lacks; empty if it has the certificate. */
    public Optional<Turn> turn(HostName node, CertificateName certificate) {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns the turn of a node to renew a certificate that it has, if the limits count renewals: when the CA has
     * enough left by what is known, also for the nodes that lack theirs.
     */
    public Turn renewal(HostName node, CertificateName certificate) {
        throw new UnsupportedOperationException();
    }

    /** Returns the turns of all nodes, the earliest first. */
    public List<Turn> turns() {
        throw new UnsupportedOperationException();
    }
}
