package org.ringcert.acme;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Pauses between requests. Tests replace it. */
interface Sleeper {

    /** Sleeps for the given time, or until {@link #close()}. */
    void sleep(Duration time) throws InterruptedException;

    /** Wakes all sleeping threads. Later calls of {@link #sleep} return at once. */
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
