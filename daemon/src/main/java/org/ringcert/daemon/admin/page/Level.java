package org.ringcert.daemon.admin.page;

import java.time.Instant;
import java.util.Optional;
import org.ringcert.daemon.status.CellVerdict;
import org.ringcert.view.visitor.Cell;

/** How much something needs a person, the worst first. */
public enum Level {
    FAILURE("bad", "✕ "),
    WARNING("warn", "▲ "),

    /** Nobody has looked yet. */
    UNKNOWN("none", ""),
    GOOD("ok", "");

    private final String css;
    private final String mark;

    Level(String css, String mark) {
        this.css = css;
        this.mark = mark;
    }

    /** Returns the name of its class in the style sheet. */
    public String css() {
        return css;
    }

    /** Returns what tells it from the others without colours, before a text; empty if nothing is wrong. */
    public String mark() {
        return mark;
    }

    static Level of(Optional<Cell> cell, Instant now) {
        // Nearly all of thousands of cells are good, which is quickly seen.
        return cell.isEmpty() ? UNKNOWN : isPlainlyGood(cell.get(), now) ? GOOD : of(CellVerdict.of(cell.get(), now));
    }

    private static boolean isPlainlyGood(Cell cell, Instant now) {
        return cell.flaws().isEmpty()
                && cell.certificate().isPresent()
                && now.isBefore(cell.certificate().get().notAfter());
    }

    private static Level of(CellVerdict verdict) {
        return switch (verdict) {
            case FAILURE -> FAILURE;
            case WARNING -> WARNING;
            case GOOD -> GOOD;
        };
    }

    Level worse(Level other) {
        return compareTo(other) < 0 ? this : other;
    }
}
