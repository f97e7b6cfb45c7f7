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
 * All open connections. Decides who may connect, limits the memory they use, and checks their deadlines every second.
 * Connections have no timers of their own: ten thousand timers alone fill a small heap. For the event loop only.
 */
final class OpenConnections {

    private final FrontLimits limits;
    private final FrontEvents events;
    private final InstantSource clock;
    private final List<Connection> connections = new ArrayList<>();
    private final Map<Long, Integer> countByNetwork = new HashMap<>();
    private long unfinishedBytes;
    private String date;
    private boolean isClosing;
    private Runnable whenEmpty = () -> {};

    OpenConnections(FrontLimits limits, FrontEvents events, InstantSource clock) {
        this.limits = limits;
        this.events = events;
        this.clock = clock;
        this.date = currentDate();
    }

    /** Returns true if the limits allow one more connection from this address. */
    boolean admits(InetAddress source) {
        return !isClosing
                && connections.size() < limits.maxConnections()
                && (isExempt(source)
                        || countByNetwork.getOrDefault(network(source), 0) < limits.maxConnectionsPerAddress());
    }

    void add(Connection connection) {
        connection.index = connections.size();
        connections.add(connection);
        if (!isExempt(connection.source())) {
            countByNetwork.merge(network(connection.source()), 1, Integer::sum);
        }
        events.connectionAccepted();
    }

    void remove(Connection connection) {
        if (connection.index == Connection.NOT_LISTED) {
            return;
        }
        Connection last = connections.removeLast();
        if (last != connection) {
            connections.set(connection.index, last);
            last.index = connection.index;
        }
        connection.index = Connection.NOT_LISTED;
        if (!isExempt(connection.source())) {
            countByNetwork.computeIfPresent(
                    network(connection.source()), (key, count) -> count == 1 ? null : count - 1);
        }
        events.connectionClosed();
        if (connections.isEmpty()) {
            whenEmpty.run();
        }
    }

    /** Adds to the bytes that all connections use for incomplete heads and unsent responses, or subtracts from them. */
    void addUnfinishedBytes(int bytes) {
        unfinishedBytes += bytes;
    }

    boolean hasTooManyUnfinishedBytes() {
        return unfinishedBytes > limits.maxUnfinishedBytes();
    }

    /** Updates the date and closes the connections whose deadline has passed. Called every second. */
    void checkDeadlines(long nanoTime) {
        date = currentDate();
        // Backwards, because the last connection takes the place of one that is closed.
        for (int i = connections.size() - 1; i >= 0; i--) {
            connections.get(i).closeIfOverdue(nanoTime);
        }
    }

    /** Returns the current date for responses, to the second. */
    String date() {
        return date;
    }

    boolean isClosing() {
        return isClosing;
    }

    /** Admits no more connections, closes all that do not wait for an answer, and runs the task when none is left. */
    void closeGracefully(Runnable whenEmpty) {
        isClosing = true;
        this.whenEmpty = whenEmpty;
        if (connections.isEmpty()) {
            whenEmpty.run();
        }
        for (int i = connections.size() - 1; i >= 0; i--) {
            connections.get(i).closeUnlessAnswering();
        }
    }

    void closeAll() {
        for (int i = connections.size() - 1; i >= 0; i--) {
            connections.get(i).close();
        }
    }

    private String currentDate() {
        return HttpDate.format(clock.instant());
    }

    private boolean isExempt(InetAddress source) {
        return limits.loopbackExempt() && source.isLoopbackAddress();
    }

    // Puts IPv4 addresses under a prefix that IPv6 reserves for multicast, from which no client connects.
    private static long network(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address
                ? bytes.getLong()
                : 0xFFFF_FFFF_0000_0000L | (bytes.getInt() & 0xFFFF_FFFFL);
    }
}
