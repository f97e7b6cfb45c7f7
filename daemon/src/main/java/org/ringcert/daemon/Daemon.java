package org.ringcert.daemon;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ringcert.challenge.Challenges;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.admin.AdminServer;
import org.ringcert.daemon.alert.AlertLoop;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.front.Front;
import org.ringcert.daemon.front.FrontListener;
import org.ringcert.daemon.front.ListenException;
import org.ringcert.daemon.metrics.NodeMetrics;
import org.ringcert.event.JoinedListener;
import org.ringcert.event.NodeListener;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.view.visitor.Sight;
import org.ringcert.view.visitor.SightLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a node until it is closed: port 80, the renewals and the admin page. The configuration may be replaced while the
 * daemon runs. Sockets, store and challenges are kept then, so that a CA whose validation is under way still gets its
 * answer. Thread-safe.
 */
public final class Daemon implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger("ringcert");

    private static final Duration CHALLENGE_SWEEP_INTERVAL = Duration.ofSeconds(30);

    /** SIGTERM may take two seconds. The rest of them is for the end of the process itself. */
    private static final Duration STOP_TIMEOUT = Duration.ofMillis(1_700);

    private final Configuration startConfiguration;
    private final Front front;
    private final long frontStartNanos = System.nanoTime();
    private final NodeListener listener;
    private final Sight sight;
    private final Optional<AdminServer> admin;
    private final AlertLoop alerts;
    private final CountDownLatch terminated = new CountDownLatch(1);

    /** All workers with active work, including {@code currentWorker}. */
    private final Set<Worker> workers = ConcurrentHashMap.newKeySet();

    private LocalNode node;
    private Worker currentWorker;
    private boolean isClosed;

    private Daemon(LocalNode node, NodeListener listener) throws ListenException, StoreException {
        this.node = node;
        this.startConfiguration = node.configuration();
        this.sight = new Sight(
                VisitorViews.sightTargets(node.configuration(), node.cluster()),
                node::look,
                node.peers(),
                node.clock());
        NodeMetrics metrics = new NodeMetrics();
        this.listener = new JoinedListener(listener, metrics, new SightRefresher(sight));
        this.front = startFront(node, this.listener, metrics);
        this.currentWorker = createWorker(node, List.of());
        this.admin = new DaemonAdmin(this::currentNode, sight, metrics, this::isWorking).start();
        this.alerts = new DaemonAlerts(this::currentNode, sight).start();
    }

    /**
     * Starts a daemon. If a command of this node, such as {@code ringcert renew}, is using the port, first waits for it
     * to end.
     *
     * @param listener receives everything that happens
     * @throws ListenException if one of the addresses cannot be listened on; nothing is started then
     * @throws StoreException if a command has used the port for ten minutes
     */
    public static Daemon start(LocalNode node, NodeListener listener) throws ListenException, StoreException {
        Daemon daemon = new Daemon(node, listener);
        Challenges challenges = node.challenges();
        Thread.ofVirtual().name("sweeper").start(() -> daemon.sweepChallenges(challenges));
        Thread.ofVirtual().name("sight").start(() -> new SightLoop(daemon.sight, node.clock()).run(daemon.terminated));
        daemon.currentWorker.start();
        return daemon;
    }

    private static Front startFront(LocalNode node, NodeListener listener, FrontListener frontListener)
            throws ListenException, StoreException {
        try {
            return node.startFront(listener, frontListener);
        } catch (ListenException e) {
            // While this holds the lock no command listens, so a second failure means that another program uses
            // the port.
            try (Store.Lock _ = awaitListeningLock(node.store(), e)) {
                return node.startFront(listener, frontListener);
            }
        }
    }

    private static Store.Lock awaitListeningLock(Store store, ListenException failure) throws StoreException {
        Optional<Store.Lock> lock = store.tryLockListening();
        if (lock.isPresent()) {
            return lock.get();
        }
        log.warn(
                "`ringcert renew`{} answers on port {} at the moment; waiting up to ten minutes for it to end. If it hangs, end it",
                store.listeningLockHolder()
                        .map(holder -> " (process " + holder.pid() + ", since " + holder.since() + ")")
                        .orElse(""),
                failure.address().getPort());
        return store.lockListening();
    }

    /** Returns the addresses that this listens on. */
    public List<InetSocketAddress> addresses() {
        return front.addresses();
    }

    /**
     * Replaces the configuration. Active requests and orders are not disturbed. The listen addresses and the store stay
     * as they are, whatever the configuration says; {@link ConfigurationChanges#needingRestart} names such differences.
     *
     * @return what has changed
     * @throws IllegalArgumentException if the configuration has no node with the name of this one, or its CA cannot be
     *     used; nothing is changed then
     */
    public ConfigurationChanges reconfigure(Configuration configuration) {
        LocalNode previous = currentNode();
        LocalNode next = previous.withConfiguration(configuration);
        ConfigurationChanges changes = new ConfigurationChanges(startConfiguration, previous, next);
        synchronized (this) {
            if (!isClosed) {
                replaceWorker(next, changes.sitesToRetry());
                alerts.wake();
            }
        }
        return changes;
    }

    private void replaceWorker(LocalNode next, List<Site> sitesToRetry) {
        // This comes first because it fails if the configuration cannot be used.
        Worker worker = createWorker(next, sitesToRetry);
        sight.retarget(VisitorViews.sightTargets(next.configuration(), next.cluster()), next::look, next.peers());
        next.reconfigure(front, listener);
        currentWorker.retire();
        node = next;
        currentWorker = worker;
        currentWorker.start();
    }

    private synchronized LocalNode currentNode() {
        return node;
    }

    private Worker createWorker(LocalNode node, List<Site> sitesToRetry) {
        Worker worker = new Worker(node, frontStartNanos, sitesToRetry, listener, this::workerFinished);
        workers.add(worker);
        return worker;
    }

    private synchronized void workerFinished(Worker worker) {
        workers.remove(worker);
        if (!worker.isRetired()) {
            terminated.countDown();
        } else if (!isClosed) {
            // The current worker skipped the sites that the retired one had locked.
            currentWorker.wake();
        }
    }

    /**
     * Waits until the daemon is closed or its work ends unexpectedly.
     *
     * @return true if it was closed
     */
    public boolean awaitTermination() throws InterruptedException {
        terminated.await();
        synchronized (this) {
            return isClosed;
        }
    }

    private boolean isWorking() {
        return terminated.getCount() > 0;
    }

    private void sweepChallenges(Challenges challenges) {
        try {
            do {
                challenges.removeExpired();
            } while (!terminated.await(CHALLENGE_SWEEP_INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops within two seconds. Active orders are left as they are; the next process resumes them. */
    @Override
    public void close() {
        long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
        synchronized (this) {
            isClosed = true;
            workers.forEach(Worker::interrupt);
        }
        // It may have thousands of connections.
        Thread closingAdmin = Thread.ofVirtual().start(() -> admin.ifPresent(AdminServer::close));
        alerts.close();
        front.close();
        try {
            for (Worker worker : workers) {
                worker.join(remaining(deadline));
            }
            boolean _ = closingAdmin.join(remaining(deadline));
            // Otherwise its command might outlive this process.
            alerts.join(remaining(deadline));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        terminated.countDown();
    }

    /** Returns the time until a deadline, at least a moment. */
    private static Duration remaining(long deadlineNanos) {
        return Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime()));
    }
}
