package org.ringcert.daemon;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ListenAddress;
import org.ringcert.daemon.config.NodeSettings;
import org.ringcert.dns.DnsResolver;
import org.ringcert.http.HostResolver;

/**
 * The addresses at which the servers of the cluster are: those where they listen, those at which peers and visitors
 * reach them, and those that the DNS has for their names. Looked up again after ten seconds at the earliest.
 * Thread-safe.
 */
final class ClusterAddresses implements Supplier<Set<InetAddress>> {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final long CACHE_NANOS = Duration.ofSeconds(10).toNanos();

    private final List<NodeSettings> nodes;
    private final DnsResolver dns;
    private final HostResolver resolver;

    private Set<InetAddress> found = Set.of();
    private boolean isFound;
    private long foundNanos;

    /** @param resolver resolves the addresses of the configuration that are names */
    ClusterAddresses(Configuration configuration, DnsResolver dns, HostResolver resolver) {
        this.nodes = configuration.nodes();
        this.dns = dns;
        this.resolver = resolver;
    }

    /** Returns the addresses; none if this thread is interrupted. Blocks for as long as a lookup takes. */
    @Override
    public synchronized Set<InetAddress> get() {
        if (isFound && System.nanoTime() - foundNanos < CACHE_NANOS) {
            return found;
        }
        try {
            found = find();
            isFound = true;
            foundNanos = System.nanoTime();
            return found;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Set.of();
        }
    }

    private Set<InetAddress> find() throws InterruptedException {
        Set<InetAddress> addresses = new HashSet<>();
        List<Callable<List<InetAddress>>> lookups = new ArrayList<>();
        for (NodeSettings each : nodes) {
            each.listen().stream()
                    .map(ListenAddress::address)
                    .filter(address -> !address.isAnyLocalAddress())
                    .forEach(addresses::add);
            lookups.add(() -> dns.addresses(each.node().name()).all());
            Stream.of(each.node().address(), each.https().host())
                    .distinct()
                    .forEach(host -> lookups.add(() -> resolve(host)));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<List<InetAddress>> lookup : threads.invokeAll(lookups)) {
                addresses.addAll(lookup.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a lookup failed", e.getCause());
        }
        return Set.copyOf(addresses);
    }

    private List<InetAddress> resolve(String host) {
        try {
            return resolver.resolve(host, 0, TIMEOUT).stream()
                    .map(InetSocketAddress::getAddress)
                    .toList();
        } catch (IOException e) {
            // Nothing is known to be there, so looks do not go there.
            return List.of();
        }
    }
}
