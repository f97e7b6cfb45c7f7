package org.ringcert.daemon.canary;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.dns.DnsResolver;

/**
 * Finds the nodes whose names have an address in common with a name of the site. The addresses of the nodes are looked
 * up again after a minute at the earliest. Thread-safe.
 */
public final class DnsLeaders implements SiteLeaders {

    private static final long CACHE_NANOS = 60_000_000_000L;

    private final List<HostName> nodes;
    private final DnsResolver dns;

    private Map<HostName, Set<InetAddress>> addressesOfNodes = Map.of();
    private long foundNanos;

    public DnsLeaders(List<HostName> nodes, DnsResolver dns) {
        this.nodes = List.copyOf(nodes);
        this.dns = dns;
    }

    @Override
    public Set<HostName> of(Site site) {
        try {
            Map<HostName, Set<InetAddress>> known = addressesOfNodes();
            Set<InetAddress> ofSite = addresses(site.names()).values().stream()
                    .flatMap(Set::stream)
                    .collect(Collectors.toSet());
            return known.entrySet().stream()
                    .filter(node -> node.getValue().stream().anyMatch(ofSite::contains))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Set.of();
        }
    }

    private synchronized Map<HostName, Set<InetAddress>> addressesOfNodes() throws InterruptedException {
        boolean isCached = !addressesOfNodes.isEmpty() && System.nanoTime() - foundNanos < CACHE_NANOS;
        if (!isCached) {
            addressesOfNodes = addresses(nodes);
            foundNanos = System.nanoTime();
        }
        return addressesOfNodes;
    }

    private Map<HostName, Set<InetAddress>> addresses(List<HostName> names) throws InterruptedException {
        Map<HostName, Set<InetAddress>> found = new HashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<List<InetAddress>>> lookups = names.stream()
                    .<Callable<List<InetAddress>>>map(
                            name -> () -> dns.addresses(name).all())
                    .toList();
            List<Future<List<InetAddress>>> results = threads.invokeAll(lookups);
            for (int i = 0; i < names.size(); i++) {
                found.put(names.get(i), Set.copyOf(results.get(i).get()));
            }
            return found;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a lookup failed", e.getCause());
        }
    }
}
