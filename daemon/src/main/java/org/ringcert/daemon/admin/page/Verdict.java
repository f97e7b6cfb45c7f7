package org.ringcert.daemon.admin.page;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.admin.page.ClusterSnapshot.Port80;
import org.ringcert.daemon.status.Health;
import org.ringcert.daemon.status.StatusParagraphs;
import org.ringcert.view.visitor.Cell;

/**
 * The state of the whole cluster in words.
 *
 * @param words a short sentence without a full stop
 * @param details more sentences
 */
public record Verdict(Level level, String words, List<String> details) {

    /** From this age on, the reader is told that the store has not been read since. */
    private static final Duration OLD_STATUS = Duration.ofSeconds(10);

    public Verdict {
        details = List.copyOf(details);
    }

    /** @param servers what is known about each server */
    static Verdict of(ClusterSnapshot cluster, List<ServerView> servers) {
        CellCounts counts = servers.stream().map(ServerView::counts).reduce(CellCounts.NONE, CellCounts::plus);
        List<String> details = new ArrayList<>();
        if (!cluster.matrix().rows().isEmpty()) {
            details.add(count(cluster.matrix().rows().size(), "certificate") + " at " + count(servers.size(), "server")
                    + ": " + counts.words() + ".");
        }
        ages(cluster).ifPresent(details::add);
        long failing = servers.stream().filter(it -> it.counts().failing() > 0).count();
        long silent = cluster.ring().stream()
                .filter(node -> node.port80() == Port80.SILENT)
                .count();
        if (failing > 0) {
            return new Verdict(Level.FAILURE, "Visitors see errors at " + count(failing, "server"), details);
        }
        if (cluster.status().health() == Health.PROBLEM) {
            int problems = StatusParagraphs.of(cluster.status()).problems().size();
            return new Verdict(Level.FAILURE, count(problems, "problem") + " on this server", details);
        }
        if (silent > 0) {
            String words = count(silent, "server") + (silent == 1 ? " is" : " are") + " silent on port 80";
            return new Verdict(Level.WARNING, words, details);
        }
        if (counts.warnings() > 0) {
            return new Verdict(Level.WARNING, "Good, with " + count(counts.warnings(), "warning"), details);
        }
        if (counts.unknown() > 0 && counts.good() == 0) {
            return new Verdict(Level.UNKNOWN, "The first look at the servers is under way", details);
        }
        return counts.unknown() > 0
                ? new Verdict(Level.UNKNOWN, "Good so far", details)
                : new Verdict(Level.GOOD, "All is well", details);
    }

    /** Returns the age of the oldest looks, so that a reader knows how much the page is worth. */
    private static Optional<String> ages(ClusterSnapshot cluster) {
        Optional<String> own = oldest(cluster, cluster.self()::equals);
        Optional<String> peers = oldest(cluster, node -> !node.equals(cluster.self()));
        List<String> parts = new ArrayList<>();
        own.ifPresent(age -> parts.add("this server, " + age));
        peers.ifPresent(age -> parts.add("a peer, " + age));
        if (Duration.between(cluster.statusRead(), cluster.now()).compareTo(OLD_STATUS) >= 0) {
            parts.add("this server's files, " + Ages.of(cluster.statusRead(), cluster.now()));
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of("Oldest looks: " + String.join("; ", parts) + ".");
    }

    private static Optional<String> oldest(ClusterSnapshot cluster, Predicate<HostName> nodes) {
        return cluster.matrix().nodes().stream()
                .filter(nodes)
                .flatMap(cluster.matrix()::cells)
                .map(Cell::seen)
                .min(Instant::compareTo)
                .map(seen -> Ages.of(seen, cluster.now()));
    }

    /** Returns {@code 1 server}, {@code 1,000 servers}. */
    static String count(long number, String noun) {
        return String.format(Locale.ROOT, "%,d", number) + " " + noun + (number == 1 ? "" : "s");
    }
}
