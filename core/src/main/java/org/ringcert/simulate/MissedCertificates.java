package org.ringcert.simulate;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Since when a node has missed which certificates at its peers. Arrays of numbers, because at the start of a large
 * cluster each node misses nearly all. Confined to one thread.
 */
final class MissedCertificates {

    private static final int NOT_MISSED = 0;

    private final long origin;
    private final int certificates;
    private final int @Nullable [][] sinceByPeer;
    private final int[] counts;

    /**
     * @param origin a time in seconds of the epoch, before all others
     * @param peers how many nodes there are
     * @param certificates how many certificates each has
     */
    MissedCertificates(long origin, int peers, int certificates) {
        this.origin = origin;
        this.certificates = certificates;
        this.sinceByPeer = new int[peers][];
        this.counts = new int[peers];
    }

    /** Returns when a certificate was first missed, and remembers it. */
    Instant since(int peer, int certificate, Instant now) {
        int @Nullable [] since = sinceByPeer[peer];
        if (since == null) {
            since = new int[certificates];
            sinceByPeer[peer] = since;
        }
        if (since[certificate] == NOT_MISSED) {
            since[certificate] = (int) (now.getEpochSecond() - origin);
            counts[peer]++;
        }
        return Instant.ofEpochSecond(origin + since[certificate]);
    }

    /** Notes that a certificate was seen. */
    void seen(int peer, int certificate) {
        int @Nullable [] since = sinceByPeer[peer];
        if (since != null && since[certificate] != NOT_MISSED) {
            since[certificate] = NOT_MISSED;
            counts[peer]--;
            if (counts[peer] == 0) {
                sinceByPeer[peer] = null;
            }
        }
    }

    void clear() {
        for (int peer = 0; peer < counts.length; peer++) {
            sinceByPeer[peer] = null;
            counts[peer] = 0;
        }
    }
}
