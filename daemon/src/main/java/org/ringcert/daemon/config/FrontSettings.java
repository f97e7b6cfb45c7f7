package org.ringcert.daemon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ringcert.handoff.HandoffMode;

/**
 * The settings of port 80 on every node. The addresses to listen on are in {@link NodeSettings}. Immutable.
 *
 * @param handoff how a node hands over challenges that it does not hold
 * @param peerCheckInterval how often {@link HandoffMode#RING} checks its peers, from a second to an hour; empty for
 *     never
 * @param otherChallengeDirectories absolute directories where other ACME programs on the server publish tokens; they
 *     need not exist
 * @param redirectOtherHosts whether requests for hosts that are not configured are also redirected to https
 */
public record FrontSettings(
        HandoffMode handoff,
        Optional<Duration> peerCheckInterval,
        List<Path> otherChallengeDirectories,
        boolean redirectOtherHosts) {

    public FrontSettings {
        otherChallengeDirectories = List.copyOf(otherChallengeDirectories);
    }
}
