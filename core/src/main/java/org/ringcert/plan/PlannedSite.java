package org.ringcert.plan;

import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;

/**
 * A site as all nodes plan for it. Immutable.
 *
 * @param name the first of its names
 * @param certificates one for each kind of key, in the order of the file
 * @param sets the names that each node orders, by the index of the node in the file; equal sets are counted together
 */
public record PlannedSite(HostName name, List<CertificateName> certificates, List<NameSet> sets) {

    public PlannedSite {
        certificates = List.copyOf(certificates);
        sets = List.copyOf(sets);
    }
}
