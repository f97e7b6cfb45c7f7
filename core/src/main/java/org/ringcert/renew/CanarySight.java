package org.ringcert.renew;

import org.ringcert.cluster.HostName;

/** What a node sees of the canary before it renews a good certificate. */
public sealed interface CanarySight {

    /** This node is the canary: it renews without having seen another one do so. */
    record IsCanary() implements CanarySight {}

    /**
     * There is no other node, or the canary could not be seen, or it presents no certificate of the site that is newer
     * than this node's own.
     */
    record NothingNew() implements CanarySight {}

    /** The canary presents a newer certificate, and clients accept it. */
    record Good(HostName canary) implements CanarySight {}

    /**
     * The canary presents a newer certificate that clients would refuse.
     *
     * @param reason why, half a sentence without a full stop
     */
    record Bad(HostName canary, String reason) implements CanarySight {}
}
