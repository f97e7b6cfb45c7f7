package org.ringcert.daemon;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ringcert.challenge.Challenges;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.front.Front;
import org.ringcert.daemon.front.ListenException;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.renew.RenewalResult;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node at work, until it is closed: port 80 and the renewals. It may be given another configuration in the middle of
 * its work: sockets, store and challenges stay, so that a CA on its way finds what it was sent for. All methods may be
 * called by any thread.
 */
public final class Daemon implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger("ringcert");

    private static final Duration SWEEP = Duration.ofSeconds(30);

    /** What is left of the two seconds that SIGTERM may take, after the front. */
    private static final Duration RENEWALS_END = Duration.ofMillis(800);

    private final Configuration started;
    private final Front front;
    private final long frontStarted = System.nanoTime();
    private final IssuanceListener steps;
    private final Consumer<RenewalResult> results;
    private final CountDownLatch ended = new CountDownLatch(1);

    /** All that have something in work; the latest is {@code current}. */
    private final Set<Worker> shifts = ConcurrentHashMap.newKeySet();

    private LocalNode node;
    private Worker current;
    private boolean closed;

    private Daemon(LocalNode node, IssuanceListener steps, Consumer<RenewalResult> results)
            throws ListenException, StoreException {
        this.node = node;
        this.started = node.configuration();
        this.front = front(node);
        this.steps = steps;
        this.results = results;
        this.current = shift(node, List.of());
    }

    /**
     * Opens the ports and begins to work. Where a command of this node, such as {@code ringcert renew}, answers at this
     * moment, waits for its end.
     *
     * @param steps is told what happens on the way of the certificates
     * @param results is told what each pass did
     * @throws ListenException if one of the addresses cannot be listened on; nothing is begun then
     * @throws StoreException if a command has answered for ten minutes
     */
    public static Daemon start(LocalNode node, IssuanceListener steps, Consumer<RenewalResult> results)
            throws ListenException, StoreException {
        Daemon daemon = new Daemon(node, steps, results);
        Challenges challenges = node.challenges();
        Thread.ofVirtual().name("sweeper").start(() -> daemon.sweep(challenges));
        daemon.current.begin();
        return daemon;
    }

    private static Front front(LocalNode node) throws ListenException, StoreException {
        try {
            return node.startFront();
        } catch (ListenException e) {
            // under the lock no command answers, so whoever has the port now is another program
            try (Store.Lock _ = afterCommands(node.store(), e)) {
                return node.startFront();
            }
        }
    }

    private static Store.Lock afterCommands(Store store, ListenException taken) throws StoreException {
        Optional<Store.Lock> free = store.tryLockListening();
        if (free.isPresent()) {
            return free.get();
        }
        log.warn(
                "`ringcert renew`{} answers on port {} at this moment; waits for its end, ten minutes at most. If it hangs, end it",
                store.listeningLockHolder()
                        .map(holder -> " (process " + holder.pid() + ", since " + holder.since() + ")")
                        .orElse(""),
                taken.address().getPort());
        return store.lockListening();
    }

    /** Where it answers. */
    public List<InetSocketAddress> addresses() {
        return front.addresses();
    }

    /**
     * Works by that configuration from now on. Requests and orders under way are not disturbed. Where it listens and
     * its store stay as they are, whatever the configuration says: {@link ConfigurationChanges#needingRestart}.
     *
     * @return what has changed
     * @throws IllegalArgumentException if the configuration has no node of this one's name, or its CA cannot be asked;
     *     all stays as it is then
     */
    public ConfigurationChanges reconfigure(Configuration configuration) {
        LocalNode before = current();
        LocalNode next = before.withConfiguration(configuration);
        ConfigurationChanges changes = new ConfigurationChanges(started, before, next);
        synchronized (this) {
            if (!closed) {
                Worker shift = shift(next, changes.anew());
                next.applyTo(front);
                current.retire();
                node = next;
                current = shift;
                current.begin();
            }
        }
        return changes;
    }

    private synchronized LocalNode current() {
        return node;
    }

    private Worker shift(LocalNode by, List<Site> anew) {
        Worker shift = new Worker(by, frontStarted, anew, steps, results, this::ended);
        shifts.add(shift);
        return shift;
    }

    private synchronized void ended(Worker shift) {
        shifts.remove(shift);
        if (!shift.isRetired()) {
            ended.countDown();
        } else if (!closed) {
            // the sites that it had in work were left to it
            current.wake();
        }
    }

    /**
     * Waits until the daemon is closed, or ends by a defect.
     *
     * @return whether it was closed
     */
    public boolean awaitTermination() throws InterruptedException {
        ended.await();
        synchronized (this) {
            return closed;
        }
    }

    private void sweep(Challenges challenges) {
        try {
            do {
                challenges.removeExpired();
            } while (!ended.await(SWEEP.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops within two seconds. Orders under way are left as they are, for the next process to take up. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            shifts.forEach(Worker::interrupt);
        }
        front.close();
        long end = System.nanoTime() + RENEWALS_END.toNanos();
        try {
            for (Worker shift : shifts) {
                shift.join(Duration.ofNanos(end - System.nanoTime()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ended.countDown();
    }
}
