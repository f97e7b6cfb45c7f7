package org.ringcert.renew;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Limits how many sites are renewed at the same time. A site that takes long gives its slot to another, so that sites
 * whose CA or look hangs delay no others. Thread-safe.
 */
final class RenewalSlots {

    private final Semaphore slots;
    private final Duration maxTime;

    /** @param maxTime how long a site keeps its slot at most */
    RenewalSlots(int count, Duration maxTime) {
        this.slots = new Semaphore(count, true);
        this.maxTime = maxTime;
    }

    /** A slot that is in use. */
    final class Slot implements AutoCloseable {

        private final AtomicBoolean isReleased = new AtomicBoolean();

        private Slot() {
            CompletableFuture.delayedExecutor(maxTime.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(this::close);
        }

        /** Gives the slot to another site. Does nothing if that has happened. */
        @Override
        public void close() {
            if (isReleased.compareAndSet(false, true)) {
                slots.release();
            }
        }
    }

    /** Waits until a slot is free. */
    Slot acquire() throws InterruptedException {
        slots.acquire();
        return new Slot();
    }
}
