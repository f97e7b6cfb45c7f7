package org.ringcert.daemon.ready;

import java.time.Duration;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;

/**
 * Whether a site may move to a server. Immutable.
 *
 * @param minRemaining how long the site's certificates must still be valid there
 */
public record ReadyQuestion(Site site, HostName node, Duration minRemaining) {

    /** How long certificates must still be valid if nothing else is asked for. */
    public static final Duration DEFAULT_MIN_REMAINING = Duration.ofDays(1);
}
