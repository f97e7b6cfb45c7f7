package org.ringcert.daemon.admin.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How many cells of the matrix have which level. */
record CellCounts(int good, int warnings, int failing, int unknown) {

    static final CellCounts NONE = new CellCounts(0, 0, 0, 0);

    CellCounts plus(Level level) {
        return switch (level) {
            case GOOD -> new CellCounts(good + 1, warnings, failing, unknown);
            case WARNING -> new CellCounts(good, warnings + 1, failing, unknown);
            case FAILURE -> new CellCounts(good, warnings, failing + 1, unknown);
            case UNKNOWN -> new CellCounts(good, warnings, failing, unknown + 1);
        };
    }

    CellCounts plus(CellCounts other) {
        return new CellCounts(
                good + other.good, warnings + other.warnings, failing + other.failing, unknown + other.unknown);
    }

    /** Returns {@code 4 failing, 1 with a warning, 12 good}, without what there is none of. */
    String words() {
        List<String> parts = new ArrayList<>();
        add(parts, failing, "failing");
        add(parts, warnings, warnings == 1 ? "with a warning" : "with warnings");
        add(parts, unknown, "not looked at yet");
        add(parts, good, "good");
        return String.join(", ", parts);
    }

    Level worst() {
        if (failing > 0) {
            return Level.FAILURE;
        }
        if (warnings > 0) {
            return Level.WARNING;
        }
        return unknown > 0 ? Level.UNKNOWN : Level.GOOD;
    }

    private static void add(List<String> parts, int number, String what) {
        if (number > 0) {
            parts.add(String.format(Locale.ROOT, "%,d ", number) + what);
        }
    }
}
