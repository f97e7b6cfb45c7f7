package org.ringcert.daemon.admin.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.ringcert.cluster.PrintableText;
import org.ringcert.daemon.admin.AdminRequest;
import org.ringcert.daemon.status.CellWords;
import org.ringcert.daemon.status.MatrixRow;
import org.ringcert.view.visitor.Cell;

/**
 * Which rows of the matrix are shown.
 *
 * @param text must occur in a name of the site, an issuer, or a flaw; empty for all rows
 */
public record MatrixFilter(String text, boolean onlyProblems) {

    private static final int MAX_CHARACTERS = 100;

    static MatrixFilter of(AdminRequest request) {
        return new MatrixFilter(
                request.parameter("q")
                        .map(text -> PrintableText.of(text, MAX_CHARACTERS).strip())
                        .orElse(""),
                request.parameter("problems").isPresent());
    }

    /** Whether a row is shown, of which {@code level} is the worst. */
    boolean accepts(MatrixRow row, Stream<Cell> cells, Level level) {
        if (onlyProblems && level != Level.FAILURE && level != Level.WARNING) {
            return false;
        }
        String wanted = text.toLowerCase(Locale.ROOT);
        return wanted.isEmpty()
                || row.certificate().toString().contains(wanted)
                || row.site().names().stream().anyMatch(name -> name.value().contains(wanted))
                || cells.anyMatch(cell -> contains(cell, wanted));
    }

    private static boolean contains(Cell cell, String wanted) {
        return cell.certificate()
                        .filter(certificate ->
                                certificate.issuer().toLowerCase(Locale.ROOT).contains(wanted))
                        .isPresent()
                || cell.flaws().stream()
                        .anyMatch(flaw -> flaw.text().toLowerCase(Locale.ROOT).contains(wanted)
                                || CellWords.brief(flaw.kind()).contains(wanted));
    }

    /** Returns the path and query of a page with this filter. */
    String url(int page) {
        List<String> parameters = new ArrayList<>();
        if (!text.isEmpty()) {
            parameters.add("q=" + URLEncoder.encode(text, StandardCharsets.UTF_8));
        }
        if (onlyProblems) {
            parameters.add("problems=1");
        }
        if (page > 1) {
            parameters.add("page=" + page);
        }
        return parameters.isEmpty() ? "/" : "/?" + String.join("&", parameters);
    }
}
