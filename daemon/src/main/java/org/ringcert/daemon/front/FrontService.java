package org.ringcert.daemon.front;

import java.util.Set;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.handoff.ChallengeResponder;
import org.ringcert.view.look.LookResponder;

/**
 * What a front serves. Immutable; a front that is running can be given another one.
 *
 * @param cluster the cluster, seen from this node
 * @param hosts the hosts whose requests are redirected to https: the names of all sites, unique ones included, and
 *     nodes
 * @param otherHosts what to do with requests for any other host
 * @param responder answers the challenges
 * @param lookResponder looks at the names of sites and nodes for peers
 */
public record FrontService(
        Cluster cluster,
        Set<HostName> hosts,
        OtherHosts otherHosts,
        ChallengeResponder responder,
        LookResponder lookResponder) {

    /** What to do with requests for hosts that are not configured. */
    public enum OtherHosts {
        /** Redirect them to https on the same host. */
        REDIRECT,
        /** Answer 404. */
        NOT_FOUND
    }

    public FrontService {
        hosts = Set.copyOf(hosts);
    }
}
