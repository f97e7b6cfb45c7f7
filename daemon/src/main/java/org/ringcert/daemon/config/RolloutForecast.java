package org.ringcert.daemon.config;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.dns.PublicSuffixes;
import org.ringcert.plan.Limit;
import org.ringcert.plan.LimitKind;

/**
 * How long the first CA's limits make a first rollout take: one in which every server orders all its certificates, and
 * nobody has one yet. Immutable.
 *
 * @param subject what the CA counts by: the first name of a site, or a registered domain
 * @param orders how many orders the limit counts
 * @param limit the limit, which is below that
 */
public record RolloutForecast(HostName subject, int orders, Limit limit) {

    /** Returns the time after which the last order is possible. */
    public Duration timeOfLast() {
        return limit.wait(orders);
    }

    /** Returns when the last certificate is there, if the rollout begins now. */
    public Instant last(Instant now) {
        return now.plus(timeOfLast());
    }

    /** Returns the site that waits longest because servers order the same names; empty if none has to wait. */
    public static Optional<RolloutForecast> ofSameNames(Configuration configuration) {
        return limit(configuration, LimitKind.CERTIFICATES_PER_NAME_SET)
                .flatMap(limit -> configuration.sites().stream()
                        .map(site -> new RolloutForecast(site.name(), largestSet(configuration, site), limit))
                        .filter(forecast -> forecast.timeOfLast().isPositive())
                        .max(Comparator.comparingInt(RolloutForecast::orders)));
    }

    /** Returns the registered domain that waits longest because of its new sets of names; empty if none has to wait. */
    public static Optional<RolloutForecast> ofDomains(Configuration configuration) {
        return limit(configuration, LimitKind.CERTIFICATES_PER_REGISTERED_DOMAIN)
                .filter(limit ->
                        configuration.sites().size() * configuration.nodes().size() > limit.capacity())
                .flatMap(limit -> setsByDomain(configuration).entrySet().stream()
                        .map(each -> new RolloutForecast(each.getKey(), each.getValue(), limit))
                        .filter(forecast -> forecast.timeOfLast().isPositive())
                        .max(Comparator.comparingInt(RolloutForecast::orders)));
    }

    private static Optional<Limit> limit(Configuration configuration, LimitKind kind) {
        return configuration.authorities().getFirst().limits().find(kind);
    }

    /** Returns how many certificates of the site have the same names, at most. */
    private static int largestSet(Configuration configuration, Site site) {
        long servers = configuration.nodes().stream()
                .map(node -> configuration.uniqueName(site, node.node().name()))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .values()
                .stream()
                .max(Comparator.naturalOrder())
                .orElse(0L);
        return (int) servers * configuration.certificates(site).size();
    }

    /** A certificate counts once for the registered domain of each of its names. */
    private static Map<HostName, Integer> setsByDomain(Configuration configuration) {
        PublicSuffixes suffixes = PublicSuffixes.forNames(configuration.sites().stream()
                .flatMap(site -> Stream.concat(site.names().stream(), configuration.uniqueNames(site).stream()))
                .toList());
        Map<HostName, Integer> sets = new HashMap<>();
        for (Site site : configuration.sites()) {
            List<HostName> uniqueNames = configuration.uniqueNames(site);
            Set<HostName> domains = new HashSet<>();
            Stream.concat(site.names().stream(), uniqueNames.stream())
                    .map(suffixes::registeredDomain)
                    .forEach(domains::add);
            domains.forEach(domain -> {
                Integer _ = sets.merge(domain, Math.max(1, uniqueNames.size()), Integer::sum);
            });
        }
        return sets;
    }
}
