package org.ringcert.cluster;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this node knows of who answers: for each peer the outcome of the last contact. Kept in memory only; each node
 * knows by itself. Safe for any number of threads.
 */
public final class PeerHealth {

    private final Duration fresh;
    private final InstantSource clock;
    private final Map<Node, Instant> silences;

    /**
     * Nothing is known yet.
     *
     * @param fresh how long a silence counts that nobody has confirmed
     */
    public PeerHealth(Duration fresh, InstantSource clock) {
        this(fresh, clock, new ConcurrentHashMap<>());
    }

    private PeerHealth(Duration fresh, InstantSource clock, Map<Node, Instant> silences) {
        this.fresh = fresh;
        this.clock = clock;
        this.silences = silences;
    }

    /** The same knowledge, shared from now on, where silences count for another time. */
    public PeerHealth withSilenceTtl(Duration otherFresh) {
        return new PeerHealth(otherFresh, clock, silences);
    }

    /** The peer gave an answer of some kind, or refused. */
    public void recordAnswer(Node peer) {
        silences.remove(peer);
    }

    /** The peer was asked and did not answer in time. */
    public void recordSilence(Node peer) {
        silences.put(peer, clock.instant());
    }

    /** Whether the last contact with the peer ended in silence, however long ago. */
    public boolean lastContactWasSilent(Node peer) {
        return silences.containsKey(peer);
    }

    /** Whether the peer is to be stepped over: its last contact ended in silence, and not long ago. */
    public boolean isSilent(Node peer) {
        Instant silence = silences.get(peer);
        Instant now = clock.instant();
        // one from the future was met before the clock was put right
        return silence != null && !silence.isAfter(now) && now.isBefore(silence.plus(fresh));
    }
}
