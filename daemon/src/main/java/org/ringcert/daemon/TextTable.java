package org.ringcert.daemon;

import java.util.List;

/** Formats text as a table whose columns are as wide as their longest cell. */
public final class TextTable {

    private static final int GAP = 2;

    private TextTable() {}

    /** Returns a line for each row. All rows have as many cells as the first. */
    public static String of(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + GAP));
            }
            text.append(line.toString().stripTrailing()).append("\n");
        }
        return text.toString();
    }
}
