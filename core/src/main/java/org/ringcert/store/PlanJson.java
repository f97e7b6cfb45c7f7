package org.ringcert.store;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The format of {@code plan.json}. */
final class PlanJson {

    private static final int MAX_REASON_CHARACTERS = 2_000;

    private PlanJson() {}

    /** What the records of all nodes about one certificate have in common. */
    private record Group(String ca, String certificate, List<HostName> names) implements Comparable<Group> {

        static Group of(IssueRecord.Subject subject) {
            return new Group(subject.ca().toString(), subject.certificate().toString(), subject.names());
        }

        @Override
        public int compareTo(Group other) {
            return Comparator.comparing(Group::certificate)
                    .thenComparing(Group::ca)
                    .thenComparing(group -> group.names().toString())
                    .compare(this, other);
        }
    }

    static PlanRecords read(String text) {
        StoredJson json = StoredJson.parse(text);
        List<IssueRecord> issues = new ArrayList<>();
        for (StoredJson group : json.objects("certificates")) {
            URI ca = group.uri("ca");
            CertificateName certificate = CertificateName.of(group.string("certificate"));
            List<HostName> names = names(group);
            for (StoredJson node : group.objects("nodes")) {
                issues.add(new IssueRecord(
                        new IssueRecord.Subject(ca, new HostName(node.string("node")), certificate, names),
                        new IssueHistory(
                                node.instants("issued"),
                                node.optionalInstant("notAfter"),
                                node.optionalInstant("missedSince"))));
            }
        }
        return PlanRecords.of(
                issues, json.objects("refusals").stream().map(PlanJson::refusal).toList());
    }

    private static RefusalRecord refusal(StoredJson json) {
        return new RefusalRecord(
                json.uri("ca"),
                json.optionalString("domain").map(HostName::new),
                names(json),
                json.instant("at"),
                json.instant("until"),
                json.string("reason"));
    }

    private static List<HostName> names(StoredJson json) {
        return json.strings("names").stream().map(HostName::new).toList();
    }

    static String write(PlanRecords records) {
        ObjectNode json = StoredJson.newObject();
        ArrayNode certificates = json.putArray("certificates");
        Map<Group, List<IssueRecord>> groups = records.issues().values().stream()
                .collect(
                        Collectors.groupingBy(record -> Group.of(record.subject()), TreeMap::new, Collectors.toList()));
        groups.forEach((group, nodes) -> write(certificates.addObject(), group, nodes));
        ArrayNode refusals = json.putArray("refusals");
        records.refusals().forEach(refusal -> write(refusals.addObject(), refusal));
        return StoredJson.write(json);
    }

    private static void write(ObjectNode json, Group group, List<IssueRecord> nodes) {
        json.put("ca", group.ca()).put("certificate", group.certificate());
        write(json, group.names());
        ArrayNode array = json.putArray("nodes");
        nodes.stream()
                .sorted(Comparator.comparing(record -> record.subject().node()))
                .forEach(record -> write(array.addObject(), record));
    }

    private static void write(ObjectNode json, IssueRecord record) {
        json.put("node", record.subject().node().value());
        ArrayNode issued = json.putArray("issued");
        IssueHistory history = record.history();
        history.issued().forEach(time -> issued.add(time.toString()));
        history.notAfter().ifPresent(time -> json.put("notAfter", time.toString()));
        history.missedSince().ifPresent(time -> json.put("missedSince", time.toString()));
    }

    private static void write(ObjectNode json, RefusalRecord refusal) {
        json.put("ca", refusal.ca().toString());
        refusal.domain().ifPresent(domain -> json.put("domain", domain.value()));
        write(json, refusal.names());
        json.put("at", refusal.at().toString())
                .put("until", refusal.until().toString())
                .put(
                        "reason",
                        refusal.reason().substring(0, Math.min(refusal.reason().length(), MAX_REASON_CHARACTERS)));
    }

    private static void write(ObjectNode json, List<HostName> names) {
        ArrayNode array = json.putArray("names");
        names.forEach(name -> array.add(name.value()));
    }
}
