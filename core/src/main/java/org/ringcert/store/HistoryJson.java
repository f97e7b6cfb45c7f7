package org.ringcert.store;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.PrintableText;
import org.ringcert.json.JsonFormat;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Events of a history as lines of JSON. Texts are made printable in both directions, and cut. */
final class HistoryJson {

    private static final int MAX_WORD = 500;
    private static final int MAX_HOPS = 24;

    private HistoryJson() {}

    static String write(HistoryEvent event) {
        ObjectNode json = StoredJson.newObject();
        json.put("time", event.time().toString());
        json.put("certificate", event.certificate().toString());
        json.put("event", event.type().label());
        event.ca().ifPresent(ca -> json.put("ca", ca.toString()));
        event.host().ifPresent(host -> json.put("name", host.value()));
        if (!event.text().isEmpty()) {
            json.put("text", event.text());
        }
        if (!event.hops().isEmpty()) {
            ArrayNode hops = json.putArray("hops");
            event.hops().stream().limit(MAX_HOPS).forEach(hop -> write(hop, hops.addObject()));
        }
        event.issued().ifPresent(issued -> {
            json.put("serial", issued.serial());
            json.put("issuer", PrintableText.of(issued.issuer(), MAX_WORD));
            json.put("not-after", issued.notAfter().toString());
        });
        return JsonFormat.DEFAULT.write(json);
    }

    private static void write(HistoryEvent.Hop hop, ObjectNode json) {
        putUnlessEmpty(json, "url", hop.url());
        putUnlessEmpty(json, "address", hop.address());
        putUnlessEmpty(json, "answer", hop.answer());
    }

    private static void putUnlessEmpty(ObjectNode json, String name, String text) {
        if (!text.isEmpty()) {
            json.put(name, PrintableText.of(text, MAX_WORD));
        }
    }

    /** Returns the event of a line; empty if the line is damaged, or of a type that this version does not know. */
    static Optional<HistoryEvent> read(String line) {
        try {
            StoredJson json = StoredJson.parse(line);
            Optional<HistoryEventType> type = type(json.string("event"));
            return type.isEmpty() ? Optional.empty() : Optional.of(read(json, type.get()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static HistoryEvent read(StoredJson json, HistoryEventType type) {
        return new HistoryEvent(
                json.instant("time"),
                CertificateName.of(json.string("certificate")),
                type,
                json.optionalUri("ca"),
                json.optionalString("name").map(HostName::of),
                json.optionalString("text").orElse(""),
                json.has("hops") ? hops(json) : List.of(),
                json.has("serial") ? Optional.of(issued(json)) : Optional.empty());
    }

    private static List<HistoryEvent.Hop> hops(StoredJson json) {
        return json.objects("hops").stream()
                .limit(MAX_HOPS)
                .map(hop -> new HistoryEvent.Hop(
                        printable(hop, "url", MAX_WORD),
                        printable(hop, "address", MAX_WORD),
                        printable(hop, "answer", MAX_WORD)))
                .toList();
    }

    private static HistoryEvent.Issued issued(StoredJson json) {
        return new HistoryEvent.Issued(
                printable(json, "serial", MAX_WORD), printable(json, "issuer", MAX_WORD), json.instant("not-after"));
    }

    private static Optional<HistoryEventType> type(String label) {
        return Arrays.stream(HistoryEventType.values())
                .filter(type -> type.label().equals(label))
                .findFirst();
    }

    private static String printable(StoredJson json, String name, int max) {
        return PrintableText.of(json.optionalString(name).orElse(""), max);
    }
}
