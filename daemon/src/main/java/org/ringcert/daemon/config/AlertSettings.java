package org.ringcert.daemon.config;

import java.util.List;

/**
 * How a person is told of what needs one. Immutable.
 *
 * @param run the command and its arguments, run once when a problem begins and once when it ends; empty for none
 */
public record AlertSettings(List<String> run) {

    /** Tells nobody. What a person must see is in the log all the same. */
    public static final AlertSettings NONE = new AlertSettings(List.of());

    public AlertSettings {
        run = List.copyOf(run);
    }
}
