package org.ringcert.daemon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * One table of the file. Its readers give what is there and right; what is wrong becomes a mistake and reads as absent,
 * so that reading goes on and finds the rest. Keys that the table does not have are found when it is made.
 */
final class TableReader {

    private final TableSchema table;
    private final TomlTable toml;
    private final TomlPosition at;
    private final Findings mistakes;

    TableReader(TableSchema table, TomlTable toml, TomlPosition at, Findings mistakes) {
        this.table = table;
        this.toml = toml;
        this.at = at;
        this.mistakes = mistakes;
        for (String key : toml.keySet()) {
            if (table.key(key).isEmpty()) {
                mistakes.add(
                        position(key),
                        "unknown key `" + Findings.quoted(key) + "` in " + table.header() + "; "
                                + Suggestions.forKey(table, key));
            }
        }
    }

    /** Where the table begins. */
    TomlPosition at() {
        return at;
    }

    /** Where that key stands. */
    TomlPosition at(String key) {
        return position(key);
    }

    Findings mistakes() {
        return mistakes;
    }

    /** Whether the key is there, right or wrong. */
    boolean has(String key) {
        return toml.contains(List.of(key));
    }

    /** Whether the key is an array with nothing in it. */
    boolean isEmptyArray(String key) {
        return toml.get(List.of(key)) instanceof TomlArray array && array.isEmpty();
    }

    /** Reports that a key is not there; {@code right} says what to write. */
    void missing(String key, String right) {
        mistakes.add(at, "`" + key + "` is missing in " + table.header() + "; " + right);
    }

    Optional<Located<Long>> integer(String key) {
        return typed(key, Long.class);
    }

    Optional<Located<Boolean>> flag(String key) {
        return typed(key, Boolean.class);
    }

    /** A string, read further by {@code reader}, which says by an IllegalArgumentException what is wrong with it. */
    <T> Optional<Located<T>> string(String key, Function<String, T> reader) {
        return typed(key, String.class).flatMap(text -> read(key, text.value(), text.at(), reader));
    }

    /** An array of strings, each read further as by {@link #string}; those that are wrong are left out. */
    <T> Optional<Located<List<Located<T>>>> strings(String key, Function<String, T> reader) {
        return typed(key, TomlArray.class).map(array -> {
            List<Located<T>> values = new ArrayList<>();
            for (int i = 0; i < array.value().size(); i++) {
                TomlPosition place = array.value().inputPositionOf(i);
                if (array.value().get(i) instanceof String text) {
                    read(key, text, place, reader).ifPresent(values::add);
                } else {
                    wrongType(key, place, "holds " + typeOf(array.value().get(i)));
                }
            }
            return new Located<>(List.copyOf(values), array.at());
        });
    }

    private <T> Optional<Located<T>> read(String key, String text, TomlPosition place, Function<String, T> reader) {
        try {
            return Optional.of(new Located<>(reader.apply(text), place));
        } catch (IllegalArgumentException e) {
            mistakes.add(place, "`" + key + "`, \"" + Findings.quoted(text) + "\": " + Findings.reason(e));
            return Optional.empty();
        }
    }

    private <T> Optional<Located<T>> typed(String key, Class<T> type) {
        if (!has(key)) {
            return Optional.empty();
        }
        Object value = toml.get(List.of(key));
        if (type.isInstance(value)) {
            return Optional.of(new Located<>(type.cast(value), position(key)));
        }
        wrongType(key, position(key), "is " + typeOf(value));
        return Optional.empty();
    }

    private void wrongType(String key, TomlPosition place, String what) {
        TableSchema.Key wanted = table.key(key).orElseThrow();
        mistakes.add(
                place,
                "`" + key + "` " + what + ", but must be " + wanted.type().words() + ", such as " + wanted.line());
    }

    private TomlPosition position(String key) {
        return positionOf(toml, key);
    }

    static TomlPosition positionOf(TomlTable table, String key) {
        TomlPosition position = table.inputPositionOf(List.of(key));
        return position == null ? TomlPosition.positionAt(1, 1) : position;
    }

    /** The type of a TOML value, in words. */
    static String typeOf(Object value) {
        return switch (value) {
            case String _ -> "a string";
            case Long _ -> "an integer";
            case Double _ -> "a floating-point number";
            case Boolean _ -> "a boolean";
            case TomlArray _ -> "an array";
            case TomlTable _ -> "a table";
            default -> "a date or time";
        };
    }
}
