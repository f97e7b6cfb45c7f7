package org.ringcert.daemon.alert;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.process.CommandRunner;
import org.ringcert.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Surveys once a minute, on a thread of its own: a command that hangs delays other alerts, but neither renewals nor
 * port 80.
 */
public final class AlertLoop implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger("ringcert.alert");

    private static final Duration INTERVAL = Duration.ofMinutes(1);

    /** What there is to tell, and how. Called on the thread of the loop; may block. */
    public interface Source {

        HostName self();

        /** Returns the state of this node and of what it saw. */
        Survey survey(Instant now);

        /** Returns the administrator's command under the configuration that is in force; empty for none. */
        List<String> command();
    }

    private final Source source;
    private final InstantSource clock;
    private final AlertCycle cycle;
    private final Semaphore wakeUps = new Semaphore(0);
    private final Thread thread;
    private volatile boolean isClosing;

    private AlertLoop(Source source, Store store, InstantSource clock) {
        this.source = source;
        this.clock = clock;
        CommandRunner runner = new CommandRunner("The [alert] command", store.certificates(), CommandRunner.TIME_LIMIT);
        this.cycle = new AlertCycle(store.alerts(), new AlertMessenger(runner), clock);
        this.thread = Thread.ofVirtual().name("alerts").unstarted(this::run);
    }

    /**
     * Starts a loop. The first survey is a minute later.
     *
     * @param store keeps what has been told; its owner runs the command
     */
    public static AlertLoop start(Source source, Store store, InstantSource clock) {
        AlertLoop loop = new AlertLoop(source, store, clock);
        loop.thread.start();
        return loop;
    }

    private void run() {
        cycle.prepare(source.command());
        try {
            while (!isClosing) {
                boolean _ = wakeUps.tryAcquire(INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
                wakeUps.drainPermits();
                if (!isClosing) {
                    runOnce();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void runOnce() {
        try {
            cycle.run(source.self(), source.survey(clock.instant()), source.command());
        } catch (RuntimeException e) {
            log.error("the state of the servers could not be surveyed; this is a bug in Ringcert", e);
        }
    }

    /** Makes a survey start now, or after the one that runs: the configuration has changed. Does not wait. */
    public void wake() {
        wakeUps.release();
    }

    /** Ends the loop. A command that runs is killed with its descendants. Does not wait; {@link #join} does. */
    @Override
    public void close() {
        isClosing = true;
        thread.interrupt();
    }

    /** Waits at most this long until the thread has ended after {@link #close}. */
    public void join(Duration timeout) throws InterruptedException {
        boolean _ = thread.join(timeout);
    }
}
