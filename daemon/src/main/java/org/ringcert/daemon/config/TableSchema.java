package org.ringcert.daemon.config;

import java.util.List;
import java.util.Optional;

/** A table that a file may have, with all its keys. Any other key in it is a mistake. */
interface TableSchema {

    /** Returns the name without brackets. */
    String label();

    /** Returns the header as the file has it, with its brackets. */
    String header();

    List<Key> keys();

    /** Returns all tables that the same file may have, this one included. */
    List<? extends TableSchema> tablesOfFile();

    default Optional<Key> key(String name) {
        return keys().stream().filter(key -> key.name().equals(name)).findFirst();
    }

    /** Returns a key that the table has, with its example value. */
    default String exampleOf(String key) {
        return key(key).orElseThrow().line();
    }

    /** A key of a table, with an example value. */
    record Key(String name, Type type, String example) {

        enum Type {
            STRING("a string"),
            INTEGER("an integer"),
            BOOLEAN("true or false"),
            STRINGS("an array of strings"),
            DATE("a date"),
            TABLES("an array of tables");

            private final String description;

            Type(String description) {
                this.description = description;
            }

            String description() {
                return description;
            }
        }

        /** Returns the key with its example value, as in the file. */
        String line() {
            return name + " = " + example;
        }
    }
}
