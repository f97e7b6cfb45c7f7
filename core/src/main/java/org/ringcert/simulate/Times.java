package org.ringcert.simulate;

import java.util.Arrays;

/** The times in which something was the case, such as that a node was down. Confined to one thread. */
final class Times {

    private int reasons;

    /** The beginnings and ends by turns; an end is missing while it is the case. */
    private long[] edges = new long[8];

    private int count;

    /** Adds a reason. */
    void begin(long now) {
        if (reasons++ == 0) {
            addEdge(now);
        }
    }

    /** Removes a reason. Returns whether it was the last. */
    boolean end(long now) {
        if (--reasons > 0) {
            return false;
        }
        addEdge(now);
        return true;
    }

    private void addEdge(long now) {
        if (count == edges.length) {
            edges = Arrays.copyOf(edges, edges.length * 2);
        }
        edges[count++] = now;
    }

    boolean isNow() {
        return reasons > 0;
    }

    boolean was(long time) {
        int before = 0;
        while (before < count && edges[before] <= time) {
            before++;
        }
        return before % 2 == 1;
    }

    /** Returns for how long it was the case between two times. */
    long between(long from, long to) {
        long time = 0;
        for (int i = 0; i < count; i += 2) {
            long start = Math.max(from, edges[i]);
            long end = Math.min(to, i + 1 < count ? edges[i + 1] : to);
            time += Math.max(0, end - start);
        }
        return time;
    }
}
