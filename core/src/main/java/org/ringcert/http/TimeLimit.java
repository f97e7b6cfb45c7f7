package org.ringcert.http;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ends what a thread waits for when its time is over, by closing it: for what has no limit of its own for the whole,
 * such as a TLS handshake. For use in try-with-resources; nothing is left behind by a limit that was kept.
 */
public final class TimeLimit implements AutoCloseable {

    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private volatile boolean over;

    private TimeLimit() {}

    /**
     * From now on, so long.
     *
     * @param end is closed when the time is over, by another thread; must not block
     */
    public static TimeLimit closeAfter(Duration limit, Closeable end) {
        TimeLimit time = new TimeLimit();
        var _ = time.done.orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS).whenComplete((_, late) -> {
            if (late != null) {
                time.over = true;
                closeQuietly(end);
            }
        });
        return time;
    }

    private static void closeQuietly(Closeable end) {
        try {
            end.close();
        } catch (IOException e) {
            // then it is closed already
        }
    }

    /** Whether the time was over before this was closed. */
    public boolean hasExpired() {
        return over;
    }

    @Override
    public void close() {
        done.complete(null);
    }
}
