package org.ringcert.daemon.config;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Thrown when the configuration cannot be used. The message is for the administrator: a line for each mistake,
 * {@code FILE:LINE:COLUMN: what is wrong; what would be right}, in the file's order, or one sentence if the problem has
 * no place in the file.
 */
public final class ConfigurationException extends Exception {

    private static final long serialVersionUID = 1;
    private static final int MAX_LINES = 100;

    private final transient List<Finding> mistakes;

    /** Describes a problem that has no place in the file's text. */
    ConfigurationException(String message) {
        super(message);
        this.mistakes = List.of();
    }

    ConfigurationException(Path file, List<Finding> mistakes) {
        this(file, mistakes, List.of());
    }

    /** @param otherFiles the messages about other files that this one names */
    ConfigurationException(Path file, List<Finding> mistakes, Collection<String> otherFiles) {
        super(Stream.concat(Stream.of(lines(file, mistakes)), otherFiles.stream())
                .collect(Collectors.joining("\n")));
        this.mistakes = mistakes.stream().sorted().toList();
    }

    /** Returns all mistakes in the file, in its order; empty if the problem has no place there. */
    public List<Finding> mistakes() {
        return mistakes;
    }

    private static String lines(Path file, List<Finding> mistakes) {
        String shown = mistakes.stream()
                .sorted()
                .limit(MAX_LINES)
                .map(mistake -> file + ":" + mistake)
                .collect(Collectors.joining("\n"));
        int more = mistakes.size() - MAX_LINES;
        return more > 0 ? shown + "\n" + file + ": and " + more + " more" : shown;
    }
}
