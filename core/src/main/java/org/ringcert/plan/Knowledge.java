package org.ringcert.plan;

import java.time.Instant;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;

/** What a node knows when it plans. Asked only for what the plan needs; may look at other nodes, and so block. */
public interface Knowledge {

    /** Returns the node to which the names of a site lead, whose visitors wait; empty if that is not known. */
    Optional<HostName> leader(HostName site);

    /** Returns how a node stands with one of its certificates. */
    Standing standing(HostName node, CertificateName certificate);

    /** Returns the time before which the CA has refused further certificates with these names; empty if it has not. */
    Optional<Instant> refusedUntil(NameSet set);
}
