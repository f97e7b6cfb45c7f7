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

/** Looks whether the peers answer. Safe for any number of threads. */
public final class PeerMonitor {

    private static final Logger log = LoggerFactory.getLogger(PeerMonitor.class);
    private static final long GLANCE_MILLIS = 100;

    private final Cluster cluster;
    private final PeerClient peers;
    private final PeerHealth health;

    public PeerMonitor(Cluster cluster, PeerClient peers, PeerHealth health) {
        this.cluster = cluster;
        this.peers = peers;
        this.health = health;
    }

    /**
     * Looks at all peers from time to time, for walks where nobody is asked: those that do not answer are stepped over.
     * Who fails is looked at a second time at once, so that one lost packet takes nobody out of the ring.
     *
     * @param stop ends it when counted down, as an interrupt does
     */
    public void run(Duration interval, CountDownLatch stop) {
        try {
            do {
                forEachPeer(this::look);
            } while (!stop.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits until every peer has answered once: in a cluster that is started all at once, the CA may be sent to a
     * server that is not up yet.
     *
     * @param atMost so long, then whoever has not answered is not waited for
     * @param stop ends the wait when counted down
     */
    public void awaitPeers(Duration atMost, CountDownLatch stop) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        forEachPeer(peer -> {
            try {
                while (!peers.isUp(peer) && System.nanoTime() < end) {
                    if (stop.await(GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** At all peers side by side; returns when all are done. */
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

    private void look(Node peer) {
        boolean wasSilent = health.lastContactWasSilent(peer);
        boolean answers = peers.isUp(peer);
        if (!answers) {
            answers = peers.isUp(peer);
        }
        if (answers) {
            health.recordAnswer(peer);
        } else {
            health.recordSilence(peer);
        }
        if (answers == wasSilent) {
            log.warn("{} {}", peer, answers ? "answers again" : "does not answer: the ring steps over it");
        }
    }
}
