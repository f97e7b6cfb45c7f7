package org.ringcert.daemon.snippets.haproxy;

import java.util.List;

/**
 * An address at which a section listens. Immutable.
 *
 * @param options the words after the address
 * @param line the line that contains it
 */
public record Bind(HaproxyAddress address, List<String> options, HaproxyLine line) {

    public Bind {
        options = List.copyOf(options);
    }

    /** Returns whether it has that option. */
    public boolean has(String option) {
        return options.contains(option);
    }
}
