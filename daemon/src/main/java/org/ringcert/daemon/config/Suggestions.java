package org.ringcert.daemon.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Guesses what was meant by an unknown word. */
final class Suggestions {

    /** What other ACME programs call keys that are not similar. */
    private static final Map<String, String> FOREIGN_KEYS = Map.of(
            "preferred-chain", "chain",
            "key-type", "keys",
            "email", "contact",
            "server", "directory",
            "domains", "names");

    private Suggestions() {}

    /** Returns what to write instead of a key that the table does not have. */
    static String forKey(TableSchema table, String written) {
        List<String> here = table.keys().stream().map(TableSchema.Key::name).toList();
        List<? extends TableSchema> tables = table.tablesOfFile();
        Optional<String> typo = nearest(written, here);
        if (typo.isPresent() && distance(written, typo.get()) == 1) {
            return "did you mean `" + typo.get() + "`?";
        }
        Optional<String> foreign = Optional.ofNullable(
                FOREIGN_KEYS.get(written.toLowerCase(Locale.ROOT).replace('_', '-')));
        return otherTables(tables, written)
                .or(() -> foreign.filter(here::contains).or(() -> typo).map(key -> "did you mean `" + key + "`?"))
                .or(() -> foreign.flatMap(key -> otherTables(tables, key)))
                .orElseGet(() -> table.header() + " has " + list(here));
    }

    /**
     * Returns what to write instead of an unknown table, or of a key outside of all tables.
     *
     * @param tables those that the file may have
     */
    static String forTable(List<? extends TableSchema> tables, String written) {
        return otherTables(tables, written)
                .or(() -> nearest(
                                written, tables.stream().map(TableSchema::label).toList())
                        .flatMap(label -> tables.stream()
                                .filter(table -> table.label().equals(label))
                                .findFirst())
                        .map(table -> "did you mean " + table.header() + "?"))
                .orElseGet(() -> "the file has "
                        + tables.stream().map(TableSchema::header).collect(Collectors.joining(", ")));
    }

    /** Returns what to write instead of a value that is not one of these words. */
    static String forValue(String written, Collection<String> words) {
        return "not one of " + String.join(", ", words)
                + nearest(written, words)
                        .map(word -> "; did you mean \"" + word + "\"?")
                        .orElse("");
    }

    private static Optional<String> otherTables(List<? extends TableSchema> tables, String written) {
        String headers = tables.stream()
                .filter(table -> table.key(written).isPresent())
                .map(TableSchema::header)
                .collect(Collectors.joining(" or "));
        return headers.isEmpty() ? Optional.empty() : Optional.of("`" + written + "` belongs in " + headers);
    }

    private static String list(List<String> keys) {
        return keys.stream().map(key -> "`" + key + "`").collect(Collectors.joining(", "));
    }

    /**
     * Returns the word that is spelled most like what was written; empty if none is spelled much like it, or if several
     * are as like it.
     */
    static Optional<String> onlyNearest(String written, Collection<String> words) {
        return nearest(written, words)
                .filter(word -> words.stream()
                        .noneMatch(
                                other -> !other.equals(word) && distance(written, other) == distance(written, word)));
    }

    private static Optional<String> nearest(String written, Collection<String> words) {
        return words.stream()
                .filter(word -> distance(written, word) <= Math.max(1, word.length() / 3))
                .min(Comparator.comparingInt(word -> distance(written, word)));
    }

    /**
     * Returns the number of edits from one word to the other: insert, delete, replace, swap two neighbours. Ignores
     * case and takes {@code _} for {@code -}.
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
