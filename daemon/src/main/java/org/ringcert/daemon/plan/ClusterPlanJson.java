package org.ringcert.daemon.plan;

import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.plan.ClusterPlan.NodePlan;
import org.ringcert.daemon.plan.ClusterPlan.OrderCause;
import org.ringcert.daemon.plan.ClusterPlan.PlannedCertificate;
import org.ringcert.daemon.plan.ClusterPlan.PlannedOrder;
import org.ringcert.daemon.plan.ClusterPlan.Present;
import org.ringcert.daemon.plan.ClusterPlan.Renewal;
import org.ringcert.json.JsonFormat;
import org.ringcert.plan.Limit;
import org.ringcert.plan.RenewalLimit;
import org.ringcert.plan.Shortage;
import org.ringcert.plan.Turn;
import tools.jackson.core.JsonGenerator;

/**
 * A plan for programs, which rely on the keys: they may be added to, but not renamed or removed. Written entry by
 * entry, because a tree of 50,000 would take much memory.
 */
public final class ClusterPlanJson {

    private final ClusterPlan plan;
    private final PlanSummary summary;
    private final JsonGenerator json;

    private ClusterPlanJson(ClusterPlan plan, PlanSummary summary, JsonGenerator json) {
        this.plan = plan;
        this.summary = summary;
        this.json = json;
    }

    /**
     * Writes the document, indented, ending with a newline. Does not close the writer.
     *
     * @throws tools.jackson.core.JacksonException if the writer fails
     */
    public static void write(ClusterPlan plan, PlanSummary summary, Writer out) {
        try (JsonGenerator json = JsonFormat.DEFAULT.generator(out, JsonFormat.Layout.INDENTED)) {
            new ClusterPlanJson(plan, summary, json).write();
            json.writeRaw("\n");
        }
    }

    private void write() {
        json.writeStartObject();
        json.writeStringProperty("now", second(plan.now()));
        json.writeStringProperty("node", plan.self().value());
        json.writeStringProperty("ca", plan.ca());
        json.writeBooleanProperty("limitsCountRenewals", plan.renewals() == RenewalLimit.COUNTED);
        json.writeArrayPropertyStart("limits");
        plan.limits().limits().forEach(this::writeLimit);
        json.writeEndArray();
        writeSummary();
        writeChanges();
        json.writeArrayPropertyStart("shortages");
        plan.shortages().forEach(this::write);
        json.writeEndArray();
        writeStrings("remarks", plan.remarks());
        writeNames("nodes", plan.nodes());
        json.writeArrayPropertyStart("certificates");
        plan.certificates().forEach(this::write);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeLimit(Limit limit) {
        json.writeStartObject();
        writeLimitProperties(limit);
        json.writeEndObject();
    }

    private void writeLimitProperties(Limit limit) {
        json.writeStringProperty("kind", limit.kind().label());
        json.writeNumberProperty("capacity", limit.capacity());
        json.writeNumberProperty("intervalSeconds", limit.interval().toSeconds());
    }

    private void writeSummary() {
        json.writeObjectPropertyStart("summary");
        json.writeNumberProperty("certificates", summary.total());
        json.writeNumberProperty("present", summary.present());
        json.writeNumberProperty("waiting", summary.waiting());
        summary.complete().ifPresent(at -> json.writeStringProperty("complete", second(at)));
        json.writeNumberProperty("missingDays", days(summary.missing()));
        if (summary.binding().isPresent()) {
            PlanSummary.Binding binding = summary.binding().get();
            json.writeObjectPropertyStart("binding");
            writeLimitProperties(binding.limit());
            json.writeStringProperty("site", binding.site().value());
            json.writeStringProperty("node", binding.node().value());
            json.writeStringProperty("at", second(binding.at()));
            json.writeStringProperty("cure", binding.cure());
            json.writeEndObject();
        }
        plan.revocation().ifPresent(this::write);
        json.writeEndObject();
    }

    private void write(ClusterPlan.MassRevocation revocation) {
        json.writeObjectPropertyStart("ifAllRevokedNow");
        json.writeNumberProperty("certificates", revocation.certificates());
        json.writeStringProperty("last", second(revocation.last()));
        json.writeNumberProperty("invalidDays", days(revocation.invalid()));
        json.writeEndObject();
    }

    private void writeChanges() {
        LayoutChanges changes = plan.changes();
        json.writeObjectPropertyStart("changes");
        writeNames("addedNodes", changes.addedNodes());
        writeNames("removedNodes", changes.removedNodes());
        writeNames("addedSites", changes.addedSites());
        writeNames("removedSites", changes.removedSites());
        writeNames("changedSites", changes.changedSites());
        json.writeEndObject();
    }

    private void write(Shortage shortage) {
        json.writeStartObject();
        json.writeStringProperty(
                "problem",
                switch (shortage) {
                    case Shortage.TooManyRenewals _ -> "too-many-renewals";
                    case Shortage.NoTokenForNewServers _ -> "none-for-new-servers";
                    case Shortage.RolloutBeyondRenewal _ -> "rollout-beyond-renewal";
                });
        writeNames("names", shortage.set().names());
        json.writeNumberProperty("certificates", shortage.orders());
        writeLimitProperties(shortage.limit());
        json.writeEndObject();
    }

    private void write(PlannedCertificate certificate) {
        json.writeStartObject();
        json.writeStringProperty("site", certificate.site().value());
        json.writeStringProperty("certificate", certificate.name().toString());
        certificate.leader().ifPresent(leader -> json.writeStringProperty("leader", leader.value()));
        certificate.canary().ifPresent(canary -> json.writeStringProperty("canary", canary.value()));
        json.writeArrayPropertyStart("nodes");
        certificate.entries().forEach(this::write);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(NodePlan entry) {
        json.writeStartObject();
        json.writeStringProperty("node", entry.node().value());
        entry.present().ifPresent(this::write);
        entry.order().ifPresent(this::write);
        entry.renewal().ifPresent(this::write);
        json.writeEndObject();
    }

    private void write(PlannedOrder order) {
        json.writeObjectPropertyStart("order");
        json.writeStringProperty("at", second(order.at()));
        write(order.cause());
        json.writeEndObject();
    }

    private void write(Present present) {
        json.writeObjectPropertyStart("present");
        json.writeStringProperty("notBefore", second(present.notBefore()));
        json.writeStringProperty("notAfter", second(present.notAfter()));
        if (!present.issuer().isEmpty()) {
            json.writeStringProperty("issuer", present.issuer());
        }
        json.writeEndObject();
    }

    private void write(Renewal renewal) {
        json.writeObjectPropertyStart("renewal");
        json.writeStringProperty("at", second(renewal.at()));
        json.writeStringProperty("from", second(renewal.from()));
        json.writeStringProperty("to", second(renewal.to()));
        json.writeBooleanProperty("exact", renewal.isExact());
        json.writeEndObject();
    }

    private void write(OrderCause cause) {
        switch (cause) {
            case OrderCause.ByTurn(Turn.Reason reason, Optional<HostName> after) -> {
                json.writeStringProperty("reason", label(reason));
                if (reason instanceof Turn.Reason.WithinLimit(Limit limit, String subject)) {
                    json.writeStringProperty("limit", limit.kind().label());
                    json.writeStringProperty("subject", subject);
                }
                if (reason instanceof Turn.Reason.AfterFirst(HostName first)) {
                    json.writeStringProperty("first", first.value());
                }
                after.ifPresent(node -> json.writeStringProperty("after", node.value()));
            }
            case OrderCause.ByWait(String text) -> {
                json.writeStringProperty("reason", "wait");
                json.writeStringProperty("text", text);
            }
            case OrderCause.Replacement(String text) -> {
                json.writeStringProperty("reason", "replacement");
                json.writeStringProperty("text", text);
            }
        }
    }

    private static String label(Turn.Reason reason) {
        return switch (reason) {
            case Turn.Reason.AtOnce _ -> "at-once";
            case Turn.Reason.AfterFirst _ -> "after-first";
            case Turn.Reason.WithinLimit _ -> "limit";
            case Turn.Reason.AfterRefusal _ -> "refusal";
        };
    }

    private void writeNames(String name, List<HostName> values) {
        writeStrings(name, values.stream().map(HostName::value).toList());
    }

    private void writeStrings(String name, List<String> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(json::writeString);
        json.writeEndArray();
    }

    private static String second(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static double days(Duration time) {
        return Math.round(time.toSeconds() / 864.0) / 100.0;
    }
}
