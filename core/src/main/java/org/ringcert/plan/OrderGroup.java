package org.ringcert.plan;

import java.util.List;
import java.util.Set;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;

/**
 * The certificates with one exact set of names: each node in it orders one for each kind of key. Immutable.
 *
 * @param set the names
 * @param domains the registered domains of the names
 * @param site the site to which the names belong
 * @param nodes the nodes that order these names, in the order of the file
 * @param certificates one for each kind of key, in the order of the file
 */
record OrderGroup(
        NameSet set, Set<HostName> domains, HostName site, List<HostName> nodes, List<CertificateName> certificates) {}
