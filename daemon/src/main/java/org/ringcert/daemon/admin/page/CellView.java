package org.ringcert.daemon.admin.page;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.daemon.status.CellVerdict;
import org.ringcert.daemon.status.CellWords;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.Flaw;
import org.ringcert.view.visitor.ServedCertificate;

/**
 * A cell of the matrix, in words.
 *
 * @param column the index of its server in the ring, which is also its anchor on the site's page
 * @param text a mark if something is wrong, and a word or two
 * @param detail what else is worth knowing; empty if nothing is
 * @param age how long ago it was seen; empty if nobody has looked yet
 */
public record CellView(int column, Level level, String text, String detail, String age) {

    static CellView of(int column, Optional<Cell> cell, Instant now) {
        return cell.map(it -> {
                    Level level = Level.of(cell, now);
                    return new CellView(
                            column, level, level.mark() + brief(it, now), detail(it, now), Ages.of(it.seen(), now));
                })
                .orElseGet(() -> new CellView(column, Level.UNKNOWN, CellWords.NOT_SEEN, "not looked at yet", ""));
    }

    /** Returns the detail and the age, where they are not shown apart. */
    public String title() {
        return Stream.of(detail, age).filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
    }

    /** Returns the words for the cell. The page has a mark of its own for warnings. */
    private static String brief(Cell cell, Instant now) {
        String brief = CellWords.brief(cell, now);
        return brief.endsWith(CellWords.WARNING_MARK)
                ? brief.substring(0, brief.length() - CellWords.WARNING_MARK.length())
                : brief;
    }

    private static String detail(Cell cell, Instant now) {
        return CellVerdict.flaws(cell, now).stream()
                .findFirst()
                .map(Flaw::text)
                .or(() -> cell.certificate().map(ServedCertificate::issuer))
                .orElse("");
    }
}
