package org.ringcert.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Resolves host names with a timeout. The system's resolver may hang, so each lookup runs on a platform thread of its
 * own (a virtual thread would block its carrier), with one lookup per name at a time. Results are cached for a minute,
 * on top of the JDK's cache. Thread-safe.
 */
public final class HostResolver {

    private static final long CACHE_NANOS = Duration.ofMinutes(1).toNanos();

    private record Lookup(FutureTask<InetAddress[]> task, long startNanos) {

        boolean isReusable() {
            if (!task.isDone()) {
                return true;
            }
            return task.state() == Future.State.SUCCESS && System.nanoTime() - startNanos < CACHE_NANOS;
        }
    }

    private final Map<String, Lookup> lookups = new ConcurrentHashMap<>();

    /**
     * Returns the addresses of a host in the resolver's order. An IP address literal resolves to itself.
     *
     * @param host a host of the configuration, never of a request: every host stays in the cache
     * @throws UnknownHostException if the host has no address
     * @throws SocketTimeoutException if the resolver does not answer within the timeout, or on interrupt
     */
    public List<InetSocketAddress> resolve(String host, int port, Duration timeout) throws IOException {
        Lookup lookup = lookups.compute(
                host, (name, cached) -> cached != null && cached.isReusable() ? cached : startLookup(name));
        try {
            InetAddress[] addresses = lookup.task().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return Arrays.stream(addresses)
                    .map(address -> new InetSocketAddress(address, port))
                    .toList();
        } catch (TimeoutException e) {
            throw new SocketTimeoutException("the resolver did not answer in time");
        } catch (ExecutionException e) {
            throw new UnknownHostException("no address is known for it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SocketTimeoutException("interrupted");
        }
    }

    private static Lookup startLookup(String host) {
        FutureTask<InetAddress[]> task = new FutureTask<>(() -> InetAddress.getAllByName(host));
        Thread.ofPlatform().daemon().name("lookup " + host).start(task);
        return new Lookup(task, System.nanoTime());
    }
}
