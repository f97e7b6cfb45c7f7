package org.ringcert.daemon.turn;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ringcert.cluster.HostName;
import org.ringcert.plan.ClusterLooks;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.PlanMemory;
import org.ringcert.store.CertificateName;
import org.ringcert.store.IssueHistory;
import org.ringcert.store.IssueRecord;
import org.ringcert.store.PlanRecords;
import org.ringcert.store.RefusalRecord;

/**
 * What this node remembers of one CA when a decision begins: what is in its store, what was seen in passing since, and
 * what the decision adds. Used once, by one thread.
 */
final class RecordedMemory implements PlanMemory {

    private final URI ca;
    private final PlanRecords stored;
    private final Passing passing;
    private final Map<IssueRecord.Subject, IssueHistory> histories = new LinkedHashMap<>();

    /** Finds the certificates of the CA that a node was seen to present, in the order in which they were seen. */
    @FunctionalInterface
    interface Passing {

        /** Returns nothing. */
        Passing NONE = (_, _, _) -> List.of();

        List<ClusterLooks.Validity> seen(HostName node, CertificateName certificate, NameSet set);
    }

    RecordedMemory(URI ca, PlanRecords stored, Passing passing) {
        this.ca = ca;
        this.stored = stored;
        this.passing = passing;
    }

    @Override
    public IssueHistory history(HostName node, CertificateName certificate, NameSet set) {
        IssueRecord.Subject subject = new IssueRecord.Subject(ca, node, certificate, set.names());
        IssueHistory known = histories.get(subject);
        if (known == null) {
            known = stored.history(subject);
            for (ClusterLooks.Validity seen : passing.seen(node, certificate, set)) {
                known = known.sawInPassing(seen.issued(), seen.notAfter());
            }
            histories.put(subject, known);
        }
        return known;
    }

    @Override
    public Collection<Entry> histories(NameSet set) {
        Map<IssueRecord.Subject, IssueHistory> all = new LinkedHashMap<>();
        stored.issues().values().stream()
                .filter(record -> isAbout(record.subject(), set))
                .forEach(record -> all.put(record.subject(), record.history()));
        histories.forEach((subject, history) -> {
            if (isAbout(subject, set)) {
                all.put(subject, history);
            }
        });
        List<Entry> entries = new ArrayList<>();
        all.forEach((subject, history) -> entries.add(new Entry(subject.node(), subject.certificate(), history)));
        return entries;
    }

    private boolean isAbout(IssueRecord.Subject subject, NameSet set) {
        return subject.ca().equals(ca) && subject.names().equals(set.names());
    }

    @Override
    public void remember(HostName node, CertificateName certificate, NameSet set, IssueHistory history) {
        histories.put(new IssueRecord.Subject(ca, node, certificate, set.names()), history);
    }

    @Override
    public Collection<RefusalRecord> refusals(NameSet set) {
        return stored.refusals().stream()
                .filter(refusal -> refusal.ca().equals(ca))
                .toList();
    }

    /** Returns what is known now and is not in the store. */
    List<IssueRecord> news() {
        return histories.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(stored.history(entry.getKey())))
                .map(entry -> new IssueRecord(entry.getKey(), entry.getValue()))
                .toList();
    }
}
