package org.ringcert.daemon;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ringcert.daemon.status.NodeStatus;
import org.ringcert.store.StoreException;

/**
 * The status of this node, a few seconds old at most. A page that many people look at must not read the whole store for
 * each of them. Thread-safe.
 */
final class RecentStatus {

    private static final Duration MAX_AGE = Duration.ofSeconds(5);

    private final Supplier<LocalNode> node;
    private @Nullable Snapshot latest;

    /** @param node returns the node under the configuration that is in force */
    RecentStatus(Supplier<LocalNode> node) {
        this.node = node;
    }

    /** @param nanos when it was read, by {@link System#nanoTime} */
    private record Snapshot(LocalNode node, NodeStatus status, long nanos) {

        boolean isRecent(LocalNode current) {
            return node == current && System.nanoTime() - nanos < MAX_AGE.toNanos();
        }
    }

    /**
     * Returns the status.
     *
     * @throws StoreException if the certificates in the store cannot be listed
     */
    NodeStatus get() throws StoreException {
        LocalNode current = node.get();
        synchronized (this) {
            Snapshot known = latest;
            if (known == null || !known.isRecent(current)) {
                known = new Snapshot(current, NodeStatusReader.read(current), System.nanoTime());
                latest = known;
            }
            return known.status();
        }
    }
}
