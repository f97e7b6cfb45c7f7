package org.ringcert.daemon.admin.page;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.ringcert.daemon.admin.page.ClusterSnapshot.Port80;
import org.ringcert.daemon.admin.page.ClusterSnapshot.RingNode;
import org.ringcert.daemon.admin.page.ClusterSnapshot.Row;
import org.ringcert.daemon.status.Health;
import org.ringcert.view.visitor.Cell;

/**
 * The state of the whole cluster in words.
 *
 * @param words a short sentence without a full stop
 * @param details more sentences
 */
public record Verdict(Level level, String words, List<String> details) {

    public Verdict {
        details = List.copyOf(details);
    }

    static Verdict of(ClusterSnapshot cluster) {
        Counts counts = Counts.of(cluster);
        Level level = level(cluster, counts);
        return new Verdict(level, words(cluster, counts), details(cluster, counts));
    }

    private static Level level(ClusterSnapshot cluster, Counts counts) {
        if (counts.bad > 0 || cluster.status().health() == Health.PROBLEM) {
            return Level.BAD;
        }
        if (counts.silent > 0 || counts.warnings > 0) {
            return Level.WARNING;
        }
        return counts.unknown > 0 ? Level.UNKNOWN : Level.GOOD;
    }

    private static String words(ClusterSnapshot cluster, Counts counts) {
        if (counts.bad > 0) {
            return "Visitors see errors at " + count(counts.badServers, "server");
        }
        if (cluster.status().health() == Health.PROBLEM) {
            return "This server needs a person";
        }
        if (counts.silent > 0) {
            return count(counts.silent, "server") + (counts.silent == 1 ? " is" : " are") + " silent on port 80";
        }
        if (counts.warnings > 0) {
            return "Good, with " + count(counts.warnings, "warning");
        }
        return counts.unknown > 0 ? "Good so far" : "All is well";
    }

    private static List<String> details(ClusterSnapshot cluster, Counts counts) {
        List<String> details = new ArrayList<>();
        List<String> parts = new ArrayList<>();
        add(parts, counts.good, "good");
        add(parts, counts.warnings, counts.warnings == 1 ? "with a warning" : "with warnings");
        add(parts, counts.bad, "failing");
        add(parts, counts.unknown, "not looked at yet");
        details.add(count(cluster.rows().size(), "certificate") + " at "
                + count(cluster.ring().size(), "server") + ": " + String.join(", ", parts) + ".");
        latest(cluster).ifPresent(text -> details.add(text));
        return details;
    }

    /** Returns the age of the oldest looks, so that a reader knows how much the page is worth. */
    private static Optional<String> latest(ClusterSnapshot cluster) {
        List<Cell> all = cluster.rows().stream()
                .map(Row::cells)
                .flatMap(cells -> cells.values().stream())
                .toList();
        return oldest(all.stream().filter(cell -> isOwn(cluster, cell)).toList(), cluster)
                .map(own -> "The oldest look at this server was " + own
                        + oldest(
                                        all.stream()
                                                .filter(cell -> !isOwn(cluster, cell))
                                                .toList(),
                                        cluster)
                                .map(peer -> ", at a peer " + peer)
                                .orElse("")
                        + ".");
    }

    private static boolean isOwn(ClusterSnapshot cluster, Cell cell) {
        return cell.key().node().equals(cluster.status().self());
    }

    private static Optional<String> oldest(Collection<Cell> cells, ClusterSnapshot cluster) {
        return cells.stream()
                .map(Cell::seen)
                .min(java.time.Instant::compareTo)
                .map(seen -> Ages.ago(seen, cluster.now()));
    }

    private static void add(List<String> parts, long number, String what) {
        if (number > 0) {
            parts.add(number + " " + what);
        }
    }

    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private record Counts(long good, long warnings, long bad, long unknown, long badServers, long silent) {

        static Counts of(ClusterSnapshot cluster) {
            long good = 0;
            long warnings = 0;
            long bad = 0;
            long unknown = 0;
            long badServers = 0;
            for (RingNode node : cluster.ring()) {
                long before = bad;
                for (Row row : cluster.rows()) {
                    switch (Level.of(Optional.ofNullable(row.cells().get(node.name())))) {
                        case GOOD -> good++;
                        case WARNING -> warnings++;
                        case BAD -> bad++;
                        case UNKNOWN -> unknown++;
                    }
                }
                badServers += bad > before ? 1 : 0;
            }
            long silent = cluster.ring().stream()
                    .filter(node -> node.port80() == Port80.SILENT)
                    .count();
            return new Counts(good, warnings, bad, unknown, badServers, silent);
        }
    }
}
