package org.ringcert.renew;

import org.ringcert.cluster.HostName;

/** What a node sees of the canary before it renews a good certificate. */
public sealed interface CanarySight {

    /** This node is the canary, or it has no peers: it renews without having seen another one do so. */
    record NobodyBefore() implements CanarySight {}

    /** The canary could not be seen, or presents no certificate of the site that is newer than this node's own. */
    record NothingNew(HostName canary) implements CanarySight {}

    /** The canary presents a newer certificate, and clients accept it. */
    record Good(HostName canary) implements CanarySight {}

    /**
     * The canary presents a newer certificate that clients would refuse.
     *
     * @param reason why, half a sentence without a full stop
     */
    record Bad(HostName canary, String reason) implements CanarySight {}
}
