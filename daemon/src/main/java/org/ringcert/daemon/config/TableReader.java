package org.ringcert.daemon.config;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * Reads one table of the file. A wrong value is reported as a mistake and then treated as absent, so that reading goes
 * on and finds the other mistakes. The constructor reports the keys that the table must not have.
 */
final class TableReader {

    private final TableSchema schema;
    private final TomlTable toml;
    private final TomlPosition at;
    private final Findings findings;

    /** @param at the position of the table's header */
    TableReader(TableSchema schema, TomlTable toml, TomlPosition at, Findings findings) {
        this.schema = schema;
        this.toml = toml;
        this.at = at;
        this.findings = findings;
        reportUnknownKeys();
    }

    /**
     * Returns the readers of a table that its parent may have several times, in the file's order.
     *
     * @param parent the file or another table
     */
    static List<TableReader> repeated(TableSchema schema, TomlTable parent, String key, Findings findings) {
        Object value = parent.get(List.of(key));
        if (value instanceof TomlArray array) {
            return elements(schema, array, key, findings);
        }
        if (value != null) {
            reportWrongTable(schema, key, positionOf(parent, key), "is " + typeOf(value), findings);
        }
        return List.of();
    }

    private static List<TableReader> elements(TableSchema schema, TomlArray array, String key, Findings findings) {
        List<TableReader> tables = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            TomlPosition at = array.inputPositionOf(i);
            if (array.get(i) instanceof TomlTable toml) {
                tables.add(new TableReader(schema, toml, at, findings));
            } else {
                reportWrongTable(schema, key, at, "holds " + typeOf(array.get(i)), findings);
            }
        }
        return tables;
    }

    private static void reportWrongTable(
            TableSchema schema, String key, TomlPosition at, String actual, Findings findings) {
        findings.mistake(
                at,
                "`" + key + "` " + actual + "; write one table for each, which begins with [[" + schema.label() + "]]");
    }

    /** Returns the readers of a table that this one may have several times, in the file's order. */
    List<TableReader> tables(String key, TableSchema child) {
        return repeated(child, toml, key, findings);
    }

    private void reportUnknownKeys() {
        for (String key : toml.keySet()) {
            if (schema.key(key).isEmpty()) {
                mistake(
                        positionOf(key),
                        "unknown key `" + Findings.quoted(key) + "` in " + schema.header() + "; "
                                + Suggestions.forKey(schema, key));
            }
        }
    }

    /** Returns the position of the table's header. */
    TomlPosition at() {
        return at;
    }

    /** Returns the position of a key of this table. */
    TomlPosition positionOf(String key) {
        return positionOf(toml, key);
    }

    static TomlPosition positionOf(TomlTable table, String key) {
        TomlPosition position = table.inputPositionOf(List.of(key));
        return position == null ? TomlPosition.positionAt(1, 1) : position;
    }

    void mistake(TomlPosition where, String message) {
        findings.mistake(where, message);
    }

    /** Reports something that the author should know, although the file can be used. */
    void notice(TomlPosition where, String message) {
        findings.notice(where, message);
    }

    /** Reports the mistakes in another file that this table names. */
    void mistakesIn(ConfigurationException otherFile) {
        findings.mistakesIn(otherFile);
    }

    /** Returns a finding without reporting it. */
    Finding finding(TomlPosition where, String message) {
        return findings.finding(where, message);
    }

    /** Reports that a key is missing. {@code remedy} says what to write. */
    void missing(String key, String remedy) {
        mistake(at, "`" + key + "` is missing in " + schema.header() + "; " + remedy);
    }

    /** Returns the line in the file, for messages that mention a second place. */
    int lineOf(TomlPosition where) {
        return findings.lineOf(where);
    }

    /** Returns whether the key is present, even if its value is wrong. */
    boolean has(String key) {
        return toml.contains(List.of(key));
    }

    /** Returns whether the key is an array without elements. */
    boolean isEmptyArray(String key) {
        return toml.get(List.of(key)) instanceof TomlArray array && array.isEmpty();
    }

    /** Returns the number of elements of an array, wrong ones included; 0 if the key is none. */
    int lengthOfArray(String key) {
        return toml.get(List.of(key)) instanceof TomlArray array ? array.size() : 0;
    }

    Optional<Located<Long>> integer(String key) {
        return typed(key, Long.class);
    }

    Optional<Located<LocalDate>> date(String key) {
        return typed(key, LocalDate.class);
    }

    Optional<Located<Boolean>> flag(String key) {
        return typed(key, Boolean.class);
    }

    /**
     * Returns the string of a key.
     *
     * @param parser converts it; says what is wrong with it by an IllegalArgumentException
     */
    <T> Optional<Located<T>> string(String key, Function<String, T> parser) {
        return typed(key, String.class).flatMap(text -> parse(key, text.value(), text.at(), parser));
    }

    /**
     * Returns the string of a key as {@link #string} does, but never quotes it: a user may have pasted a secret there.
     */
    <T> Optional<Located<T>> unquotedString(String key, Function<String, T> parser) {
        return typed(key, String.class).flatMap(text -> {
            try {
                return Optional.of(new Located<>(parser.apply(text.value()), text.at()));
            } catch (IllegalArgumentException e) {
                mistake(text.at(), "`" + key + "`: " + Findings.reason(e));
                return Optional.empty();
            }
        });
    }

    /** Returns the array of strings of a key, each converted as by {@link #string}, without the wrong ones. */
    <T> Optional<LocatedList<T>> strings(String key, Function<String, T> parser) {
        return typed(key, TomlArray.class)
                .map(array -> new LocatedList<>(elements(key, array.value(), parser), array.at()));
    }

    private <T> List<Located<T>> elements(String key, TomlArray array, Function<String, T> parser) {
        List<Located<T>> elements = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            TomlPosition where = array.inputPositionOf(i);
            if (array.get(i) instanceof String text) {
                parse(key, text, where, parser).ifPresent(elements::add);
            } else {
                wrongType(key, where, "holds " + typeOf(array.get(i)));
            }
        }
        return elements;
    }

    private <T> Optional<Located<T>> parse(String key, String text, TomlPosition where, Function<String, T> parser) {
        try {
            return Optional.of(new Located<>(parser.apply(text), where));
        } catch (IllegalArgumentException e) {
            mistake(where, "`" + key + "`, \"" + Findings.quoted(text) + "\": " + Findings.reason(e));
            return Optional.empty();
        }
    }

    private <T> Optional<Located<T>> typed(String key, Class<T> type) {
        if (!has(key)) {
            return Optional.empty();
        }
        Object value = toml.get(List.of(key));
        if (type.isInstance(value)) {
            return Optional.of(new Located<>(type.cast(value), positionOf(key)));
        }
        wrongType(key, positionOf(key), "is " + typeOf(value));
        return Optional.empty();
    }

    private void wrongType(String key, TomlPosition where, String actual) {
        TableSchema.Key expected = schema.key(key).orElseThrow();
        mistake(
                where,
                "`" + key + "` " + actual + ", but must be " + expected.type().description() + ", such as "
                        + expected.line());
    }

    /** Returns the type of a TOML value in words. */
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
