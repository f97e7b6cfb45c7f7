package org.ringcert.daemon.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.plan.ClusterPlan.Present;
import org.ringcert.plan.Knowledge;
import org.ringcert.plan.Layout;
import org.ringcert.plan.Limit;
import org.ringcert.plan.LimitKind;
import org.ringcert.plan.Limits;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.PlannedSite;
import org.ringcert.plan.Refusal;
import org.ringcert.plan.RegisteredDomains;
import org.ringcert.plan.RenewalLimit;
import org.ringcert.plan.Standing;
import org.ringcert.store.CertificateName;

/** A cluster at a CA with the limits of Let's Encrypt, and what its first node knows of it. */
final class PlanFixture {

    static final Instant NOW = Instant.parse("2026-11-28T09:00:00Z");
    static final Duration LIFETIME = Duration.ofDays(90);
    static final RegisteredDomains DOMAINS = name -> {
        String[] labels = name.value().split("\\.", -1);
        return new HostName(labels[labels.length - 2] + "." + labels[labels.length - 1]);
    };

    private static final Duration BACK_DATE = Duration.ofSeconds(3510);

    private final List<HostName> nodes;
    private Duration setPeriod = Duration.ofDays(7);
    private final List<PlannedSite> sites = new ArrayList<>();
    private final Map<CertificateName, Map<HostName, Instant>> issued = new HashMap<>();
    private final Map<CertificateName, PlanFacts.OwnPlan> own = new HashMap<>();
    private final Map<HostName, HostName> leaders = new LinkedHashMap<>();
    private RenewalLimit renewals = RenewalLimit.EXEMPT;
    private Duration lifetime = LIFETIME;
    private LayoutChanges changes = LayoutChanges.NONE;

    PlanFixture(int nodes) {
        this.nodes = IntStream.rangeClosed(1, nodes)
                .mapToObj(i -> new HostName("web" + i + ".example.org"))
                .toList();
    }

    HostName node(int number) {
        return nodes.get(number - 1);
    }

    /** Adds a site that leads to the first node. */
    PlanFixture site(String name) {
        HostName first = new HostName(name);
        return add(first, nodes.stream().map(_ -> NameSet.of(List.of(first))).toList());
    }

    PlanFixture siteWithUniqueNames(String name) {
        HostName first = new HostName(name);
        return add(
                first,
                nodes.stream()
                        .map(node -> NameSet.of(List.of(first, new HostName(node.firstLabel() + "." + name))))
                        .toList());
    }

    private PlanFixture add(HostName first, List<NameSet> sets) {
        sites.add(new PlannedSite(first, List.of(CertificateName.first(first)), sets));
        leaders.put(first, nodes.getFirst());
        return this;
    }

    /** Nodes have the certificate of a site since some days. */
    PlanFixture present(String site, int days, Integer... numbers) {
        Stream.of(numbers)
                .forEach(number -> issued.computeIfAbsent(
                                CertificateName.first(new HostName(site)), _ -> new HashMap<>())
                        .put(node(number), NOW.minus(Duration.ofDays(days))));
        return this;
    }

    PlanFixture own(String site, PlanFacts.OwnPlan plan) {
        own.put(CertificateName.first(new HostName(site)), plan);
        return this;
    }

    PlanFixture countsRenewals() {
        renewals = RenewalLimit.COUNTED;
        return this;
    }

    /** Five certificates with the same names come back in this time instead of a week. */
    PlanFixture setLimit(Duration period) {
        setPeriod = period;
        return this;
    }

    PlanFixture lifetime(Duration time) {
        lifetime = time;
        return this;
    }

    PlanFixture changes(LayoutChanges from) {
        changes = from;
        return this;
    }

    Layout layout() {
        return new Layout(nodes, sites);
    }

    private Limits limits() {
        return new Limits(
                List.of(
                        new Limit(LimitKind.CERTIFICATES_PER_NAME_SET, 5, setPeriod.dividedBy(5)),
                        new Limit(
                                LimitKind.CERTIFICATES_PER_REGISTERED_DOMAIN,
                                50,
                                Duration.ofDays(7).dividedBy(50))),
                BACK_DATE);
    }

    PlanReport report() {
        PlanBuilder.PlanBasis basis = new PlanBuilder.PlanBasis(
                "Let's Encrypt", layout(), limits(), DOMAINS, renewals, Optional.of(lifetime));
        ClusterPlan plan = new PlanBuilder(basis, new Known(), new Facts(), NOW).build(changes, List.of());
        return new PlanReport(plan, PlanSummary.of(plan, DOMAINS));
    }

    private Optional<Instant> issued(HostName node, CertificateName certificate) {
        return Optional.ofNullable(issued.getOrDefault(certificate, Map.of()).get(node));
    }

    private final class Known implements Knowledge {

        @Override
        public HostName node() {
            return nodes.getFirst();
        }

        @Override
        public Optional<HostName> leader(HostName site) {
            return Optional.ofNullable(leaders.get(site));
        }

        @Override
        public Standing standing(HostName node, CertificateName certificate) {
            return issued(node, certificate)
                    .<Standing>map(Standing.Has::new)
                    .orElseGet(() -> new Standing.Missing(NOW));
        }

        @Override
        public Optional<Refusal> refusal(HostName node, NameSet set) {
            return Optional.empty();
        }
    }

    private final class Facts implements PlanFacts {

        @Override
        public Optional<Present> present(HostName node, CertificateName certificate) {
            return issued(node, certificate).map(time -> {
                Instant notBefore = time.minus(BACK_DATE);
                return new Present(notBefore, notBefore.plus(lifetime), "R11");
            });
        }

        @Override
        public Optional<OwnPlan> own(CertificateName certificate) {
            return Optional.ofNullable(own.get(certificate));
        }

        @Override
        public Set<HostName> leaders(HostName site) {
            return leaders.containsKey(site) ? Set.of(leaders.get(site)) : Set.of();
        }
    }
}
