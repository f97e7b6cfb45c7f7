package org.ringcert.plan;

import java.util.Collection;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;
import org.ringcert.store.IssueHistory;
import org.ringcert.store.RefusalRecord;

/** What a node remembers of one CA's certificates from one decision to the next, and over restarts. */
public interface PlanMemory {

    /** Returns what is known of the certificates of a node with exactly these names. */
    IssueHistory history(HostName node, CertificateName certificate, NameSet set);

    /** Returns what is known of all certificates with exactly these names, in any order. */
    Collection<Entry> histories(NameSet set);

    /** Replaces what is known. */
    void remember(HostName node, CertificateName certificate, NameSet set, IssueHistory history);

    /** Returns the CA's refusals that may concern an order with these names, in any order. */
    Collection<RefusalRecord> refusals(NameSet set);

    /** What is known of the certificates of a node. */
    record Entry(HostName node, CertificateName certificate, IssueHistory history) {}
}
