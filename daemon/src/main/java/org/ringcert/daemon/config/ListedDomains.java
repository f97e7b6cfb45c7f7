package org.ringcert.daemon.config;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.PublicSuffixes;
import org.ringcert.plan.RegisteredDomains;

/**
 * Registered domains by the Public Suffix List, its private section included, as Let's Encrypt counts. The list is read
 * when a name is first asked for, and not kept; the results are. Thread-safe.
 */
public final class ListedDomains implements RegisteredDomains {

    private final Set<HostName> expected;
    private volatile Map<HostName, HostName> known = Map.of();

    /** @param expected the names that will be asked for; another one costs another reading of the list */
    public ListedDomains(Collection<HostName> expected) {
        this.expected = Set.copyOf(expected);
    }

    /** Returns the registered domains of the names that the nodes of a configuration order. */
    public static ListedDomains of(Configuration configuration) {
        return new ListedDomains(configuration.sites().stream()
                .flatMap(site -> Stream.concat(site.names().stream(), configuration.uniqueNames(site).stream()))
                .toList());
    }

    @Override
    public HostName of(HostName name) {
        HostName domain = known.get(name);
        return domain == null ? read(name) : domain;
    }

    private synchronized HostName read(HostName name) {
        if (!known.containsKey(name)) {
            Set<HostName> names = new HashSet<>(known.isEmpty() ? expected : Set.of());
            names.add(name);
            PublicSuffixes list = PublicSuffixes.forNames(names);
            Map<HostName, HostName> more = new HashMap<>(known);
            names.forEach(each -> more.put(each, list.registeredDomain(each)));
            known = Map.copyOf(more);
        }
        return Objects.requireNonNull(known.get(name));
    }
}
