package org.ringcert.http;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A time limit for blocking operations that have none of their own, such as a TLS handshake: when it expires, the
 * resource they block on is closed. For try-with-resources; closing the limit cancels it.
 */
public final class TimeLimit implements AutoCloseable {

    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private volatile boolean expired;

    private TimeLimit() {}

    /**
     * Starts the limit.
     *
     * @param resource closed by another thread when the limit expires; {@code close} must not block
     */
    public static TimeLimit closeAfter(Duration timeout, Closeable resource) {
        TimeLimit limit = new TimeLimit();
        var _ = limit.done.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS).whenComplete((_, timedOut) -> {
            if (timedOut != null) {
                limit.expired = true;
                closeQuietly(resource);
            }
        });
        return limit;
    }

    private static void closeQuietly(Closeable resource) {
        try {
            resource.close();
        } catch (IOException e) {
            // It is closed already.
        }
    }

    /** Whether the limit expired before it was closed. */
    public boolean hasExpired() {
        return expired;
    }

    @Override
    public void close() {
        done.complete(null);
    }
}
