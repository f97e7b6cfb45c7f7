package org.ringcert.handoff;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.PeerHealth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks whether the peers are up. Thread-safe. */
public final class PeerMonitor {

    private static final Logger log = LoggerFactory.getLogger(PeerMonitor.class);
    private static final long POLL_INTERVAL_MILLIS = 100;

    private final Cluster cluster;
    private final PeerClient peers;
    private final PeerHealth health;

    public PeerMonitor(Cluster cluster, PeerClient peers, PeerHealth health) {
        this.cluster = cluster;
        this.peers = peers;
        this.health = health;
    }

    /**
     * Checks all peers regularly and records the results, so that walks around the ring leave out the peers that are
     * down. Returns when {@code stop} is counted down or the thread is interrupted.
     *
     * @param interval the pause between two rounds of checks
     */
    public void run(Duration interval, CountDownLatch stop) {
        try {
            do {
                forEachPeer(this::check);
            } while (!stop.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits until every peer has been up once. If a whole cluster is started at the same time, the CA might otherwise
     * be sent to a node that is not up yet.
     *
     * @param timeout how long to wait for peers that are down
     * @param stop ends the wait when it is counted down
     */
    public void awaitPeers(Duration timeout, CountDownLatch stop) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        forEachPeer(peer -> {
            try {
                while (!peers.isUp(peer) && System.nanoTime() < deadline) {
                    if (stop.await(POLL_INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Runs the action for all peers in parallel. Returns when it is done for all. */
    private void forEachPeer(Consumer<Node> action) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (Node peer : cluster.peers()) {
            threads.add(Thread.ofVirtual().start(() -> action.accept(peer)));
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } finally {
            threads.forEach(Thread::interrupt);
        }
    }

    private void check(Node peer) {
        boolean wasDown = health.lastContactFailed(peer);
        boolean isUp = isUpWithinTwoAttempts(peer);
        if (isUp) {
            health.recordSuccess(peer);
        } else {
            health.recordFailure(peer);
        }
        if (isUp == wasDown) {
            log.warn("{} {}", peer, isUp ? "is up again" : "is down: walks around the ring leave it out");
        }
    }

    // One lost packet must not take a node out of the ring.
    private boolean isUpWithinTwoAttempts(Node peer) {
        boolean isUp = peers.isUp(peer);
        return isUp || peers.isUp(peer);
    }
}
