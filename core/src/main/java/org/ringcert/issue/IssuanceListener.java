package org.ringcert.issue;

import org.ringcert.cluster.Site;

/** Is told of each step of an issuance, on the thread that does it; what it throws ends the issuance. */
@FunctionalInterface
public interface IssuanceListener {

    void onEvent(Site site, IssuanceEvent event);
}
