package org.ringcert.daemon.snippets.haproxy;

import java.util.List;

/**
 * An address at which a section listens. Immutable.
 *
 * @param options the words behind it
 * @param line where it stands
 */
public record Bind(Address address, List<String> options, Line line) {

    public Bind {
        options = List.copyOf(options);
    }

    /** Whether that word is among its options. */
    public boolean has(String option) {
        return options.contains(option);
    }
}
