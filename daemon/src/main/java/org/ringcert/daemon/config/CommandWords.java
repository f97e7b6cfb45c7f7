package org.ringcert.daemon.config;

import java.util.List;
import java.util.Optional;

/** Reads commands of the administrator: a program and its arguments, one string each, without a shell. */
final class CommandWords {

    private CommandWords() {}

    /** Returns the command of a key, which may be empty. */
    static Optional<List<String>> read(TableReader table, String key) {
        Optional<LocatedList<String>> words = table.strings(key, CommandWords::word);
        words.flatMap(list -> list.elements().stream().findFirst())
                .filter(program ->
                        program.value().contains("/") && !program.value().startsWith("/"))
                .ifPresent(program -> table.mistake(
                        program.at(),
                        "`" + key + "`, \"" + Findings.quoted(program.value())
                                + "\": write the program's absolute path, or its bare name if it is in the PATH"));
        return words.map(LocatedList::values);
    }

    /** Returns the command of the key {@code run}; empty if it is absent. An empty array is a mistake. */
    static List<String> readRun(Optional<TableReader> table) {
        return readNonEmpty(table, "run");
    }

    /** Returns the command of a key; empty if it is absent. An empty array is a mistake. */
    static List<String> readNonEmpty(Optional<TableReader> table, String key) {
        table.filter(reader -> reader.isEmptyArray(key))
                .ifPresent(reader -> reader.mistake(
                        reader.positionOf(key), "`" + key + "` has no command; leave the key out to run nothing"));
        return table.flatMap(reader -> read(reader, key)).orElse(List.of());
    }

    private static String word(String written) {
        if (written.isEmpty() || written.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a word of a command must not be empty or contain NUL");
        }
        return written;
    }
}
