package org.ringcert.view.ca;

import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.cluster.HostName;

/** A place from which the cluster can be looked at: this server, or a peer that is asked. Thread-safe. */
public interface Viewpoint {

    /** Returns the name of the node that looks. */
    HostName node();

    /**
     * Looks at a name as a CA does. Blocks until the look has ended, and never fails.
     *
     * @param name a name of a configured site or node
     * @param probe what this node has published and what a CA must get
     */
    ViewpointReply look(HostName name, KeyAuthorization probe);
}
