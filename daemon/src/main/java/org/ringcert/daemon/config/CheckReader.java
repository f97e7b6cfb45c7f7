package org.ringcert.daemon.config;

import java.util.Arrays;
import java.util.Optional;

/** Reads {@code [check]}. */
final class CheckReader {

    private final Optional<TableReader> table;

    CheckReader(Optional<TableReader> table) {
        this.table = table;
    }

    CheckSettings settings() {
        return new CheckSettings(
                table.flatMap(check -> check.string("resolver", ResolverAddress::parse))
                        .map(Located::value),
                table.flatMap(check -> check.string("before-order", CheckReader::beforeOrder))
                        .map(Located::value),
                CommandWords.readNonEmpty(table, "canary"));
    }

    private static BeforeOrder beforeOrder(String written) {
        return BeforeOrder.labeled(written)
                .orElseThrow(() -> new IllegalArgumentException("this is "
                        + Suggestions.forValue(
                                written,
                                Arrays.stream(BeforeOrder.values())
                                        .map(BeforeOrder::label)
                                        .toList())));
    }
}
