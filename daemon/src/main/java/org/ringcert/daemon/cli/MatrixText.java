package org.ringcert.daemon.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.status.CellVerdict;
import org.ringcert.daemon.status.CellWords;
import org.ringcert.daemon.status.FlawGroup;
import org.ringcert.daemon.status.MatrixRow;
import org.ringcert.daemon.status.MatrixView;
import org.ringcert.daemon.status.NodeNames;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.Flaw;

/** The matrix for a terminal: certificates by servers, then a paragraph for each flaw. */
final class MatrixText {

    private static final String GAP = "  ";
    private static final String ROW_HEADING = "SITE";

    /** How many names are listed before the others are only counted. */
    private static final int SHOWN_NAMES = 5;

    /** How many paragraphs there are for one kind of flaw before the others are only counted. */
    private static final int SHOWN_PARAGRAPHS = 10;

    private final MatrixView matrix;
    private final Instant now;
    private final Screen screen;
    private final NodeNames names;

    private MatrixText(MatrixView matrix, Instant now, Screen screen) {
        this.matrix = matrix;
        this.now = now;
        this.screen = screen;
        this.names = new NodeNames(matrix.nodes());
    }

    /** Returns the text, ending with a newline. */
    static String of(MatrixView matrix, Instant now, Screen screen) {
        MatrixText text = new MatrixText(matrix, now, screen);
        List<String> lines = new ArrayList<>(text.titledTable());
        lines.addAll(text.paragraphs());
        lines.add("");
        lines.add(text.summary());
        return String.join("\n", lines) + "\n";
    }

    /** Returns the same text for a screen on which it has no room: the summary and the flaws come before the table. */
    static String flawsFirst(MatrixView matrix, Instant now, Screen screen) {
        MatrixText text = new MatrixText(matrix, now, screen);
        List<String> lines = new ArrayList<>(List.of(text.summary()));
        lines.addAll(text.paragraphs());
        lines.add("");
        lines.addAll(text.titledTable());
        return String.join("\n", lines) + "\n";
    }

    private List<String> titledTable() {
        return Stream.concat(Stream.of("What visitors get from each server"), table().stream())
                .toList();
    }

    /** A column: a heading, and a text for each row. */
    private record Column(HostName node, String heading, List<String> texts) {

        int width() {
            return Stream.concat(Stream.of(heading), texts.stream())
                    .mapToInt(String::length)
                    .max()
                    .orElse(0);
        }
    }

    /** Returns the table, in blocks that are not wider than the screen, each after an empty line. */
    private List<String> table() {
        List<Column> columns = matrix.nodes().stream().map(this::column).toList();
        int rowWidth = Stream.concat(
                        Stream.of(ROW_HEADING), matrix.rows().stream().map(MatrixText::name))
                .mapToInt(String::length)
                .max()
                .orElse(0);
        List<String> lines = new ArrayList<>();
        for (List<Column> block : blocks(columns, rowWidth)) {
            lines.add("");
            lines.add(heading(block, rowWidth));
            for (int row = 0; row < matrix.rows().size(); row++) {
                lines.add(line(block, row, rowWidth));
            }
        }
        return lines;
    }

    private Column column(HostName node) {
        List<String> texts = matrix.rows().stream()
                .map(row -> matrix.cell(row, node)
                        .map((Cell cell) -> CellWords.brief(cell, now))
                        .orElse(CellWords.NOT_SEEN))
                .toList();
        return new Column(node, names.brief(node), texts);
    }

    private List<List<Column>> blocks(List<Column> columns, int rowWidth) {
        List<List<Column>> blocks = new ArrayList<>();
        int width = 0;
        for (Column column : columns) {
            int needed = GAP.length() + column.width();
            if (blocks.isEmpty() || width + needed > screen.columns()) {
                blocks.add(new ArrayList<>());
                width = rowWidth;
            }
            blocks.getLast().add(column);
            width += needed;
        }
        return blocks;
    }

    private static String heading(List<Column> block, int rowWidth) {
        StringBuilder line = new StringBuilder(padded(ROW_HEADING, rowWidth));
        block.forEach(column -> line.append(GAP).append(padded(column.heading(), column.width())));
        return line.toString().stripTrailing();
    }

    private String line(List<Column> block, int row, int rowWidth) {
        MatrixRow matrixRow = matrix.rows().get(row);
        StringBuilder line = new StringBuilder(padded(name(matrixRow), rowWidth));
        int pending = 0;
        for (Column column : block) {
            String text = column.texts().get(row);
            line.append(" ".repeat(pending)).append(GAP);
            line.append(
                    colored(text, matrix.cell(matrixRow, column.node()).map((Cell cell) -> CellVerdict.of(cell, now))));
            pending = column.width() - text.length();
        }
        return line.toString();
    }

    private String colored(String text, Optional<CellVerdict> verdict) {
        if (!screen.hasColors() || verdict.isEmpty()) {
            return text;
        }
        int color = switch (verdict.get()) {
            case GOOD -> 32;
            case WARNING -> 33;
            case FAILURE -> 31;
        };
        return "\u001b[" + color + "m" + text + "\u001b[0m";
    }

    private List<String> paragraphs() {
        List<String> lines = new ArrayList<>();
        Map<Flaw.Kind, Integer> counts = new EnumMap<>(Flaw.Kind.class);
        for (FlawGroup group : FlawGroup.of(matrix, now)) {
            int count = counts.merge(group.flaw().kind(), 1, Integer::sum);
            if (count <= SHOWN_PARAGRAPHS) {
                lines.add("");
                lines.add(paragraph(group));
            }
        }
        counts.forEach((kind, count) -> {
            if (count > SHOWN_PARAGRAPHS) {
                lines.add("");
                lines.add("\"" + CellWords.brief(kind) + "\": " + (count - SHOWN_PARAGRAPHS)
                        + " more paragraphs. `--json` has all.");
            }
        });
        return lines;
    }

    private String paragraph(FlawGroup group) {
        CellVerdict verdict =
                group.flaw().severity() == Flaw.Severity.FAILURE ? CellVerdict.FAILURE : CellVerdict.WARNING;
        return colored(CellWords.label(verdict), Optional.of(verdict)) + GAP + rows(group.rows()) + " at "
                + nodes(group.nodes()) + ": " + CellWords.sentence(group.flaw());
    }

    private String rows(List<MatrixRow> rows) {
        return rows.size() > 1 && rows.size() == matrix.rows().size()
                ? "all sites"
                : list(rows.stream().map(MatrixText::name).toList());
    }

    private String nodes(List<HostName> nodes) {
        return nodes.size() > 1 && nodes.size() == matrix.nodes().size()
                ? "all servers"
                : list(nodes.stream().map(HostName::value).toList());
    }

    private static String list(Collection<String> texts) {
        List<String> all = List.copyOf(texts);
        // A single name is no longer than "1 more".
        return all.size() <= SHOWN_NAMES + 1
                ? String.join(", ", all)
                : String.join(", ", all.subList(0, SHOWN_NAMES)) + " and " + (all.size() - SHOWN_NAMES) + " more";
    }

    private String summary() {
        Map<CellVerdict, Integer> counts = new EnumMap<>(CellVerdict.class);
        matrix.cells().values().forEach(cell -> counts.merge(CellVerdict.of(cell, now), 1, Integer::sum));
        int warnings = counts.getOrDefault(CellVerdict.WARNING, 0);
        int failures = counts.getOrDefault(CellVerdict.FAILURE, 0);
        return "%d certificates at %d servers: %d good, %d with a warning%s, %d with a failure"
                .formatted(
                        matrix.rows().size(),
                        matrix.nodes().size(),
                        counts.getOrDefault(CellVerdict.GOOD, 0),
                        warnings,
                        warnings > 0 ? " (" + CellWords.WARNING_MARK + " after the time)" : "",
                        failures);
    }

    private static String name(MatrixRow row) {
        return row.certificate().toString();
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
