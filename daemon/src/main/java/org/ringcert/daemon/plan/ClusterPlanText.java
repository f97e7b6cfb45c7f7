package org.ringcert.daemon.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.TextTable;
import org.ringcert.daemon.plan.ClusterPlan.NodePlan;
import org.ringcert.daemon.plan.ClusterPlan.OrderCause;
import org.ringcert.daemon.plan.ClusterPlan.PlannedCertificate;
import org.ringcert.daemon.plan.ClusterPlan.PlannedOrder;
import org.ringcert.daemon.plan.ClusterPlan.Present;
import org.ringcert.daemon.plan.ClusterPlan.Renewal;
import org.ringcert.plan.Turn;

/** A plan for people: what matters most, and then a table for each certificate, or for the most exceptional ones. */
public final class ClusterPlanText {

    /** A plan with no more entries than this is shown whole. */
    private static final int MAX_ENTRIES = 60;

    /** How many tables there are if a plan is not shown whole. */
    private static final int MAX_TABLES = 6;

    private static final int MAX_PRESENT_LISTED = 12;

    private final ClusterPlan plan;
    private final PlanSummary summary;
    private final StringBuilder text = new StringBuilder();

    private ClusterPlanText(ClusterPlan plan, PlanSummary summary) {
        this.plan = plan;
        this.summary = summary;
    }

    /** Returns the lines, each with its end. */
    public static String of(ClusterPlan plan, PlanSummary summary) {
        return new ClusterPlanText(plan, summary).write();
    }

    private String write() {
        long sites = plan.certificates().stream()
                .map(PlannedCertificate::site)
                .distinct()
                .count();
        line("Plan for " + PlanWords.count(plan.nodes().size(), "server") + " and " + PlanWords.count(sites, "site")
                + " at " + plan.ca() + ", as " + plan.self() + " sees it on " + PlanWords.hour(plan.now())
                + ". All times are UTC.");
        text.append('\n');
        summary.sentences(plan).forEach(this::line);
        changes().forEach(this::line);
        boolean isWhole = plan.entries().count() <= MAX_ENTRIES;
        List<List<PlannedCertificate>> alike = alike();
        if (isWhole) {
            alike.stream().flatMap(List::stream).forEach(this::writeTable);
        } else {
            writeGroups(alike);
        }
        return text.toString();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private List<String> changes() {
        LayoutChanges changes = plan.changes();
        if (changes.isEmpty()) {
            return List.of();
        }
        List<String> parts = Stream.of(
                        part("new servers: ", changes.addedNodes()),
                        part("servers that are gone: ", changes.removedNodes()),
                        part("new sites: ", changes.addedSites()),
                        part("sites that are gone: ", changes.removedSites()),
                        part("sites with other names or keys: ", changes.changedSites()))
                .filter(part -> !part.isEmpty())
                .toList();
        return List.of("This file changes the installed one: " + String.join("; ", parts) + ".");
    }

    private static String part(String label, List<HostName> names) {
        return names.isEmpty() ? "" : label + PlanWords.list(names);
    }

    /** How far the servers are with a certificate. Certificates that are alike in this differ in times only. */
    private record CertificateState(long present, long soon, long waiting, long others)
            implements Comparable<CertificateState> {

        static CertificateState of(PlannedCertificate certificate, Instant now) {
            long orders = certificate.entries().stream()
                    .filter(entry -> entry.order().isPresent())
                    .count();
            long waiting = certificate.entries().stream()
                    .flatMap(entry -> entry.order().stream())
                    .filter(order -> !isSoon(order.at(), now))
                    .count();
            long renewals = certificate.entries().stream()
                    .filter(entry -> entry.order().isEmpty() && entry.renewal().isPresent())
                    .count();
            return new CertificateState(
                    renewals, orders - waiting, waiting, certificate.entries().size() - orders - renewals);
        }

        /** The most exceptional first. */
        @Override
        public int compareTo(CertificateState other) {
            return Comparator.comparingLong(CertificateState::waiting)
                    .thenComparingLong(CertificateState::soon)
                    .thenComparingLong(CertificateState::others)
                    .thenComparingLong(CertificateState::present)
                    .reversed()
                    .compare(this, other);
        }
    }

    private static boolean isSoon(Instant at, Instant now) {
        return Duration.between(now, at).toMinutes() < 60;
    }

    private List<List<PlannedCertificate>> alike() {
        Map<CertificateState, List<PlannedCertificate>> groups = plan.certificates().stream()
                .collect(Collectors.groupingBy(
                        certificate -> CertificateState.of(certificate, plan.now()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        return groups.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getValue().stream()
                        .sorted(Comparator.comparing(ClusterPlanText::lastOrder).reversed())
                        .toList())
                .toList();
    }

    private static Instant lastOrder(PlannedCertificate certificate) {
        return certificate.entries().stream()
                .flatMap(entry -> entry.order().stream())
                .map(PlannedOrder::at)
                .max(Comparator.naturalOrder())
                .orElse(Instant.MIN);
    }

    private void writeGroups(List<List<PlannedCertificate>> alike) {
        text.append('\n');
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("CERTIFICATES", "HAVE IT", "AT ONCE", "WAIT", "LAST ORDER", "RENEWALS", "SITES"));
        alike.forEach(group -> rows.add(row(group)));
        text.append(TextTable.of(rows));
        alike.stream()
                .filter(group ->
                        CertificateState.of(group.getFirst(), plan.now()).present()
                                < plan.nodes().size())
                .limit(MAX_TABLES)
                .forEach(group -> writeTable(group.getFirst()));
    }

    /** The servers are those for one certificate; all certificates of the group have as many. */
    private List<String> row(List<PlannedCertificate> group) {
        CertificateState state = CertificateState.of(group.getFirst(), plan.now());
        List<Renewal> renewals = group.stream()
                .flatMap(certificate -> certificate.entries().stream())
                .filter(ClusterPlanText::isPresent)
                .flatMap(entry -> entry.renewal().stream())
                .toList();
        return List.of(
                String.valueOf(group.size()),
                state.present() + " of " + plan.nodes().size(),
                String.valueOf(state.soon()),
                String.valueOf(state.waiting()),
                state.soon() + state.waiting() == 0 ? "-" : PlanWords.hour(lastOrder(group.getFirst())),
                renewalDays(renewals),
                PlanWords.list(group.stream().map(PlannedCertificate::name).toList()));
    }

    private static String renewalDays(List<Renewal> renewals) {
        return renewals.isEmpty()
                ? "-"
                : PlanWords.days(
                        renewals.stream()
                                .map(Renewal::from)
                                .min(Comparator.naturalOrder())
                                .orElseThrow(),
                        renewals.stream()
                                .map(Renewal::to)
                                .max(Comparator.naturalOrder())
                                .orElseThrow());
    }

    private void writeTable(PlannedCertificate certificate) {
        text.append('\n').append(certificate.name());
        certificate
                .leader()
                .ifPresent(leader -> text.append(", whose visitors come to ").append(leader));
        text.append('\n');
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("SERVER", "HAS", "NEXT", "WHY"));
        boolean listsAll = certificate.entries().size() <= MAX_PRESENT_LISTED;
        List<NodePlan> orders = certificate.entries().stream()
                .filter(entry -> listsAll || !isPresent(entry))
                .sorted(Comparator.comparing(
                        entry -> listsAll ? Instant.MIN : entry.next().orElse(Instant.MAX)))
                .toList();
        orders.forEach(entry -> rows.add(row(certificate, entry)));
        if (!listsAll) {
            presentRow(certificate).ifPresent(rows::add);
        }
        text.append(TextTable.of(rows));
    }

    private Optional<List<String>> presentRow(PlannedCertificate certificate) {
        List<NodePlan> present = certificate.entries().stream()
                .filter(ClusterPlanText::isPresent)
                .toList();
        return present.isEmpty()
                ? Optional.empty()
                : Optional.of(List.of(
                        "the other " + present.size(),
                        "one each",
                        "renew "
                                + renewalDays(present.stream()
                                        .flatMap(entry -> entry.renewal().stream())
                                        .toList()),
                        certificate.canary().map(canary -> canary + " first").orElse("")));
    }

    private List<String> row(PlannedCertificate certificate, NodePlan entry) {
        return List.of(
                entry.node().value(),
                entry.present().map(ClusterPlanText::present).orElse("-"),
                entry.order()
                        .map(this::order)
                        .or(() -> entry.renewal().map(ClusterPlanText::renewal))
                        .orElse("not known"),
                why(certificate, entry));
    }

    /** Whether the node has its certificate and does not replace it early. */
    private static boolean isPresent(NodePlan entry) {
        return entry.order().isEmpty() && entry.renewal().isPresent();
    }

    private static String present(Present present) {
        String issuer = present.issuer().isEmpty() ? "" : " by " + present.issuer();
        return "since " + PlanWords.day(present.notBefore()) + issuer;
    }

    private String order(PlannedOrder order) {
        Instant at = order.at();
        if (!at.isAfter(plan.now())) {
            return "orders now";
        }
        return isSoon(at, plan.now())
                ? "orders in " + PlanWords.duration(Duration.between(plan.now(), at))
                : "orders " + PlanWords.hour(at);
    }

    private static String renewal(Renewal renewal) {
        return renewal.isExact()
                ? "renews " + PlanWords.hour(renewal.at())
                : "renews about " + PlanWords.day(renewal.at());
    }

    private static String why(PlannedCertificate certificate, NodePlan entry) {
        if (entry.order().isPresent()) {
            return why(entry.order().get().cause());
        }
        return certificate.canary().filter(entry.node()::equals).isPresent() ? "the canary renews first" : "";
    }

    private static String why(OrderCause cause) {
        return switch (cause) {
            case OrderCause.ByTurn(Turn.Reason reason, Optional<HostName> after) ->
                PlanWords.reason(reason)
                        + after.filter(_ -> reason instanceof Turn.Reason.WithinLimit)
                                .map(node -> "; " + node + " goes first")
                                .orElse("");
            case OrderCause.ByWait(String wait) -> wait;
            case OrderCause.Replacement(String reason) -> reason;
        };
    }
}
