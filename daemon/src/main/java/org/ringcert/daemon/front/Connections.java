package org.ringcert.daemon.front;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All open connections: who may come in, what they keep in memory, and one look at their deadlines in each second.
 * There is no timer for each connection: ten thousand of those fill a small heap by themselves. Only for the event
 * loop.
 */
final class Connections {

    private final FrontLimits limits;
    private final InstantSource clock;
    private final List<Connection> open = new ArrayList<>();
    private final Map<Long, Integer> perAddress = new HashMap<>();
    private long unfinishedBytes;
    private String date;
    private boolean ending;
    private Runnable whenEmpty = () -> {};

    Connections(FrontLimits limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
        this.date = now();
    }

    /** Whether one more connection from that address can be borne. */
    boolean admits(InetAddress source) {
        return !ending
                && open.size() < limits.connections()
                && (isExempt(source) || perAddress.getOrDefault(network(source), 0) < limits.connectionsPerAddress());
    }

    void add(Connection connection) {
        connection.place = open.size();
        open.add(connection);
        if (!isExempt(connection.source())) {
            perAddress.merge(network(connection.source()), 1, Integer::sum);
        }
    }

    void remove(Connection connection) {
        if (connection.place == Connection.ABSENT) {
            return;
        }
        Connection last = open.removeLast();
        if (last != connection) {
            open.set(connection.place, last);
            last.place = connection.place;
        }
        connection.place = Connection.ABSENT;
        if (!isExempt(connection.source())) {
            perAddress.computeIfPresent(network(connection.source()), (key, count) -> count == 1 ? null : count - 1);
        }
        if (open.isEmpty()) {
            whenEmpty.run();
        }
    }

    /** Counts bytes for unfinished heads; whether they fit. */
    boolean fit(int moreBytes) {
        unfinishedBytes += moreBytes;
        return moreBytes <= 0 || unfinishedBytes <= limits.unfinishedBytes();
    }

    /** Each second. */
    void sweep(long nanoTime) {
        date = now();
        // Backwards, because one that ends gives its place to the last.
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).endIfOver(nanoTime);
        }
    }

    /** The date for answers, of this second. */
    String date() {
        return date;
    }

    boolean isEnding() {
        return ending;
    }

    /** Admits nobody any more, closes all that do not wait for an answer, and runs the task as soon as none is left. */
    void end(Runnable task) {
        ending = true;
        whenEmpty = task;
        if (open.isEmpty()) {
            task.run();
        }
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).endUnlessAnswering();
        }
    }

    void closeAll() {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private String now() {
        return HttpDate.of(clock.instant());
    }

    private boolean isExempt(InetAddress source) {
        return limits.loopbackExempt() && source.isLoopbackAddress();
    }

    // IPv4 addresses under a prefix that IPv6 has for multicast, where nobody calls from.
    private static long network(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address
                ? bytes.getLong()
                : 0xFFFF_FFFF_0000_0000L | (bytes.getInt() & 0xFFFF_FFFFL);
    }
}
