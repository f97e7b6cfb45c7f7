package org.ringcert.daemon.admin.page;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.admin.page.ClusterSnapshot.RingNode;
import org.ringcert.daemon.admin.page.ClusterSnapshot.Row;
import org.ringcert.daemon.status.CertificateStatus;
import org.ringcert.daemon.status.Health;
import org.ringcert.daemon.status.StatusParagraphs;
import org.ringcert.store.CertificateName;

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
        List<Column> columns,
        String count,
        List<RowView> rows,
        Paging paging) {

    private static final int MAX_ROOMY_COLUMNS = 6;
    private static final int ROWS_PER_PAGE = 100;

    /** A server. */
    public record Column(String label, String name, boolean isSelf) {}

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

    private record JudgedRow(Row row, Level level) {}

    /** @param page counted from 1; a number that is too high or too low leads to the nearest page */
    static OverviewView of(ClusterSnapshot cluster, MatrixFilter filter, int page) {
        Set<CertificateName> troubled = troubled(cluster);
        List<JudgedRow> rows = cluster.rows().stream()
                .map(row -> new JudgedRow(row, level(row, cluster.ring(), troubled)))
                .filter(judged -> filter.accepts(judged.row, judged.level))
                .sorted(Comparator.comparing(JudgedRow::level))
                .toList();
        int pages = Math.max(1, (rows.size() + ROWS_PER_PAGE - 1) / ROWS_PER_PAGE);
        int shown = Math.clamp(page, 1, pages);
        StatusParagraphs paragraphs = StatusParagraphs.of(cluster.status());
        Verdict verdict = Verdict.of(cluster);
        return new OverviewView(
                PageHead.of(verdict.words() + " – " + cluster.status().self(), cluster),
                verdict,
                paragraphs.problems(),
                paragraphs.notes(),
                RingDrawing.of(cluster),
                filter,
                cluster.ring().size() <= MAX_ROOMY_COLUMNS,
                columns(cluster),
                count(rows.size(), cluster.rows().size()),
                rows.stream()
                        .skip((shown - 1L) * ROWS_PER_PAGE)
                        .limit(ROWS_PER_PAGE)
                        .map(judged -> row(judged.row, cluster, troubled))
                        .toList(),
                new Paging(shown, pages, filter.url(shown - 1), filter.url(shown + 1)));
    }

    private static Set<CertificateName> troubled(ClusterSnapshot cluster) {
        Set<CertificateName> names = new HashSet<>();
        cluster.status().certificates().stream()
                .filter(certificate -> certificate.health() == Health.PROBLEM)
                .map(CertificateStatus::name)
                .forEach(names::add);
        return names;
    }

    private static Level level(Row row, List<RingNode> ring, Set<CertificateName> troubled) {
        return ring.stream()
                .map(node -> Level.of(Optional.ofNullable(row.cells().get(node.name()))))
                .reduce(troubled.contains(row.name()) ? Level.WARNING : Level.GOOD, Level::worse);
    }

    private static List<Column> columns(ClusterSnapshot cluster) {
        List<HostName> names = cluster.ring().stream().map(RingNode::name).toList();
        NodeLabels labels = NodeLabels.of(names);
        return IntStream.range(0, names.size())
                .mapToObj(i -> new Column(
                        labels.label(i),
                        names.get(i).value(),
                        names.get(i).equals(cluster.status().self())))
                .toList();
    }

    private static RowView row(Row row, ClusterSnapshot cluster, Set<CertificateName> troubled) {
        List<RingNode> ring = cluster.ring();
        return new RowView(
                row.name().toString(),
                row.site().name().value(),
                troubled.contains(row.name()),
                IntStream.range(0, ring.size())
                        .mapToObj(i -> CellView.of(
                                i,
                                Optional.ofNullable(row.cells().get(ring.get(i).name())),
                                cluster.now()))
                        .toList());
    }

    private static String count(int shown, int all) {
        if (all == 0) {
            return "The configuration has no site.";
        }
        if (shown == 0) {
            return "None of the " + Verdict.count(all, "certificate") + " matches.";
        }
        return shown == all ? Verdict.count(all, "certificate") : shown + " of " + Verdict.count(all, "certificate");
    }
}
