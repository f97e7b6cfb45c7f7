package org.ringcert.daemon.config;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration cannot be used. The message is made to be shown as it is: a line for each mistake,
 * {@code FILE:LINE:COLUMN: what is wrong; what would be right}, in the file's order, or one sentence where it is not a
 * matter of lines.
 */
public final class ConfigurationException extends Exception {

    private static final long serialVersionUID = 1;
    private static final int SHOWN = 100;

    private final transient List<Finding> mistakes;

    /** Something is wrong that has no place in the file's text. */
    ConfigurationException(String message) {
        super(message);
        this.mistakes = List.of();
    }

    ConfigurationException(Path file, List<Finding> mistakes) {
        super(lines(file, mistakes));
        this.mistakes = mistakes.stream().sorted().toList();
    }

    /** All that is wrong in the text of the file, in its order; empty where the matter has no place there. */
    public List<Finding> mistakes() {
        return mistakes;
    }

    private static String lines(Path file, List<Finding> mistakes) {
        String shown = mistakes.stream()
                .sorted()
                .limit(SHOWN)
                .map(mistake -> file + ":" + mistake)
                .collect(Collectors.joining("\n"));
        int more = mistakes.size() - SHOWN;
        return more > 0 ? shown + "\n" + file + ": and " + more + " more" : shown;
    }
}
