package org.ringcert.daemon.admin.page;

import java.util.Optional;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.Flaw;

/** How much something needs a person, the worst first. */
public enum Level {
    BAD("bad"),
    WARNING("warn"),
    UNKNOWN("none"),
    GOOD("ok");

    private final String css;

    Level(String css) {
        this.css = css;
    }

    /** Returns the name of its class in the style sheet. */
    public String css() {
        return css;
    }

    static Level of(Optional<Cell> cell) {
        return cell.map(it -> it.worst().map(Level::of).orElse(GOOD)).orElse(UNKNOWN);
    }

    private static Level of(Flaw.Severity severity) {
        return switch (severity) {
            case FAILURE -> BAD;
            case WARNING -> WARNING;
        };
    }

    Level worse(Level other) {
        return compareTo(other) < 0 ? this : other;
    }
}
