package org.ringcert.cluster;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers for each peer whether the last contact with it succeeded. What counts as success depends on the purpose of
 * the contact:
 *
 * <ul>
 *   <li>A check that the peer is up succeeds if its front answers with any status but 5xx.
 *   <li>A question whether the peer holds a token succeeds if it is settled. A refused connection settles it, too: the
 *       CA would be refused as well.
 * </ul>
 *
 * <p>Kept in memory; nodes do not share it. Thread-safe.
 */
public final class PeerHealth {

    private final Duration failureTtl;
    private final InstantSource clock;
    /** When the last contact with a peer failed; has no entry for a peer whose last contact succeeded. */
    private final Map<Node, Instant> failures;

    /**
     * Creates a record without failures.
     *
     * @param failureTtl how long a peer is left out of walks after a failed contact
     */
    public PeerHealth(Duration failureTtl, InstantSource clock) {
        this(failureTtl, clock, new ConcurrentHashMap<>());
    }

    private PeerHealth(Duration failureTtl, InstantSource clock, Map<Node, Instant> failures) {
        this.failureTtl = failureTtl;
        this.clock = clock;
        this.failures = failures;
    }

    /** Returns a view of the same record with a different time for which a failure counts. */
    public PeerHealth withFailureTtl(Duration newFailureTtl) {
        return new PeerHealth(newFailureTtl, clock, failures);
    }

    /** Records that a contact with the peer succeeded. */
    public void recordSuccess(Node peer) {
        failures.remove(peer);
    }

    /** Records that a contact with the peer failed. */
    public void recordFailure(Node peer) {
        failures.put(peer, clock.instant());
    }

    /** Returns whether the last contact with the peer failed, however long ago that was. */
    public boolean lastContactFailed(Node peer) {
        return failures.containsKey(peer);
    }

    /** Returns whether the last contact with the peer failed, and recently enough to leave the peer out of walks. */
    public boolean failedRecently(Node peer) {
        Instant failure = failures.get(peer);
        Instant now = clock.instant();
        // A failure in the future was recorded before the clock was corrected.
        return failure != null && !failure.isAfter(now) && now.isBefore(failure.plus(failureTtl));
    }
}
