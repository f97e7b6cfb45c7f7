package org.ringcert.daemon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ringcert.handoff.HandoffMode;

/**
 * What holds for port 80 on every node. Where a node listens is in its {@link NodeSettings}. Immutable.
 *
 * @param handoff how challenges are handed over that a node does not hold
 * @param watch how often {@link HandoffMode#RING} looks at its peers, a second to an hour; empty for never
 * @param also directories, absolute, with tokens that other ACME programs on the server publish; they need not exist
 * @param redirectOtherHosts whether requests for hosts that are not configured are redirected to https as well
 */
public record FrontSettings(
        HandoffMode handoff, Optional<Duration> watch, List<Path> also, boolean redirectOtherHosts) {

    public FrontSettings {
        also = List.copyOf(also);
    }
}
