package org.ringcert.daemon.alert;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.json.JsonFormat;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The book as it is kept over restarts. */
final class AlertJson {

    private static final JsonFormat FORMAT = new JsonFormat(JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build());

    private AlertJson() {}

    static String write(List<AlertEntry> entries) {
        ObjectNode root = JsonFormat.newObject();
        ArrayNode alerts = root.putArray("alerts");
        entries.forEach(entry -> put(alerts.addObject(), entry));
        return FORMAT.write(root) + "\n";
    }

    private static void put(ObjectNode object, AlertEntry entry) {
        Condition condition = entry.condition();
        object.put("kind", condition.subject().kind().label());
        object.put("node", condition.subject().node().value());
        condition.subject().site().ifPresent(site -> object.put("site", site.value()));
        object.put("part", condition.subject().part());
        object.put("text", condition.text());
        object.put("graceSeconds", condition.grace().toSeconds());
        object.put("seen", condition.seen().toString());
        object.put("since", entry.since().toString());
        object.put("state", entry.state().name());
        object.put("told", entry.isTold());
    }

    /** @throws IllegalArgumentException if the text is not what {@link #write} returns; the message says why */
    static List<AlertEntry> read(String text) {
        try {
            List<AlertEntry> entries = new ArrayList<>();
            for (JsonNode each : FORMAT.read(text).required("alerts").asArray()) {
                entries.add(entry(each));
            }
            return entries;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("it is not JSON, or lacks a field", e);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("it has a time that is none", e);
        }
    }

    private static AlertEntry entry(JsonNode node) {
        Condition.Subject subject = new Condition.Subject(
                AlertKind.labeled(string(node, "kind"))
                        .orElseThrow(() -> new IllegalArgumentException("it has an unknown kind")),
                HostName.of(string(node, "node")),
                Optional.ofNullable(node.get("site")).map(_ -> HostName.of(string(node, "site"))),
                string(node, "part"));
        Condition condition = new Condition(
                subject,
                string(node, "text"),
                Duration.ofSeconds(node.required("graceSeconds").longValue()),
                Instant.parse(string(node, "seen")));
        return new AlertEntry(
                condition,
                Instant.parse(string(node, "since")),
                AlertEntry.State.valueOf(string(node, "state")),
                node.required("told").booleanValue());
    }

    private static String string(JsonNode node, String name) {
        return node.required(name).stringValue();
    }
}
