package org.ringcert.issue;

import org.ringcert.cluster.Site;

/** Receives the events of issuances. */
@FunctionalInterface
public interface IssuanceListener {

    /** Called on the thread that does the work. An exception thrown here ends the issuance. */
    void onEvent(Site site, IssuanceEvent event);
}
