package org.ringcert.daemon;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ringcert.cluster.Site;
import org.ringcert.event.NodeListener;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.renew.RenewalLoop;
import org.ringcert.renew.Renewals;
import org.ringcert.store.CertificateName;
import org.ringcert.store.StoreException;

/**
 * The daemon's work under one configuration: renews certificates, and monitors the peers if that is configured. When
 * the configuration changes, a new worker takes over. The old one completes its active orders, while the locks of the
 * sites keep the two apart; the new one deploys the certificates.
 */
final class Worker {

    private static final Duration PEER_START_TIMEOUT = Duration.ofSeconds(3);

    private final LocalNode node;
    private final long frontStartNanos;
    private final List<Site> sitesToRetry;
    private final CaConnections cas;
    private final Renewals renewals;
    private final RenewalLoop loop;
    private final CountDownLatch retired = new CountDownLatch(1);
    private final Thread thread;

    /**
     * Creates a worker that is not started yet.
     *
     * @param frontStartNanos when the front began to answer, by {@link System#nanoTime}
     * @param sitesToRetry sites whose earlier failures no longer delay the next attempt
     * @param listener receives the events of all issuances and the results of each pass
     * @param whenFinished called once all work has ended
     */
    Worker(
            LocalNode node,
            long frontStartNanos,
            List<Site> sitesToRetry,
            NodeListener listener,
            Consumer<Worker> whenFinished) {
        this.node = node;
        this.frontStartNanos = frontStartNanos;
        this.sitesToRetry = List.copyOf(sitesToRetry);
        this.cas = node.connectToCas();
        this.renewals = node.renewals(cas, listener);
        this.loop = new RenewalLoop(renewals, node.clock(), listener);
        this.thread = Thread.ofVirtual().name("renewals").unstarted(() -> {
            try {
                work();
            } finally {
                whenFinished.accept(this);
            }
        });
    }

    void start() {
        node.peerCheckInterval()
                .ifPresent(interval -> Thread.ofVirtual()
                        .name("watch")
                        .start(() -> node.peerMonitor().run(interval, retired)));
        thread.start();
    }

    private void work() {
        try (cas) {
            if (remaining(PEER_START_TIMEOUT).isPositive()) {
                node.peerMonitor().awaitPeers(remaining(PEER_START_TIMEOUT), retired);
            }
            if (!retired.await(remaining(node.settlingTime()).toMillis(), TimeUnit.MILLISECONDS)) {
                node.specs().stream()
                        .filter(spec -> sitesToRetry.contains(spec.site()))
                        .map(CertificateSpec::name)
                        .forEach(this::clearBackOff);
                Thread.ofVirtual().name("accounts").start(renewals::prepareAccounts);
                loop.run(node.specs());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void clearBackOff(CertificateName name) {
        try {
            renewals.clearBackOff(name);
        } catch (StoreException e) {
            // The pass that follows meets the same problem and reports it.
        }
    }

    private Duration remaining(Duration sinceFrontStart) {
        Duration remaining = sinceFrontStart.minusNanos(System.nanoTime() - frontStartNanos);
        return remaining.isNegative() ? Duration.ZERO : remaining;
    }

    /** Begins nothing new. Active orders are completed. */
    void retire() {
        retired.countDown();
        renewals.stopDeploying();
        loop.stop();
    }

    boolean isRetired() {
        return retired.getCount() == 0;
    }

    /** Checks all sites again soon. */
    void wake() {
        loop.wake();
    }

    /** Abandons active orders as they are; the next process resumes them. */
    void interrupt() {
        retire();
        thread.interrupt();
    }

    /** Waits until all work has ended, but no longer than the timeout. */
    void join(Duration timeout) throws InterruptedException {
        boolean _ = thread.join(timeout.isPositive() ? timeout : Duration.ofNanos(1));
    }
}
