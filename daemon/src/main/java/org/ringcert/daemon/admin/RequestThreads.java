package org.ringcert.daemon.admin;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs each request on a virtual thread, from the first byte of its head to the last of its response. The number of
 * requests is limited. When it is reached, the request whose head has been incomplete for longest is ended in favour of
 * the new one, so that slow clients cannot keep others out. Thread-safe.
 */
final class RequestThreads implements Executor, AutoCloseable {

    private final int limit;

    /** In the order of their start. */
    private final Set<Thread> reading = new LinkedHashSet<>();

    private final Set<Thread> answering = new LinkedHashSet<>();
    private boolean isClosed;

    /** @param limit requests at the same time */
    RequestThreads(int limit) {
        this.limit = limit;
    }

    /** @throws RejectedExecutionException if too many requests are being answered; the server closes the connection */
    @Override
    public void execute(Runnable request) {
        Thread thread = Thread.ofVirtual().name("admin").unstarted(() -> {
            try {
                request.run();
            } finally {
                remove(Thread.currentThread());
            }
        });
        add(thread);
        thread.start();
    }

    /** Called on the request's thread when its head is complete: from now on it is not ended in favour of others. */
    synchronized void headIsComplete() {
        if (reading.remove(Thread.currentThread())) {
            answering.add(Thread.currentThread());
        }
    }

    private synchronized void add(Thread thread) {
        if (isClosed) {
            throw new RejectedExecutionException("closed");
        }
        if (reading.size() + answering.size() >= limit) {
            endSlowest();
        }
        reading.add(thread);
    }

    private void endSlowest() {
        Iterator<Thread> slowest = reading.iterator();
        if (!slowest.hasNext()) {
            throw new RejectedExecutionException("too many requests");
        }
        // An interrupt closes the channel that the thread reads.
        slowest.next().interrupt();
        slowest.remove();
    }

    private synchronized void remove(Thread thread) {
        reading.remove(thread);
        answering.remove(thread);
    }

    /** Interrupts all requests. Later ones are rejected. */
    @Override
    public synchronized void close() {
        isClosed = true;
        reading.forEach(Thread::interrupt);
        answering.forEach(Thread::interrupt);
    }
}
