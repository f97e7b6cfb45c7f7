package org.ringcert.daemon;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.cluster.Site;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.renew.RenewalLoop;
import org.ringcert.renew.RenewalResult;
import org.ringcert.renew.Renewals;
import org.ringcert.store.StoreException;

/**
 * The daemon's work by one configuration: it renews, and looks at the peers where they are watched. Another shift takes
 * its place when the configuration changes. Orders that this one has in work then, it brings to their end: the locks of
 * the sites keep the two apart. To deploy what comes of them is left to the next.
 */
final class Worker {

    private static final Duration WAIT_FOR_PEERS = Duration.ofSeconds(3);

    private final LocalNode node;
    private final long frontStarted;
    private final List<Site> anew;
    private final CertificateAuthority authority;
    private final Renewals renewals;
    private final RenewalLoop loop;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    /**
     * Nothing is begun yet.
     *
     * @param frontStarted when the front began to answer, by {@link System#nanoTime}
     * @param anew the sites that are tried again at once where they failed
     * @param ended is run when nothing is in work any more
     */
    Worker(
            LocalNode node,
            long frontStarted,
            List<Site> anew,
            IssuanceListener steps,
            Consumer<RenewalResult> results,
            Consumer<Worker> ended) {
        this.node = node;
        this.anew = List.copyOf(anew);
        this.frontStarted = frontStarted;
        this.authority = node.connectToCa();
        this.renewals = node.renewals(authority, steps);
        this.loop = new RenewalLoop(renewals, node.clock(), results);
        this.thread = Thread.ofVirtual().name("renewals").unstarted(() -> {
            try {
                work();
            } finally {
                ended.accept(this);
            }
        });
    }

    void begin() {
        node.watchInterval()
                .ifPresent(interval -> Thread.ofVirtual()
                        .name("watch")
                        .start(() -> node.peerMonitor().run(interval, stop)));
        thread.start();
    }

    private void work() {
        try (authority) {
            if (remaining(WAIT_FOR_PEERS).isPositive()) {
                node.peerMonitor().awaitPeers(remaining(WAIT_FOR_PEERS), stop);
            }
            if (!stop.await(remaining(node.settlingTime()).toMillis(), TimeUnit.MILLISECONDS)) {
                anew.forEach(this::tryAgain);
                loop.run(node.specs());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tryAgain(Site site) {
        try {
            renewals.clearBackOff(site);
        } catch (StoreException e) {
            // the pass that follows meets it as well, and says so
        }
    }

    private Duration remaining(Duration afterStart) {
        Duration left = afterStart.minusNanos(System.nanoTime() - frontStarted);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Nothing more is begun; what is in work goes to its end. */
    void retire() {
        stop.countDown();
        renewals.stopDeploying();
        loop.stop();
    }

    boolean isRetired() {
        return stop.getCount() == 0;
    }

    /** Looks at all sites again, soon. */
    void wake() {
        loop.wake();
    }

    /** Leaves what is in work as it is, for the next process to take up. */
    void interrupt() {
        retire();
        thread.interrupt();
    }

    /** Waits until nothing is in work, so long at most. */
    void join(Duration atMost) throws InterruptedException {
        boolean _ = thread.join(atMost.isPositive() ? atMost : Duration.ofNanos(1));
    }
}
