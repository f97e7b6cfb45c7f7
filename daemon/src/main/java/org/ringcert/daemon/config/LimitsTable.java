package org.ringcert.daemon.config;

import java.util.List;

/** The tables that a limits file may have, with all their keys. Anything else in the file is a mistake. */
enum LimitsTable implements TableSchema {
    CA(
            "ca",
            new Key("directory", Key.Type.STRING, "\"https://ca.example.org/directory\""),
            new Key("back-date", Key.Type.STRING, "\"60s\""),
            new Key("limit", Key.Type.TABLES, "[[ca.limit]]")),
    LIMIT(
            "ca.limit",
            new Key("kind", Key.Type.STRING, "\"certificates-per-name-set\""),
            new Key("capacity", Key.Type.INTEGER, "5"),
            new Key("period", Key.Type.STRING, "\"7d\""),
            new Key("source", Key.Type.STRING, "\"https://ca.example.org/limits\""),
            new Key("date", Key.Type.DATE, "2026-11-28"));

    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Key> keys;

    LimitsTable(String label, Key... keys) {
        this.label = label;
        this.keys = List.of(keys);
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public String header() {
        return "[[" + label + "]]";
    }

    @Override
    public List<Key> keys() {
        return keys;
    }

    @Override
    public List<LimitsTable> tablesOfFile() {
        return List.of(values());
    }
}
