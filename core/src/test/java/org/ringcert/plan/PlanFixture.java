package org.ringcert.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.store.CertificateName;

/** Layouts, Let's Encrypt's limits, and a knowledge that tests fill in. */
final class PlanFixture implements Knowledge {

    static final Instant START = Instant.parse("2026-11-27T12:00:00Z");

    static final Duration SET_INTERVAL = Duration.ofDays(7).dividedBy(5);
    static final Duration DOMAIN_INTERVAL = Duration.ofDays(7).dividedBy(50);

    /** What an order that waits for a token adds. */
    static final Duration SET_SLACK = SET_INTERVAL.multipliedBy(8).dividedBy(100);

    /** What it adds to that if so many others are before it in the order of the file. */
    static Duration slackAfter(int others) {
        return SET_SLACK.plus(Duration.ofMinutes(3L * others));
    }

    static final Duration DOMAIN_SLACK = DOMAIN_INTERVAL.multipliedBy(8).dividedBy(100);

    static final Limit SET_LIMIT = new Limit(LimitKind.CERTIFICATES_PER_NAME_SET, 5, SET_INTERVAL);
    static final Limit DOMAIN_LIMIT = new Limit(LimitKind.CERTIFICATES_PER_REGISTERED_DOMAIN, 50, DOMAIN_INTERVAL);
    static final Limit ACCOUNT_LIMIT = new Limit(LimitKind.ORDERS_PER_ACCOUNT, 300, Duration.ofSeconds(36));
    static final Limits LIMITS = new Limits(List.of(SET_LIMIT, DOMAIN_LIMIT, ACCOUNT_LIMIT), Duration.ofSeconds(3510));

    /** The last two labels. */
    static final RegisteredDomains DOMAINS = name -> {
        String value = name.value();
        return HostName.of(value.substring(value.lastIndexOf('.', value.lastIndexOf('.') - 1) + 1));
    };

    final Map<HostName, HostName> leaders = new HashMap<>();
    final Map<String, Standing> standings = new HashMap<>();
    final Map<String, Refusal> refusals = new HashMap<>();
    final List<Instant> otherIssues = new ArrayList<>();
    HostName self = node(0);
    Instant since = START;
    int questions;

    static HostName node(int index) {
        return HostName.of("n" + index + ".example.net");
    }

    static List<HostName> nodes(int count) {
        return IntStream.range(0, count).mapToObj(PlanFixture::node).toList();
    }

    /** A site whose names all nodes order alike. */
    static PlannedSite site(String name, int nodes, KeyAlgorithm... secondKeys) {
        return grouped(name, nodes, nodes, secondKeys);
    }

    /** A site with an extra name for each group of nodes, if there is more than one. */
    static PlannedSite grouped(String name, int nodes, int groupSize, KeyAlgorithm... secondKeys) {
        HostName site = HostName.of(name);
        return new PlannedSite(
                site,
                Stream.concat(
                                Stream.of(CertificateName.first(site)),
                                Stream.of(secondKeys).map(key -> CertificateName.second(site, key)))
                        .toList(),
                IntStream.range(0, nodes)
                        .mapToObj(i -> groupSize >= nodes
                                ? NameSet.of(List.of(site))
                                : NameSet.of(List.of(site, HostName.of("g" + i / groupSize + "." + name))))
                        .toList());
    }

    /** How many sets of names a layout has in each registered domain. */
    static Map<HostName, Long> newSets(Layout layout) {
        return layout.sites().stream()
                .flatMap(site -> site.sets().stream().distinct())
                .collect(Collectors.groupingBy(set -> DOMAINS.of(set.names().getFirst()), Collectors.counting()));
    }

    static Layout layout(int nodes, PlannedSite... sites) {
        return new Layout(nodes(nodes), List.of(sites));
    }

    Calendar calendar(Layout layout, Instant now) {
        return calendar(layout, RenewalLimit.EXEMPT, now);
    }

    Calendar calendar(Layout layout, RenewalLimit renewals, Instant now) {
        return new Calendar(layout, LIMITS, DOMAINS, renewals, this, now);
    }

    void has(int node, CertificateName certificate, Instant issued) {
        standings.put(node(node) + " " + certificate, new Standing.Has(issued));
    }

    void missing(int node, CertificateName certificate, Instant since) {
        standings.put(node(node) + " " + certificate, new Standing.Missing(since));
    }

    void refused(int node, NameSet set, Refusal refusal) {
        refusals.put(node(node) + " " + set, refusal);
    }

    @Override
    public HostName node() {
        return self;
    }

    @Override
    public Optional<HostName> leader(HostName site) {
        return Optional.ofNullable(leaders.get(site));
    }

    @Override
    public Standing standing(HostName node, CertificateName certificate) {
        questions++;
        return standings.getOrDefault(node + " " + certificate, new Standing.Missing(since));
    }

    @Override
    public Optional<Refusal> refusal(HostName node, NameSet set) {
        return Optional.ofNullable(refusals.get(node + " " + set));
    }

    @Override
    public List<Instant> otherIssues(NameSet set) {
        return otherIssues;
    }
}
