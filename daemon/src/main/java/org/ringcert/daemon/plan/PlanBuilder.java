package org.ringcert.daemon.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.plan.ClusterPlan.NodePlan;
import org.ringcert.daemon.plan.ClusterPlan.OrderCause;
import org.ringcert.daemon.plan.ClusterPlan.PlannedCertificate;
import org.ringcert.daemon.plan.ClusterPlan.PlannedOrder;
import org.ringcert.daemon.plan.ClusterPlan.Present;
import org.ringcert.daemon.plan.ClusterPlan.Renewal;
import org.ringcert.daemon.plan.PlanFacts.OwnPlan;
import org.ringcert.plan.Calendar;
import org.ringcert.plan.Canary;
import org.ringcert.plan.Knowledge;
import org.ringcert.plan.Layout;
import org.ringcert.plan.LayoutIndex;
import org.ringcert.plan.Limits;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.PlannedSite;
import org.ringcert.plan.RegisteredDomains;
import org.ringcert.plan.RenewalLimit;
import org.ringcert.plan.Shortage;
import org.ringcert.plan.Shortages;
import org.ringcert.plan.SpreadShare;
import org.ringcert.plan.Turn;
import org.ringcert.renew.Due;
import org.ringcert.store.CertificateName;

/** Computes the plan of a cluster from what a node knows. Confined to one thread. */
public final class PlanBuilder {

    private final PlanBasis basis;
    private final Knowledge knowledge;
    private final PlanFacts facts;
    private final Instant now;
    private final LayoutIndex index;
    private final Calendar calendar;

    /** Empty until it is needed. */
    private Optional<Optional<Duration>> usualLifetime = Optional.empty();

    /**
     * What a plan is made for.
     *
     * @param ca the CA, as in the configuration
     * @param renewals whether its limits count renewals
     * @param lifetime how long its certificates are valid, for as long as none was seen; empty if that is not known
     */
    public record PlanBasis(
            String ca,
            Layout layout,
            Limits limits,
            RegisteredDomains domains,
            RenewalLimit renewals,
            Optional<Duration> lifetime) {}

    /** @param now the time of the plan; nothing is planned earlier */
    public PlanBuilder(PlanBasis basis, Knowledge knowledge, PlanFacts facts, Instant now) {
        this.basis = basis;
        this.knowledge = knowledge;
        this.facts = facts;
        this.now = now;
        this.index = new LayoutIndex(basis.layout(), basis.domains());
        this.calendar = new Calendar(index, basis.limits(), basis.renewals(), knowledge, now);
    }

    /**
     * Returns the plan.
     *
     * @param changes what the file changes in comparison with the installed one
     * @param remarks what had to be assumed, each a sentence
     */
    public ClusterPlan build(LayoutChanges changes, List<String> remarks) {
        List<PlannedCertificate> certificates = basis.layout().sites().stream()
                .flatMap(site -> IntStream.range(0, site.certificates().size()).mapToObj(kind -> plan(site, kind)))
                .toList();
        return new ClusterPlan(
                now,
                knowledge.node(),
                basis.ca(),
                basis.limits(),
                basis.renewals(),
                basis.layout().nodes(),
                certificates,
                revocation(certificates),
                shortages(),
                changes,
                remarks);
    }

    private PlannedCertificate plan(PlannedSite site, int kind) {
        List<HostName> nodes = basis.layout().nodes();
        CertificateName name = site.certificates().get(kind);
        Optional<HostName> leader = knowledge.leader(site.name());
        Optional<HostName> canary = Canary.of(nodes, facts.leaders(site.name()));
        Map<NameSet, List<Turn>> turns = turns(site, name);
        List<Optional<Present>> present =
                nodes.stream().map(node -> facts.present(node, name)).toList();
        Optional<Duration> lifetime = present.stream()
                .flatMap(Optional::stream)
                .map(Present::lifetime)
                .max(Comparator.naturalOrder())
                .or(this::usualLifetime);
        List<NodePlan> entries = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Place place = new Place(site, kind, i, canary);
            entries.add(entry(place, present.get(i), turns.getOrDefault(place.set(), List.of()), lifetime));
        }
        boolean hasUniqueName = site.sets().stream().distinct().count() > 1;
        return new PlannedCertificate(site.name(), name, leader, canary, hasUniqueName, entries);
    }

    /** Returns how long the first certificate is valid that was seen of any site. */
    private Optional<Duration> usualLifetime() {
        if (usualLifetime.isEmpty()) {
            usualLifetime = Optional.of(basis.layout().sites().stream()
                    .flatMap(site -> site.certificates().stream())
                    .flatMap(
                            name -> basis.layout().nodes().stream().flatMap(node -> facts.present(node, name).stream()))
                    .map(Present::lifetime)
                    .findFirst()
                    .or(basis::lifetime));
        }
        return usualLifetime.get();
    }

    /**
     * One node's certificate in the layout.
     *
     * @param kind the index of the kind of key
     * @param node the index of the node
     */
    private record Place(PlannedSite site, int kind, int node, Optional<HostName> canary) {

        NameSet set() {
            return site.sets().get(node);
        }

        CertificateName certificate() {
            return site.certificates().get(kind);
        }
    }

    /** Returns the turns of all nodes that lack the certificate, for each set of names the earliest first. */
    private Map<NameSet, List<Turn>> turns(PlannedSite site, CertificateName name) {
        Map<NameSet, List<Turn>> turns = new HashMap<>();
        List<HostName> nodes = basis.layout().nodes();
        for (int i = 0; i < nodes.size(); i++) {
            List<Turn> ofSet = turns.computeIfAbsent(site.sets().get(i), _ -> new ArrayList<>());
            calendar.turn(nodes.get(i), name).ifPresent(ofSet::add);
        }
        turns.values().forEach(ofSet -> ofSet.sort(Comparator.comparing(Turn::at)));
        return turns;
    }

    /** @param lifetime how long the certificates of the other nodes are valid, if one was seen */
    private NodePlan entry(Place place, Optional<Present> present, List<Turn> turns, Optional<Duration> lifetime) {
        HostName node = basis.layout().nodes().get(place.node());
        Optional<OwnPlan> own = node.equals(knowledge.node()) ? facts.own(place.certificate()) : Optional.empty();
        if (own.isPresent() && own.get().due() instanceof Due.Later(Instant at)) {
            return new NodePlan(node, present, Optional.empty(), Optional.of(Renewal.exactly(at)));
        }
        Optional<PlannedOrder> order = own.isPresent() ? Optional.of(own(own.get(), place, turns)) : order(node, turns);
        Optional<Renewal> renewal = order.isEmpty()
                ? present.map(
                        it -> renewal(place, it.notBefore().plus(basis.limits().backDate()), it.notAfter()))
                : lifetime.map(time -> renewal(
                        place,
                        order.get().at(),
                        order.get().at().plus(time).minus(basis.limits().backDate())));
        return new NodePlan(node, present, order, renewal);
    }

    private static Optional<PlannedOrder> order(HostName node, List<Turn> turns) {
        for (int i = 0; i < turns.size(); i++) {
            if (turns.get(i).node().equals(node)) {
                Optional<HostName> after =
                        i == 0 ? Optional.empty() : Optional.of(turns.get(i - 1).node());
                return Optional.of(new PlannedOrder(
                        turns.get(i).at(), new OrderCause.ByTurn(turns.get(i).reason(), after)));
            }
        }
        return Optional.empty();
    }

    /** A node's own store knows better than the calendar what it waits for. */
    private PlannedOrder own(OwnPlan own, Place place, List<Turn> turns) {
        if (own.obstacle().isPresent() && own.next().isAfter(now)) {
            return new PlannedOrder(
                    own.next(), new OrderCause.ByWait(own.obstacle().get()));
        }
        return order(knowledge.node(), turns).orElseGet(() -> replacement(place.certificate(), (Due.Now) own.due()));
    }

    /** The node has a certificate that it has to replace. */
    private PlannedOrder replacement(CertificateName name, Due.Now due) {
        boolean isExempt = due.need() == Due.Need.RENEWAL && basis.renewals() == RenewalLimit.EXEMPT;
        Turn turn = calendar.renewal(knowledge.node(), name);
        return !isExempt && turn.at().isAfter(now)
                ? new PlannedOrder(turn.at(), new OrderCause.ByTurn(turn.reason(), Optional.empty()))
                : new PlannedOrder(now, new OrderCause.Replacement(due.reason()));
    }

    private Renewal renewal(Place place, Instant issued, Instant notAfter) {
        if (basis.renewals() == RenewalLimit.COUNTED) {
            Instant notBefore = issued.minus(basis.limits().backDate());
            return RenewalEstimate.spread(
                    share(place.node(), place.certificate()), notBefore, Duration.between(notBefore, notAfter));
        }
        return RenewalEstimate.inWindow(
                issued,
                Duration.between(issued, notAfter),
                basis.layout().nodes().get(place.node()),
                place.canary());
    }

    private SpreadShare share(int node, CertificateName certificate) {
        return index.share(basis.layout().nodes().get(node), certificate, basis.limits());
    }

    private Optional<ClusterPlan.MassRevocation> revocation(List<PlannedCertificate> certificates) {
        Map<CertificateName, Set<HostName>> present = new HashMap<>();
        for (PlannedCertificate certificate : certificates) {
            certificate.entries().stream()
                    .filter(entry -> entry.present().isPresent())
                    .forEach(entry -> present.computeIfAbsent(certificate.name(), _ -> new HashSet<>())
                            .add(entry.node()));
        }
        if (present.isEmpty()) {
            return Optional.empty();
        }
        List<Turn> turns = new Calendar(
                        index, basis.limits(), basis.renewals(), new RevokedKnowledge(knowledge, basis, now), now)
                .turns().stream()
                        .filter(turn -> present.getOrDefault(turn.certificate(), Set.of())
                                .contains(turn.node()))
                        .toList();
        Duration invalid =
                turns.stream().map(turn -> Duration.between(now, turn.at())).reduce(Duration.ZERO, Duration::plus);
        return turns.isEmpty()
                ? Optional.empty()
                : Optional.of(new ClusterPlan.MassRevocation(
                        turns.size(), turns.getLast().at(), invalid));
    }

    private List<Shortage> shortages() {
        return usualLifetime()
                .map(time -> Shortages.of(basis.layout(), basis.limits(), basis.renewals(), time))
                .orElseGet(List::of);
    }
}
