package org.ringcert.daemon.turn;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.ringcert.plan.Limit;
import org.ringcert.plan.Limits;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.PlannedSite;
import org.ringcert.store.IssueRecord;

/**
 * Tells what need not be remembered any more: records about servers, sites or names that the file no longer has, when
 * no limit counts their certificates and these have expired. Those of the file are one for each certificate of each
 * server, with a few times each, whatever a peer presents.
 */
final class ObsoleteRecords implements Predicate<IssueRecord> {

    /** For a CA whose limits are not known any more. */
    private static final Duration SHORTEST = Duration.ofDays(7);

    /** No certificate is issued for much longer; a peer may present one that claims to be. */
    private static final Duration LONGEST = Duration.ofDays(400);

    private final ClusterTurns.Parts parts;
    private final Instant now;

    ObsoleteRecords(ClusterTurns.Parts parts, Instant now) {
        this.parts = parts;
        this.now = now;
    }

    @Override
    public boolean test(IssueRecord record) {
        if (isPlanned(record.subject())) {
            return false;
        }
        Optional<Instant> latest = Stream.concat(
                        record.history().latest().stream(), record.history().missedSince().stream())
                .max(Instant::compareTo);
        return latest.filter(time -> isOver(time, record)).isPresent();
    }

    private boolean isOver(Instant latest, IssueRecord record) {
        boolean isCounted = now.isBefore(latest.plus(refill(record.subject().ca())));
        boolean isValid =
                record.history().notAfter().filter(now::isBefore).isPresent() && now.isBefore(latest.plus(LONGEST));
        return !isCounted && !isValid;
    }

    /** Returns how long the slowest limit of the CA counts a certificate. */
    private Duration refill(URI ca) {
        Limits limits = parts.limits().apply(ca);
        return Stream.concat(Stream.of(SHORTEST), limits.limits().stream().map(Limit::period))
                .max(Duration::compareTo)
                .orElseThrow();
    }

    /** Returns whether the node orders these names, with or without the unique one. */
    private boolean isPlanned(IssueRecord.Subject subject) {
        int node = parts.layout().nodes().indexOf(subject.node());
        PlannedSite site = parts.sites().get(subject.certificate().site());
        if (node < 0 || site == null || !site.certificates().contains(subject.certificate())) {
            return false;
        }
        NameSet set = site.sets().get(node);
        return set.names().containsAll(subject.names())
                && subject.names().size() >= set.names().size() - 1;
    }
}
