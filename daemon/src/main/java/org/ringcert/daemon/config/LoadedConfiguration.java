package org.ringcert.daemon.config;

import java.nio.file.Path;
import java.util.List;

/**
 * A configuration and what its author should know about the file. Immutable.
 *
 * @param file where it was read from
 * @param notices about keys that have no effect, in the file's order
 */
public record LoadedConfiguration(Path file, Configuration configuration, List<Finding> notices) {

    public LoadedConfiguration {
        notices = List.copyOf(notices);
    }

    /** Returns a line for each notice: {@code FILE:LINE:COLUMN: message}. */
    public List<String> noticeLines() {
        return notices.stream().map(notice -> file + ":" + notice).toList();
    }
}
