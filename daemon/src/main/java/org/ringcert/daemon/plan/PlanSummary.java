package org.ringcert.daemon.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.plan.ClusterPlan.NodePlan;
import org.ringcert.daemon.plan.ClusterPlan.OrderCause;
import org.ringcert.daemon.plan.ClusterPlan.PlannedCertificate;
import org.ringcert.daemon.plan.ClusterPlan.PlannedOrder;
import org.ringcert.plan.Limit;
import org.ringcert.plan.LimitKind;
import org.ringcert.plan.RegisteredDomains;
import org.ringcert.plan.RenewalLimit;
import org.ringcert.plan.Shortage;
import org.ringcert.plan.Turn;

/**
 * What matters most in a plan. Immutable.
 *
 * @param total how many certificates there are to be
 * @param present how many were seen
 * @param complete when the last one that is missing is ordered; empty if none is missing
 * @param waiting how many wait for a limit
 * @param binding the limit for which the last one waits; empty if none waits
 * @param missing for how long certificates will be missing, all taken together
 */
public record PlanSummary(
        int total, int present, Optional<Instant> complete, int waiting, Optional<Binding> binding, Duration missing) {

    /**
     * The limit that decides when the last certificate is ordered.
     *
     * @param site a site that waits for it the longest
     * @param node the node that waits
     * @param rank which of the nodes that node is in the order of their certificates, from one
     * @param cure what to do, one or more sentences
     */
    public record Binding(Limit limit, HostName site, HostName node, int rank, Instant at, String cure) {}

    private record WaitingOrder(PlannedCertificate certificate, HostName node, Instant at, Limit limit) {}

    /** Returns the summary of a plan. */
    public static PlanSummary of(ClusterPlan plan, RegisteredDomains domains) {
        List<PlannedOrder> orders =
                plan.entries().flatMap(entry -> entry.order().stream()).toList();
        List<WaitingOrder> waiting = waiting(plan);
        return new PlanSummary(
                (int) plan.entries().count(),
                (int) plan.entries().filter(entry -> entry.order().isEmpty()).count(),
                orders.stream().map(PlannedOrder::at).max(Comparator.naturalOrder()),
                waiting.size(),
                waiting.stream().max(Comparator.comparing(WaitingOrder::at)).map(last -> binding(plan, last, domains)),
                orders.stream()
                        .map(order -> Duration.between(plan.now(), order.at()))
                        .reduce(Duration.ZERO, Duration::plus));
    }

    private static List<WaitingOrder> waiting(ClusterPlan plan) {
        List<WaitingOrder> waiting = new ArrayList<>();
        for (PlannedCertificate certificate : plan.certificates()) {
            for (NodePlan entry : certificate.entries()) {
                entry.order()
                        .ifPresent(order -> limit(order)
                                .ifPresent(limit ->
                                        waiting.add(new WaitingOrder(certificate, entry.node(), order.at(), limit))));
            }
        }
        return waiting;
    }

    /** Returns the limit for which an order waits. */
    static Optional<Limit> limit(PlannedOrder order) {
        return order.cause() instanceof OrderCause.ByTurn(Turn.Reason.WithinLimit(Limit limit, String _), var _)
                ? Optional.of(limit)
                : Optional.empty();
    }

    private static Binding binding(ClusterPlan plan, WaitingOrder last, RegisteredDomains domains) {
        int rank = 1
                + (int) last.certificate().entries().stream()
                        .filter(entry -> !entry.node().equals(last.node()))
                        .filter(entry -> entry.order()
                                .map(PlannedOrder::at)
                                .filter(last.at()::isBefore)
                                .isEmpty())
                        .count();
        return new Binding(
                last.limit(), last.certificate().site(), last.node(), rank, last.at(), cure(plan, last, domains));
    }

    private static String cure(ClusterPlan plan, WaitingOrder last, RegisteredDomains domains) {
        if (last.limit().kind() != LimitKind.CERTIFICATES_PER_NAME_SET) {
            return Cure.forNewSets(last.limit(), last.certificate().hasUniqueName());
        }
        HostName site = last.certificate().site();
        int kinds = (int) plan.certificates().stream()
                .filter(certificate -> certificate.site().equals(site))
                .count();
        Map<HostName, Integer> sites = new HashMap<>();
        plan.certificates().stream()
                .map(PlannedCertificate::site)
                .distinct()
                .forEach(name -> sites.merge(domains.of(name), 1, Integer::sum));
        return Cure.forSameNames(
                site,
                plan.nodes().size(),
                kinds,
                sites.getOrDefault(domains.of(site), 1),
                last.certificate().hasUniqueName(),
                plan.limits());
    }

    /** Returns the sentences for people, the most important first. */
    public List<String> sentences(ClusterPlan plan) {
        List<String> lines = new ArrayList<>();
        lines.addAll(shortages(plan));
        lines.add(complete.map(at -> missingSentence(plan, at))
                .orElseGet(() -> "All " + PlanWords.count(total, "certificate") + " are there."));
        binding.ifPresent(it -> {
            lines.add("What binds is " + PlanWords.limit(it.limit()) + ": after those, there is another every "
                    + PlanWords.duration(it.limit().interval()) + ". The " + PlanWords.ordinal(it.rank())
                    + " server of " + it.site() + " has its certificate on " + PlanWords.hour(it.at()) + " ("
                    + it.node() + ").");
            lines.add("Cure: " + Character.toLowerCase(it.cure().charAt(0))
                    + it.cure().substring(1));
            lines.add("Until then there are " + PlanWords.certificateDays(missing) + " without a good certificate.");
        });
        plan.revocation()
                .filter(it -> Duration.between(plan.now(), it.last()).toHours() > 0)
                .ifPresent(it -> lines.add(
                        "If all were revoked now, the last of " + PlanWords.count(it.certificates(), "certificate")
                                + " would be replaced on " + PlanWords.hour(it.last()) + ", after "
                                + PlanWords.certificateDays(it.invalid()) + "; no plan can do better."));
        if (plan.renewals() == RenewalLimit.COUNTED
                && plan.limits().find(LimitKind.CERTIFICATES_PER_NAME_SET).isPresent()) {
            lines.add("The CA has no renewal information, so its limits count renewals: they are spread over time, and"
                    + " one certificate is kept in reserve for a rebuilt server.");
        }
        lines.addAll(plan.remarks());
        return lines;
    }

    /** Returns a text for each kind of shortage, with the sites that have it. */
    private static List<String> shortages(ClusterPlan plan) {
        Map<Object, List<Shortage>> alike = plan.shortages().stream()
                .collect(Collectors.groupingBy(
                        shortage -> List.of(shortage.getClass(), shortage.orders()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        return alike.values().stream()
                .map(list -> Cure.forShortage(list.getFirst(), sites(plan, list)))
                .toList();
    }

    private static String sites(ClusterPlan plan, List<Shortage> shortages) {
        Set<HostName> names =
                shortages.stream().flatMap(it -> it.set().names().stream()).collect(Collectors.toSet());
        return PlanWords.list(plan.certificates().stream()
                .map(PlannedCertificate::site)
                .distinct()
                .filter(names::contains)
                .toList());
    }

    private String missingSentence(ClusterPlan plan, Instant at) {
        int missingCount = total - present;
        String all = PlanWords.count(total, "certificate");
        String there = PlanWords.number(present) + " of " + all + (present == 1 ? " is" : " are") + " there; ";
        Duration wait = Duration.between(plan.now(), at);
        boolean isWithinAnHour = wait.toHours() < 1;
        if (isWithinAnHour && waiting == 0) {
            return present == 0
                    ? "All " + all + " are ordered at once."
                    : there + "the other " + PlanWords.number(missingCount) + (missingCount == 1 ? " is" : " are")
                            + " ordered at once.";
        }
        return (present == 0 ? "All " + all : there + "all " + PlanWords.number(total))
                + (isWithinAnHour ? " in " + PlanWords.duration(wait) : " by " + PlanWords.hour(at)) + ".";
    }
}
