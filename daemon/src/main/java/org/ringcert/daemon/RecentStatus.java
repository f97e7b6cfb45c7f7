package org.ringcert.daemon;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ringcert.daemon.status.NodeStatus;
import org.ringcert.store.StoreException;

/**
 * The status of this node, a few seconds old at most. A page that many people look at must not read the whole store for
 * each of them: at most one thread reads it for each configuration. Thread-safe.
 *
 * @param <N> the node under one configuration
 */
final class RecentStatus<N> {

    private static final Duration MAX_AGE = Duration.ofSeconds(5);

    /** How long {@link #getSoon} waits for the store. The page's first byte has 200 ms. */
    private static final Duration SOON = Duration.ofMillis(20);

    private final Supplier<N> node;
    private final Reader<N> reader;
    private final LongSupplier nanoTime;
    private @Nullable Snapshot<N> latest;
    private @Nullable Refresh<N> pending;

    /**
     * @param node returns the node under the configuration that is in force
     * @param nanoTime returns the time as {@link System#nanoTime} does
     */
    RecentStatus(Supplier<N> node, Reader<N> reader, LongSupplier nanoTime) {
        this.node = node;
        this.reader = reader;
        this.nanoTime = nanoTime;
    }

    /** Reads the status from the store. */
    @FunctionalInterface
    interface Reader<N> {
        NodeStatus read(N node) throws StoreException;
    }

    /**
     * A status that was read earlier.
     *
     * @param age the time since it was read
     */
    record Dated(NodeStatus status, Duration age) {}

    /** @param nanos when it was read, by {@link #nanoTime} */
    private record Snapshot<N>(N node, NodeStatus status, long nanos) {}

    private record Refresh<N>(N node, CompletableFuture<Snapshot<N>> result) {}

    /**
     * Returns the status, at most five seconds old. Waits while the store is read.
     *
     * @throws StoreException if the certificates in the store cannot be listed
     */
    NodeStatus get() throws StoreException {
        N current = node.get();
        Snapshot<N> known = latest(current);
        return known != null && isRecent(known)
                ? known.status()
                : await(refresh(current)).status();
    }

    /** Starts to read the store in the background, so that the first call of {@link #getSoon} need not wait for it. */
    void prefetch() {
        CompletableFuture<Snapshot<N>> _ = refresh(node.get());
    }

    /**
     * Returns the status without a long wait. If the store takes longer, an earlier status is returned, however old,
     * and the store is read in the background for the next call. Only under a configuration whose status has not been
     * read does a call wait for the store.
     *
     * @throws StoreException if the certificates in the store cannot be listed
     */
    Dated getSoon() throws StoreException {
        N current = node.get();
        Snapshot<N> known = latest(current);
        if (known == null) {
            return dated(await(refresh(current)));
        }
        return dated(isRecent(known) ? known : awaitSoon(refresh(current), known));
    }

    private synchronized @Nullable Snapshot<N> latest(N current) {
        Snapshot<N> known = latest;
        return known != null && known.node().equals(current) ? known : null;
    }

    private boolean isRecent(Snapshot<N> snapshot) {
        return nanoTime.getAsLong() - snapshot.nanos() < MAX_AGE.toNanos();
    }

    private Dated dated(Snapshot<N> snapshot) {
        return new Dated(snapshot.status(), Duration.ofNanos(nanoTime.getAsLong() - snapshot.nanos()));
    }

    /** Starts to read the store, unless a thread does so already. */
    private synchronized CompletableFuture<Snapshot<N>> refresh(N current) {
        Refresh<N> active = pending;
        if (active != null && active.node().equals(current)) {
            return active.result();
        }
        Refresh<N> started = new Refresh<>(current, new CompletableFuture<>());
        pending = started;
        Thread.ofVirtual().name("status").start(() -> read(started));
        return started.result();
    }

    private void read(Refresh<N> refresh) {
        try {
            // What changes while the store is read may not be in the status.
            long began = nanoTime.getAsLong();
            Snapshot<N> snapshot = new Snapshot<>(refresh.node(), reader.read(refresh.node()), began);
            finish(refresh, snapshot);
            refresh.result().complete(snapshot);
        } catch (StoreException | RuntimeException | Error e) {
            finish(refresh, null);
            refresh.result().completeExceptionally(e);
        }
    }

    /** Keeps the snapshot, unless another configuration has come into force. */
    private synchronized void finish(Refresh<N> refresh, @Nullable Snapshot<N> snapshot) {
        if (refresh.equals(pending)) {
            pending = null;
            latest = snapshot == null ? latest : snapshot;
        }
    }

    private Snapshot<N> await(CompletableFuture<Snapshot<N>> result) throws StoreException {
        try {
            return result.join();
        } catch (CompletionException e) {
            throw failure(e);
        }
    }

    private Snapshot<N> awaitSoon(CompletableFuture<Snapshot<N>> result, Snapshot<N> known) throws StoreException {
        try {
            return result.get(SOON.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return known;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return known;
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static StoreException failure(Exception e) {
        if (e.getCause() instanceof StoreException failure) {
            return failure;
        }
        throw new IllegalStateException("the status could not be read", e.getCause());
    }
}
