package org.ringcert.daemon.plan;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.plan.ClusterPlan.Present;
import org.ringcert.renew.Due;
import org.ringcert.store.CertificateName;

/** What is known of certificates, apart from what decides turns. Confined to one thread. */
public interface PlanFacts {

    /** Returns the good certificate that a node has; empty if none was seen. */
    Optional<Present> present(HostName node, CertificateName certificate);

    /** Returns what this node does about one of its own certificates; empty if its store cannot be read. */
    Optional<OwnPlan> own(CertificateName certificate);

    /** Returns the nodes to which a site's names lead; empty if that is not known. */
    Set<HostName> leaders(HostName site);

    /**
     * What this node does about one of its certificates, by its store.
     *
     * @param due whether it needs another one, and why
     * @param next the earliest time of the next order
     * @param obstacle what it waits for although it is due, a sentence without a subject; empty if for nothing, or for
     *     its turn
     */
    record OwnPlan(Due due, Instant next, Optional<String> obstacle) {}
}
