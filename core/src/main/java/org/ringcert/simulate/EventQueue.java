package org.ringcert.simulate;

import java.util.Arrays;

/**
 * Events in the order of their times; those of one time in the order of their numbers, so that each run is the same. A
 * binary heap of primitive values, because there are tens of millions of them. Confined to one thread.
 */
final class EventQueue {

    private static final int INITIAL_CAPACITY = 1024;

    private long[] times = new long[INITIAL_CAPACITY];
    private long[] events = new long[INITIAL_CAPACITY];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    /** Returns the time of the first event. */
    long firstTime() {
        return times[0];
    }

    void add(long time, long event) {
        if (size == times.length) {
            times = Arrays.copyOf(times, size * 2);
            events = Arrays.copyOf(events, size * 2);
        }
        int index = size++;
        while (index > 0) {
            int parent = (index - 1) / 2;
            if (!isBefore(time, event, parent)) {
                break;
            }
            move(parent, index);
            index = parent;
        }
        times[index] = time;
        events[index] = event;
    }

    /** Removes the first event and returns its number. */
    long remove() {
        long first = events[0];
        size--;
        long time = times[size];
        long event = events[size];
        int index = 0;
        while (true) {
            int child = 2 * index + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && isBefore(times[child + 1], events[child + 1], child)) {
                child++;
            }
            if (isBefore(time, event, child)) {
                break;
            }
            move(child, index);
            index = child;
        }
        times[index] = time;
        events[index] = event;
        return first;
    }

    private boolean isBefore(long time, long event, int index) {
        return time < times[index] || (time == times[index] && event < events[index]);
    }

    private void move(int from, int to) {
        times[to] = times[from];
        events[to] = events[from];
    }
}
