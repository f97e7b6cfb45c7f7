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
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks up where host names lead, by the system's resolver, which may hang: each look-up runs on a thread of its own (a
 * virtual one would block its carrier), one at a time for each name, and nobody waits for it longer than he wants to.
 * What was found is believed for a minute; the JDK's own cache is below. Safe for any number of threads.
 */
public final class HostResolver {

    private static final long BELIEVED_NANOS = Duration.ofMinutes(1).toNanos();

    private record Entry(FutureTask<InetAddress[]> lookUp, long at) {
        boolean isUsable() {
            boolean failed = lookUp.isDone() && lookUp.state() != java.util.concurrent.Future.State.SUCCESS;
            return !failed && (!lookUp.isDone() || System.nanoTime() - at < BELIEVED_NANOS);
        }
    }

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /**
     * The addresses of a host, in the resolver's order; a literal is its own.
     *
     * @param host from the configuration, never from a request: each is remembered
     * @throws UnknownHostException if there are none
     * @throws SocketTimeoutException if the resolver did not answer in time
     */
    public List<InetSocketAddress> resolve(String host, int port, Duration patience) throws IOException {
        Entry entry = entries.compute(host, (name, known) -> known != null && known.isUsable() ? known : begin(name));
        try {
            InetAddress[] found = entry.lookUp().get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return Arrays.stream(found)
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

    private static Entry begin(String host) {
        FutureTask<InetAddress[]> lookUp = new FutureTask<>(() -> InetAddress.getAllByName(host));
        Thread.ofPlatform().daemon().name("look-up " + host).start(lookUp);
        return new Entry(lookUp, System.nanoTime());
    }
}
