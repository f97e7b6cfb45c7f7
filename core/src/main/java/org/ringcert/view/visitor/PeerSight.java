package org.ringcert.view.visitor;

import java.time.Instant;
import java.util.Optional;
import org.ringcert.cluster.Node;

/**
 * What this node last saw of a peer's port 80. Immutable.
 *
 * @param asked when it was last asked; empty if it has not been asked yet
 * @param silentSince when it was first asked in vain since it last answered; empty if it answers
 */
public record PeerSight(Node peer, Optional<Instant> asked, Optional<Instant> silentSince) {

    static PeerSight notAsked(Node peer) {
        return new PeerSight(peer, Optional.empty(), Optional.empty());
    }

    PeerSight answered(Instant now) {
        return new PeerSight(peer, Optional.of(now), Optional.empty());
    }

    PeerSight silent(Instant now) {
        return new PeerSight(peer, Optional.of(now), silentSince.or(() -> Optional.of(now)));
    }
}
