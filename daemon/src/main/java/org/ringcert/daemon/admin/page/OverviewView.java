package org.ringcert.daemon.admin.page;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.status.CertificateStatus;
import org.ringcert.daemon.status.Health;
import org.ringcert.daemon.status.MatrixRow;
import org.ringcert.daemon.status.StatusParagraphs;
import org.ringcert.store.CertificateName;
import org.ringcert.view.visitor.Cell;

/**
 * The page of the whole cluster.
 *
 * @param problems what this server needs, as {@code ringcert status} says it
 * @param notes what else {@code ringcert status} says
 * @param isRoomy whether there are so few servers that cells have room for details
 * @param count how many rows there are, in words
 */
public record OverviewView(
        PageHead head,
        Verdict verdict,
        List<String> problems,
        List<String> notes,
        RingDrawing ring,
        MatrixFilter filter,
        boolean isRoomy,
        List<ServerView> servers,
        String count,
        List<RowView> rows,
        Paging paging) {

    private static final int MAX_ROOMY_COLUMNS = 6;
    private static final int MAX_ROWS_PER_PAGE = 100;

    /** So many cells can be rendered within 200 ms by a daemon that has just started. */
    private static final int CELLS_PER_PAGE = 1500;

    /**
     * A certificate.
     *
     * @param hasProblem whether this server's store has a problem with it
     */
    public record RowView(String name, String site, boolean hasProblem, List<CellView> cells) {}

    /**
     * Which page of the rows this is.
     *
     * @param page counted from 1
     * @param previous where the page before this one is
     * @param next where the page after this one is
     */
    public record Paging(int page, int pages, String previous, String next) {}

    private record JudgedRow(MatrixRow row, Level level) {}

    /** @param page counted from 1; a number that is too high or too low leads to the nearest page */
    static OverviewView of(ClusterSnapshot cluster, MatrixFilter filter, int page) {
        Set<CertificateName> troubled = troubled(cluster);
        Levels levels = Levels.of(cluster.matrix(), cluster.now());
        List<JudgedRow> rows = IntStream.range(0, cluster.matrix().rows().size())
                .mapToObj(i ->
                        judged(cluster.matrix().rows().get(i), levels.rows().get(i), troubled))
                .filter(judged -> filter.accepts(judged.row, cells(judged.row, cluster), judged.level))
                .sorted(Comparator.comparing(JudgedRow::level))
                .toList();
        int rowsPerPage = rowsPerPage(cluster.matrix().nodes().size());
        int pages = Math.max(1, Math.ceilDiv(rows.size(), rowsPerPage));
        int shown = Math.clamp(page, 1, pages);
        List<ServerView> servers = ServerView.all(cluster, levels);
        StatusParagraphs paragraphs = StatusParagraphs.of(cluster.status());
        Verdict verdict = Verdict.of(cluster, servers);
        return new OverviewView(
                PageHead.of(verdict.words() + " – " + cluster.self(), cluster),
                verdict,
                paragraphs.problems(),
                paragraphs.notes(),
                RingDrawing.of(servers),
                filter,
                servers.size() <= MAX_ROOMY_COLUMNS,
                servers,
                count(rows.size(), cluster.matrix().rows().size()),
                rows.stream()
                        .skip((shown - 1L) * rowsPerPage)
                        .limit(rowsPerPage)
                        .map(judged -> row(judged.row, cluster, troubled))
                        .toList(),
                new Paging(shown, pages, filter.url(shown - 1), filter.url(shown + 1)));
    }

    private static int rowsPerPage(int nodes) {
        return Math.min(MAX_ROWS_PER_PAGE, Math.ceilDiv(CELLS_PER_PAGE, nodes));
    }

    private static Set<CertificateName> troubled(ClusterSnapshot cluster) {
        return cluster.status().certificates().stream()
                .filter(certificate -> certificate.health() == Health.PROBLEM)
                .map(CertificateStatus::name)
                .collect(Collectors.toSet());
    }

    /** Judges a row. What this server's store has against it is said above the matrix. */
    private static JudgedRow judged(MatrixRow row, Level seen, Set<CertificateName> troubled) {
        return new JudgedRow(row, troubled.contains(row.certificate()) ? seen.worse(Level.WARNING) : seen);
    }

    private static Stream<Cell> cells(MatrixRow row, ClusterSnapshot cluster) {
        return cluster.matrix().nodes().stream().flatMap(node -> cluster.matrix().cell(row, node).stream());
    }

    private static RowView row(MatrixRow row, ClusterSnapshot cluster, Set<CertificateName> troubled) {
        List<HostName> nodes = cluster.matrix().nodes();
        return new RowView(
                row.certificate().toString(),
                row.site().name().value(),
                troubled.contains(row.certificate()),
                IntStream.range(0, nodes.size())
                        .mapToObj(i -> CellView.of(i, cluster.matrix().cell(row, nodes.get(i)), cluster.now()))
                        .toList());
    }

    private static String count(int shown, int all) {
        if (all == 0) {
            return "The configuration has no site.";
        }
        if (shown == 0) {
            return "None of the " + Verdict.count(all, "certificate") + " matches.";
        }
        return shown == all
                ? Verdict.count(all, "certificate")
                : String.format(Locale.ROOT, "%,d of ", shown) + Verdict.count(all, "certificate");
    }
}
