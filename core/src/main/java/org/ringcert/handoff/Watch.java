package org.ringcert.handoff;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.PeerHealth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from time to time whether the peers answer, for walks where nobody is asked: those that do not are stepped over. Who fails is looked at a second time at once, so that one lost packet
 * takes nobody out of the ring.
 */
public final class Watch {

    private static final Logger log = LoggerFactory.getLogger(Watch.class);

    private final Cluster cluster;
    private final Peers peers;
    private final PeerHealth health;
    private final Duration interval;

    public Watch(Cluster cluster, Peers peers, PeerHealth health, Duration interval) {
        this.cluster = cluster;
        this.peers = peers;
        this.health = health;
        this.interval = interval;
    }

    /** Looks until the latch is counted down or the thread is interrupted. */
    public void run(CountDownLatch stop) {
        try {
            do {
                look();
            } while (!stop.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks at all peers once, side by side. */
    void look() throws InterruptedException {
        List<Thread> looks = new ArrayList<>();
        for (Node peer : cluster.peers()) {
            looks.add(Thread.ofVirtual().start(() -> look(peer)));
        }
        for (Thread look : looks) {
            look.join();
        }
    }

    private void look(Node peer) {
        boolean wasSilent = health.wasSilent(peer);
        boolean answers = peers.answers(peer);
        if (!answers) {
            answers = peers.answers(peer);
        }
        if (answers) {
            health.answered(peer);
        } else {
            health.silent(peer);
        }
        if (answers == wasSilent) {
            log.warn("{} {}", peer, answers ? "answers again" : "does not answer: the ring steps over it");
        }
    }
}
