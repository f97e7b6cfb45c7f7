package org.ringcert.daemon.canary;

import java.util.Set;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;

/** Finds the nodes to which the names of a site lead. Thread-safe. */
@FunctionalInterface
public interface SiteLeaders {

    /** Returns the nodes to which at least one name of the site leads now; empty if that is not known. Blocks. */
    Set<HostName> of(Site site);
}
