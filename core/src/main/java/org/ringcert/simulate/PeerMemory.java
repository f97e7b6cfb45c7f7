package org.ringcert.simulate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.plan.NameSet;

/**
 * What a node remembers of the certificates of all nodes, its own among them: since when it has missed them, and when
 * they were issued. Arrays of numbers, because at the start of a large cluster each node misses nearly all. Confined to
 * one thread.
 */
final class PeerMemory {

    private static final int NONE = 0;

    /** How many times of certificates that were replaced are kept for a set of names. */
    private static final int MAX_REPLACED = 16;

    private final long origin;
    private final int certificates;
    private final int[][] missedSince;
    private final int[][] lastIssued;
    private final Map<NameSet, int[]> replaced = new HashMap<>();

    /**
     * @param origin a time in seconds of the epoch, before all others
     * @param nodes how many nodes there are
     * @param certificates how many certificates each has
     */
    PeerMemory(long origin, int nodes, int certificates) {
        this.origin = origin;
        this.certificates = certificates;
        this.missedSince = new int[nodes][0];
        this.lastIssued = new int[nodes][0];
    }

    /** Notes that a certificate is not seen. Returns since when. */
    Instant misses(int node, int certificate, Instant now) {
        int[] since = ofNode(missedSince, node);
        if (since[certificate] == NONE) {
            since[certificate] = seconds(now);
        }
        return time(since[certificate]);
    }

    /** Notes that a valid certificate is seen. */
    void has(int node, int certificate, NameSet set, Instant issued) {
        if (missedSince[node].length > 0) {
            missedSince[node][certificate] = NONE;
        }
        had(node, certificate, set, issued);
    }

    /** Notes that a certificate was issued, which may not be valid any more. */
    void had(int node, int certificate, NameSet set, Instant issued) {
        int[] last = ofNode(lastIssued, node);
        int time = seconds(issued);
        if (last[certificate] != NONE && last[certificate] != time) {
            addReplaced(set, last[certificate]);
        }
        last[certificate] = time;
    }

    private void addReplaced(NameSet set, int time) {
        int[] times = replaced.getOrDefault(set, new int[0]);
        int[] more = Arrays.copyOf(times, times.length + 1);
        more[times.length] = time;
        Arrays.sort(more);
        replaced.put(
                set,
                more.length > MAX_REPLACED ? Arrays.copyOfRange(more, more.length - MAX_REPLACED, more.length) : more);
    }

    /** Returns when certificates were issued that have been replaced since. */
    List<Instant> replaced(NameSet set) {
        int[] times = replaced.get(set);
        if (times == null) {
            return List.of();
        }
        List<Instant> instants = new ArrayList<>(times.length);
        for (int time : times) {
            instants.add(time(time));
        }
        return instants;
    }

    /** Returns when the last certificate was issued that was seen; empty if it was missed since. */
    Optional<Instant> valid(int node, int certificate) {
        boolean isMissed = missedSince[node].length > 0 && missedSince[node][certificate] != NONE;
        return Optional.of(lastIssued(node, certificate)).filter(time -> !isMissed && time.isAfter(Instant.MIN));
    }

    /** Returns when the last certificate was issued that was seen; {@link Instant#MIN} if none was. */
    Instant lastIssued(int node, int certificate) {
        int time = lastIssued[node].length == 0 ? NONE : lastIssued[node][certificate];
        return time == NONE ? Instant.MIN : time(time);
    }

    private int[] ofNode(int[][] all, int node) {
        if (all[node].length == 0) {
            all[node] = new int[certificates];
        }
        return all[node];
    }

    private int seconds(Instant time) {
        return (int) (time.getEpochSecond() - origin);
    }

    private Instant time(int seconds) {
        return Instant.ofEpochSecond(origin + seconds);
    }

    /** Forgets all. */
    void clear() {
        Arrays.fill(missedSince, new int[0]);
        Arrays.fill(lastIssued, new int[0]);
        replaced.clear();
    }
}
