package org.ringcert.store;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a node remembers over restarts to plan its orders. Immutable.
 *
 * @param issues what is known of the certificates of each node
 * @param refusals what CAs have refused
 */
public record PlanRecords(Map<IssueRecord.Subject, IssueRecord> issues, List<RefusalRecord> refusals) {

    /** Nothing is remembered. */
    public static final PlanRecords NONE = new PlanRecords(Map.of(), List.of());

    public PlanRecords {
        issues = Map.copyOf(issues);
        refusals = List.copyOf(refusals);
    }

    static PlanRecords of(List<IssueRecord> issues, List<RefusalRecord> refusals) {
        return new PlanRecords(
                issues.stream()
                        .collect(Collectors.toMap(IssueRecord::subject, Function.identity(), (_, later) -> later)),
                refusals);
    }

    /** Returns what is known of these certificates. */
    public IssueHistory history(IssueRecord.Subject subject) {
        return Optional.ofNullable(issues.get(subject))
                .map(IssueRecord::history)
                .orElse(IssueHistory.UNKNOWN);
    }

    /** Returns these records with others instead of those about the same. */
    public PlanRecords with(List<IssueRecord> changed) {
        Map<IssueRecord.Subject, IssueRecord> all = new LinkedHashMap<>(issues);
        changed.forEach(record -> all.put(record.subject(), record));
        return new PlanRecords(all, refusals);
    }

    /** Returns these records without the obsolete ones about certificates. */
    public PlanRecords without(Predicate<IssueRecord> isObsolete) {
        return new PlanRecords(
                issues.values().stream()
                        .filter(isObsolete.negate())
                        .collect(Collectors.toMap(IssueRecord::subject, Function.identity())),
                refusals);
    }

    /** Returns these records with a refusal, instead of an earlier one that concerns the same. */
    public PlanRecords with(RefusalRecord refusal) {
        return new PlanRecords(
                issues,
                Stream.concat(refusals.stream().filter(other -> !other.concernsSame(refusal)), Stream.of(refusal))
                        .toList());
    }

    /** Returns these records corrected for a clock that was wrong, without refusals that are long over. */
    PlanRecords asOf(Instant now) {
        return of(
                issues.values().stream()
                        .map(record -> new IssueRecord(
                                record.subject(), record.history().asOf(now)))
                        .filter(record -> !record.history().isEmpty())
                        .toList(),
                refusals.stream().filter(refusal -> refusal.isKept(now)).toList());
    }
}
