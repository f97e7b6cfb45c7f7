package org.ringcert.daemon;

import java.util.List;

/** Text in columns as wide as what stands in them. */
public final class TextTable {

    private TextTable() {}

    /** The rows, each with as many cells as the first. */
    public static String of(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        int count = rows.getFirst().size();
        int[] widths = new int[count];
        for (List<String> row : rows) {
            for (int i = 0; i < count; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < count; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            text.append(line.toString().stripTrailing()).append("\n");
        }
        return text.toString();
    }
}
