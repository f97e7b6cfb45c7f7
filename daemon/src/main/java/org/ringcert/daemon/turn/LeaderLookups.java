package org.ringcert.daemon.turn;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.ringcert.cluster.HostName;

/**
 * Finds the node to which a site's names lead: the first in the order of the file if they lead to several. Looked up
 * again after a minute at the earliest. Thread-safe.
 */
public final class LeaderLookups {

    private static final Duration MAX_AGE = Duration.ofSeconds(50);

    private final List<HostName> nodes;
    private final Function<HostName, Set<HostName>> lookup;
    private final InstantSource clock;
    private final Map<HostName, LookedUpLeaders> found = new ConcurrentHashMap<>();

    private record LookedUpLeaders(Set<HostName> leaders, Instant at) {}

    /**
     * @param nodes in the order of the file
     * @param lookup finds the nodes to which the names of a site lead; none if that is not known
     */
    public LeaderLookups(List<HostName> nodes, Function<HostName, Set<HostName>> lookup, InstantSource clock) {
        this.nodes = List.copyOf(nodes);
        this.lookup = lookup;
        this.clock = clock;
    }

    /** Returns the leader of a site; empty if that is not known. Blocks for as long as a lookup takes. */
    Optional<HostName> of(HostName site) {
        Set<HostName> leaders = all(site);
        return nodes.stream().filter(leaders::contains).findFirst();
    }

    /** Returns all nodes to which names of the site lead; none if that is not known. Blocks as {@link #of} does. */
    Set<HostName> all(HostName site) {
        LookedUpLeaders latest = found.get(site);
        if (latest == null || !isRecent(latest.at())) {
            latest = new LookedUpLeaders(Set.copyOf(lookup.apply(site)), clock.instant());
            if (!Thread.currentThread().isInterrupted()) {
                found.put(site, latest);
            }
        }
        return latest.leaders();
    }

    /** Returns whether it need not be looked up again. What is in the future was found before a clock was corrected. */
    private boolean isRecent(Instant moment) {
        Duration age = Duration.between(moment, clock.instant());
        return !age.isNegative() && age.compareTo(MAX_AGE) <= 0;
    }
}
