package org.ringcert.simulate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.plan.NameSet;
import org.ringcert.store.IssueHistory;
import org.ringcert.store.RefusalRecord;

/**
 * What is in a node's {@code plan.json}: the histories of the certificates of all nodes, and refusals. Arrays of
 * numbers, because at the start of a large cluster each node misses nearly all. Confined to one thread.
 */
final class PeerMemory {

    private static final int NONE = 0;

    private final long origin;
    private final int certificates;
    private final Duration validity;
    private final int[][] missedSince;
    private final int[][] lastIssued;
    private final int[][] issuedBefore;
    private final Map<Integer, int[]> issuedEarlier = new HashMap<>();
    private final Map<NameSet, RefusalRecord> refusals = new HashMap<>();
    private final Map<HostName, RefusalRecord> domainRefusals = new HashMap<>();

    /**
     * @param origin a time in seconds of the epoch, before all others
     * @param nodes how many nodes there are
     * @param certificates how many certificates each has
     * @param validity how long a certificate is valid after it was issued
     */
    PeerMemory(long origin, int nodes, int certificates, Duration validity) {
        this.origin = origin;
        this.certificates = certificates;
        this.validity = validity;
        this.missedSince = new int[nodes][0];
        this.lastIssued = new int[nodes][0];
        this.issuedBefore = new int[nodes][0];
    }

    /** Returns what is remembered of a certificate of a node. */
    IssueHistory history(int node, int certificate) {
        int last = get(lastIssued, node, certificate);
        int missed = get(missedSince, node, certificate);
        if (last == NONE && missed == NONE) {
            return IssueHistory.UNKNOWN;
        }
        return new IssueHistory(
                issued(node, certificate, last),
                last == NONE ? Optional.empty() : Optional.of(time(last).plus(validity)),
                missed == NONE ? Optional.empty() : Optional.of(time(missed)));
    }

    private List<Instant> issued(int node, int certificate, int last) {
        if (last == NONE) {
            return List.of();
        }
        int before = get(issuedBefore, node, certificate);
        if (before == NONE) {
            return List.of(time(last));
        }
        List<Instant> all = new ArrayList<>();
        for (int seconds : issuedEarlier.getOrDefault(key(node, certificate), new int[0])) {
            all.add(time(seconds));
        }
        all.add(time(before));
        all.add(time(last));
        return all;
    }

    /** Replaces what is remembered of a certificate of a node. */
    void remember(int node, int certificate, IssueHistory history) {
        set(
                missedSince,
                node,
                certificate,
                history.missedSince().map(this::seconds).orElse(NONE));
        List<Instant> issued = history.issued();
        int count = issued.size();
        set(lastIssued, node, certificate, count > 0 ? seconds(issued.get(count - 1)) : NONE);
        set(issuedBefore, node, certificate, count > 1 ? seconds(issued.get(count - 2)) : NONE);
        if (count > 2) {
            issuedEarlier.put(
                    key(node, certificate),
                    issued.subList(0, count - 2).stream()
                            .mapToInt(this::seconds)
                            .toArray());
        }
    }

    private static int get(int[][] all, int node, int certificate) {
        return all[node].length == 0 ? NONE : all[node][certificate];
    }

    private void set(int[][] all, int node, int certificate, int seconds) {
        if (all[node].length == 0) {
            if (seconds == NONE) {
                return;
            }
            all[node] = new int[certificates];
        }
        all[node][certificate] = seconds;
    }

    private int key(int node, int certificate) {
        return node * certificates + certificate;
    }

    /** Returns the refusals that concern these names or their registered domain. */
    List<RefusalRecord> refusals(NameSet set, HostName domain, Instant now) {
        return refusals.isEmpty() && domainRefusals.isEmpty()
                ? List.of()
                : Stream.of(Optional.ofNullable(refusals.get(set)), Optional.ofNullable(domainRefusals.get(domain)))
                        .flatMap(Optional::stream)
                        .filter(refusal -> refusal.isKept(now))
                        .toList();
    }

    /** Remembers a refusal instead of an earlier one that concerns the same. */
    void refused(NameSet set, RefusalRecord refusal) {
        refusal.domain()
                .ifPresentOrElse(domain -> domainRefusals.put(domain, refusal), () -> refusals.put(set, refusal));
    }

    private int seconds(Instant time) {
        return (int) (time.getEpochSecond() - origin);
    }

    private Instant time(int seconds) {
        return Instant.ofEpochSecond(origin + seconds);
    }

    /** Forgets all. */
    void clear() {
        Arrays.fill(missedSince, new int[0]);
        Arrays.fill(lastIssued, new int[0]);
        Arrays.fill(issuedBefore, new int[0]);
        issuedEarlier.clear();
        refusals.clear();
        domainRefusals.clear();
    }
}
