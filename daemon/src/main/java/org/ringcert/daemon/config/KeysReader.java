package org.ringcert.daemon.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ringcert.pki.KeyType;

/** Reads the types of certificate keys, as {@code [acme]} and {@code [[site]]} have them. Immutable. */
final class KeysReader {

    private static final String EXAMPLE = "write " + ConfigurationTable.ACME.exampleOf("keys");

    private static final int MAX_KEYS = 2;

    private final TableReader table;

    KeysReader(TableReader table) {
        this.table = table;
    }

    /** Returns the types that {@code keys} or {@code key} lists; empty if neither is there or it is wrong. */
    Optional<LocatedList<KeyType>> read() {
        if (table.has("key") && table.has("keys")) {
            table.mistake(
                    table.positionOf("keys"),
                    "`keys` and `key`, in line " + table.lineOf(table.positionOf("key"))
                            + ", mean the same; leave `key` out");
            return Optional.empty();
        }
        return table.has("keys") ? list() : single();
    }

    /** Returns whether one of them is there, even if its value is wrong. */
    boolean isPresent() {
        return table.has("key") || table.has("keys");
    }

    private Optional<LocatedList<KeyType>> single() {
        return table.string("key", KeysReader::type).map(type -> new LocatedList<>(List.of(type), type.at()));
    }

    private Optional<LocatedList<KeyType>> list() {
        int written = table.lengthOfArray("keys");
        return table.strings("keys", KeysReader::type)
                .filter(types -> checkLength(types, written))
                // If one was wrong, that has been reported, and the rest is not what was meant.
                .filter(types -> types.elements().size() == written)
                .filter(this::checkAlgorithms);
    }

    private boolean checkLength(LocatedList<KeyType> types, int length) {
        if (length == 0) {
            table.mistake(types.at(), "`keys` is empty; " + EXAMPLE + ", or leave the key out");
        }
        if (length > MAX_KEYS) {
            table.mistake(
                    types.at(),
                    "`keys` has " + length + " types, but a site has at most one EC and one RSA certificate; "
                            + EXAMPLE);
        }
        return length > 0 && length <= MAX_KEYS;
    }

    private boolean checkAlgorithms(LocatedList<KeyType> types) {
        Located<KeyType> first = types.elements().getFirst();
        Located<KeyType> last = types.elements().getLast();
        if (types.elements().size() == 1
                || first.value().algorithm() != last.value().algorithm()) {
            return true;
        }
        table.mistake(
                last.at(),
                "`keys`, \"" + last.value().label() + "\": \"" + first.value().label() + "\" is "
                        + first.value().algorithm()
                        + " as well, and visitors need one certificate of each kind at most; " + EXAMPLE
                        + ", or one type alone");
        return false;
    }

    private static KeyType type(String written) {
        return KeyType.fromLabel(written)
                .orElseThrow(() -> new IllegalArgumentException("this is "
                        + Suggestions.forValue(
                                written,
                                Arrays.stream(KeyType.values())
                                        .map(KeyType::label)
                                        .toList())));
    }
}
