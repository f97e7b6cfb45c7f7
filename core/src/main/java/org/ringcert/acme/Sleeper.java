package org.ringcert.acme;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits between two requests. */
interface Sleeper {

    /** Sleeps so long, or until {@link #close()}. */
    void sleep(Duration time) throws InterruptedException;

    /** Wakes all who sleep; nobody falls asleep afterwards. */
    default void close() {}

    static Sleeper real() {
        CountDownLatch closed = new CountDownLatch(1);
        return new Sleeper() {
            @Override
            public void sleep(Duration time) throws InterruptedException {
                boolean _ = closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
    }
}
