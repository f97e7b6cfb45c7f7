package org.ringcert.daemon.alert;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.alert.Condition.Subject;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.CellKey;
import org.ringcert.view.visitor.Flaw;

/**
 * What of the looks at all servers needs a person. A server whose https or whose port for challenges does not answer is
 * one problem, however many sites it has.
 */
final class SeenConditions {

    /** A web server that restarts is back by then. */
    private static final Duration OWN = Duration.ofMinutes(5);

    private static final Duration PEER = Duration.ofMinutes(10);

    /** A server that is restarted is back by then, and one or a site that is set up has its certificates. */
    private static final Duration STARTING = Duration.ofHours(1);

    /** What the node itself reports, in more detail, as long as it has such a problem. */
    private static final Set<Flaw.Kind> OF_CERTIFICATE =
            Set.of(Flaw.Kind.SELF_SIGNED, Flaw.Kind.EXPIRED, Flaw.Kind.NOT_YET_VALID, Flaw.Kind.EXPIRES_SOON);

    private static final Set<Flaw.Kind> WARNINGS = Set.of(Flaw.Kind.EXPIRES_SOON, Flaw.Kind.OLDER_THAN_ON_DISK);

    private static final int MAX_SITES = 3;

    private final HostName self;
    private final Set<String> ownIds;
    private final List<Condition> conditions = new ArrayList<>();
    private final Set<String> unknown = new HashSet<>();
    private final Map<HostName, List<Cell>> withoutAnswer = new HashMap<>();

    /** @param own the conditions of the node's own status */
    private SeenConditions(HostName self, List<Condition> own) {
        this.self = self;
        this.ownIds = own.stream().map(condition -> condition.subject().id()).collect(Collectors.toSet());
    }

    /**
     * Returns the conditions of the last looks.
     *
     * @param own the conditions of the node's own status, which say the same better
     */
    static Survey of(HostName self, ClusterSight sight, List<Condition> own) {
        SeenConditions seen = new SeenConditions(self, own);
        Set<HostName> silent = new HashSet<>();
        for (ClusterSight.PeerAnswer answer : sight.peers()) {
            answer.silentSince().ifPresent(_ -> silent.add(answer.peer()));
            seen.addPeer(answer);
        }
        for (CellKey key : sight.keys()) {
            sight.cell(key).ifPresentOrElse(seen::addCell, () -> seen.addUnknown(key));
        }
        seen.withoutAnswer.forEach((node, cells) -> {
            if (silent.contains(node)) {
                seen.unknown.add(httpsOf(node).id());
            } else {
                seen.addWithoutAnswer(node, cells);
            }
        });
        return new Survey(seen.conditions, seen.unknown);
    }

    private void addPeer(ClusterSight.PeerAnswer answer) {
        Subject subject = new Subject(AlertKind.SILENT, answer.peer(), Optional.empty(), "");
        if (answer.asked().isEmpty()) {
            unknown.add(subject.id());
        } else if (answer.silentSince().isPresent()) {
            String text = answer.peer() + " has not answered " + self + " on its port for challenges since "
                    + answer.silentSince().get().truncatedTo(ChronoUnit.SECONDS)
                    + ". Start the server, its web server or its Ringcert daemon, or check"
                    + " the firewall. If it is gone for good, take it out of the configuration on all servers.";
            conditions.add(new Condition(subject, text, STARTING, answer.asked().get()));
        }
    }

    private void addUnknown(CellKey key) {
        unknown.add(subject(key).id());
        unknown.add(httpsOf(key.node()).id());
    }

    private void addCell(Cell cell) {
        Optional<Flaw> flaw = cell.flaws().stream().filter(this::needsPerson).findFirst();
        if (flaw.isEmpty()) {
            return;
        }
        switch (flaw.get().kind()) {
            case UNREACHABLE, REFUSED -> {
                // A server that is restarted brings an earlier problem of the site back.
                unknown.add(subject(cell.key()).id());
                withoutAnswer
                        .computeIfAbsent(cell.key().node(), _ -> new ArrayList<>())
                        .add(cell);
            }
            default -> {
                if (!isReportedByStatus(cell, flaw.get())) {
                    conditions.add(condition(cell, flaw.get()));
                }
            }
        }
    }

    private boolean needsPerson(Flaw flaw) {
        return flaw.severity() == Flaw.Severity.FAILURE || WARNINGS.contains(flaw.kind());
    }

    /** A certificate that is older than the one on disk, or not for the site, is not what the status is about. */
    private boolean isReportedByStatus(Cell cell, Flaw worst) {
        CellKey key = cell.key();
        if (!key.node().equals(self)) {
            return false;
        }
        if (worst.kind() == Flaw.Kind.OLDER_THAN_ON_DISK) {
            return hasOwn(AlertKind.DEPLOYMENT, key);
        }
        return hasOwn(AlertKind.CERTIFICATE, key)
                && cell.flaws().stream()
                        .filter(this::needsPerson)
                        .allMatch(flaw -> OF_CERTIFICATE.contains(flaw.kind()));
    }

    /** The first certificate of a site has no kind in its name, whichever it is. */
    private boolean hasOwn(AlertKind kind, CellKey key) {
        Subject first =
                new Subject(kind, self, Optional.of(key.site()), key.site().value());
        Subject second =
                new Subject(kind, self, Optional.of(key.site()), subject(key).part());
        return ownIds.contains(first.id()) || ownIds.contains(second.id());
    }

    private Condition condition(Cell cell, Flaw flaw) {
        CellKey key = cell.key();
        String kind = key.kind().map(algorithm -> " (" + algorithm + ")").orElse("");
        String text =
                "Visitors of " + key.site() + kind + " at " + key.node() + ": " + flaw.text() + ". " + flaw.remedy();
        return new Condition(subject(key), text, grace(key, flaw), cell.seen());
    }

    private Duration grace(CellKey key, Flaw flaw) {
        boolean isOwn = key.node().equals(self);
        return switch (flaw.kind()) {
            case SELF_SIGNED, WRONG_NAME -> isOwn && !hasOwn(AlertKind.CERTIFICATE, key) ? OWN : STARTING;
            default -> isOwn ? OWN : PEER;
        };
    }

    private void addWithoutAnswer(HostName node, List<Cell> cells) {
        Flaw flaw = cells.getFirst().flaws().getFirst();
        String sites = cells.stream()
                .map(cell -> cell.key().site().value())
                .distinct()
                .limit(MAX_SITES)
                .collect(Collectors.joining(", "));
        long more = cells.stream().map(cell -> cell.key().site()).distinct().count() - MAX_SITES;
        String text = "The https of " + node + " does not answer for " + sites
                + (more > 0 ? " and " + more + " more" : "") + ": " + flaw.text() + ". " + flaw.remedy();
        Instant seen = cells.stream().map(Cell::seen).max(Instant::compareTo).orElseThrow();
        conditions.add(new Condition(httpsOf(node), text, node.equals(self) ? OWN : STARTING, seen));
    }

    private static Subject subject(CellKey key) {
        String kind = key.kind()
                .map(algorithm -> "+" + algorithm.name().toLowerCase(Locale.ROOT))
                .orElse("");
        return new Subject(AlertKind.VISITORS, key.node(), Optional.of(key.site()), key.site() + kind);
    }

    private static Subject httpsOf(HostName node) {
        return new Subject(AlertKind.VISITORS, node, Optional.empty(), "");
    }
}
