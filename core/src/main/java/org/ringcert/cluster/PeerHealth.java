package org.ringcert.cluster;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers for each peer whether it answered when it was last contacted. Kept in memory; nodes do not share it.
 * Thread-safe.
 */
public final class PeerHealth {

    private final Duration silenceTtl;
    private final InstantSource clock;
    private final Map<Node, Instant> silences;

    /**
     * Creates a record in which no peer has been silent.
     *
     * @param silenceTtl how long a peer counts as silent after its last unanswered contact
     */
    public PeerHealth(Duration silenceTtl, InstantSource clock) {
        this(silenceTtl, clock, new ConcurrentHashMap<>());
    }

    private PeerHealth(Duration silenceTtl, InstantSource clock, Map<Node, Instant> silences) {
        this.silenceTtl = silenceTtl;
        this.clock = clock;
        this.silences = silences;
    }

    /** Returns a view of the same record in which a silence counts for another time. */
    public PeerHealth withSilenceTtl(Duration newSilenceTtl) {
        return new PeerHealth(newSilenceTtl, clock, silences);
    }

    /** Records that the peer gave any answer, or refused the connection. */
    public void recordAnswer(Node peer) {
        silences.remove(peer);
    }

    /** Records that the peer did not answer in time. */
    public void recordSilence(Node peer) {
        silences.put(peer, clock.instant());
    }

    /** Whether the peer was silent when it was last contacted, however long ago that was. */
    public boolean lastContactWasSilent(Node peer) {
        return silences.containsKey(peer);
    }

    /** Whether the peer was silent when it was last contacted, and that was recent enough to skip it. */
    public boolean isSilent(Node peer) {
        Instant silence = silences.get(peer);
        Instant now = clock.instant();
        // A silence in the future was recorded before the clock was corrected.
        return silence != null && !silence.isAfter(now) && now.isBefore(silence.plus(silenceTtl));
    }
}
