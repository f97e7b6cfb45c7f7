package org.ringcert.daemon.check;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A result that several checks need. It is computed once, on a virtual thread. Thread-safe.
 *
 * @param <T> the type of the result
 */
final class PendingResult<T> implements AutoCloseable {

    private final FutureTask<T> task;

    private PendingResult(FutureTask<T> task) {
        this.task = task;
    }

    static <T> PendingResult<T> start(Callable<T> computation) {
        FutureTask<T> task = new FutureTask<>(computation);
        Thread.ofVirtual().start(task);
        return new PendingResult<>(task);
    }

    /** Waits until the result is there, and returns it. */
    T await() throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Waits for the result, but not longer than the timeout. Returns empty if it is not there by then. */
    Optional<T> await(Duration timeout) throws InterruptedException {
        try {
            return Optional.of(task.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Interrupts the computation. */
    @Override
    public void close() {
        task.cancel(true);
    }
}
