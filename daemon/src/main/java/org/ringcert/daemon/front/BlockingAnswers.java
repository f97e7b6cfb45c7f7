package org.ringcert.daemon.front;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Gets answers that may block on virtual threads, up to a maximum number at a time. For the event loop only. */
final class BlockingAnswers {

    private final EventExecutor loop;
    private final int maxPending;
    private final ExecutorService threads;
    private int pending;

    /** @param threadName begins the names of the threads */
    BlockingAnswers(EventExecutor loop, int maxPending, String threadName) {
        this.loop = loop;
        this.maxPending = maxPending;
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(threadName, 0).factory());
    }

    /**
     * Starts to get an answer, unless too many are pending. One of the two consumers is called later on the event loop,
     * unless the loop has ended.
     *
     * @return false if too many answers are pending; then nothing has been started
     */
    <T> boolean start(Supplier<T> answer, Consumer<T> onAnswer, Consumer<Throwable> onFailure) {
        if (pending >= maxPending) {
            return false;
        }
        pending++;
        threads.execute(() -> {
            try {
                T found = answer.get();
                completeOnLoop(() -> onAnswer.accept(found));
            } catch (RuntimeException | Error e) {
                completeOnLoop(() -> onFailure.accept(e));
            }
        });
        return true;
    }

    /** Interrupts the pending answers without waiting for them. */
    void close() {
        threads.shutdownNow();
    }

    private void completeOnLoop(Runnable task) {
        try {
            loop.execute(() -> {
                pending--;
                task.run();
            });
        } catch (RejectedExecutionException _) {
            // The front has closed, so there is no client to answer.
        }
    }
}
