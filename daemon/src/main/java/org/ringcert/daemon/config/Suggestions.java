package org.ringcert.daemon.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What somebody may have meant who wrote a word that is none of the known ones. */
final class Suggestions {

    private Suggestions() {}

    /** For a key that the table does not have. */
    static String forKey(TableSchema table, String written) {
        List<String> here = table.keys().stream().map(TableSchema.Key::name).toList();
        Optional<String> typo = nearest(written, here);
        if (typo.isPresent() && distance(written, typo.get()) == 1) {
            return "did you mean `" + typo.get() + "`?";
        }
        return elsewhere(written)
                .or(() -> typo.map(key -> "did you mean `" + key + "`?"))
                .orElseGet(() -> table.header() + " has " + listed(here));
    }

    /** For a name that stands outside of all tables, of a table or a key. */
    static String forTable(String written) {
        List<String> tables =
                Arrays.stream(TableSchema.values()).map(TableSchema::label).toList();
        return elsewhere(written)
                .or(() -> nearest(written, tables)
                        .flatMap(TableSchema::labelled)
                        .map(table -> "did you mean " + table.header() + "?"))
                .orElseGet(() -> "the file has "
                        + Arrays.stream(TableSchema.values())
                                .map(TableSchema::header)
                                .collect(Collectors.joining(", ")));
    }

    /** For a value that is none of a few words. */
    static String forValue(String written, Collection<String> words) {
        return "none of " + String.join(", ", words)
                + nearest(written, words)
                        .map(word -> "; did you mean \"" + word + "\"?")
                        .orElse("");
    }

    private static Optional<String> elsewhere(String written) {
        String tables = Arrays.stream(TableSchema.values())
                .filter(table -> table.key(written).isPresent())
                .map(TableSchema::header)
                .collect(Collectors.joining(" or "));
        return tables.isEmpty() ? Optional.empty() : Optional.of("`" + written + "` belongs in " + tables);
    }

    private static String listed(List<String> keys) {
        return keys.stream().map(key -> "`" + key + "`").collect(Collectors.joining(", "));
    }

    private static Optional<String> nearest(String written, Collection<String> words) {
        return words.stream()
                .filter(word -> distance(written, word) <= Math.max(1, word.length() / 3))
                .min(Comparator.comparingInt(word -> distance(written, word)));
    }

    /**
     * Edits (insert, delete, replace, swap of neighbours) from one word to the other, without regard to case and _ for
     * -.
     */
    private static int distance(String written, String word) {
        if (written.length() > 2 * word.length()) {
            return Integer.MAX_VALUE;
        }
        String a = written.toLowerCase(Locale.ROOT).replace('_', '-');
        int[][] edits = new int[a.length() + 1][word.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= word.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                int replaced = edits[i - 1][j - 1] + (a.charAt(i - 1) == word.charAt(j - 1) ? 0 : 1);
                edits[i][j] = Math.min(replaced, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == word.charAt(j - 2) && a.charAt(i - 2) == word.charAt(j - 1)) {
                    edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
                }
            }
        }
        return edits[a.length()][word.length()];
    }
}
