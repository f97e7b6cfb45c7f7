package org.ringcert.daemon.cli;

import java.util.Collection;
import java.util.stream.Collectors;

/** Thrown for wrong usage or configuration: exit status 2. The message is for the user. */
public final class UsageException extends Exception {

    private static final long serialVersionUID = 1;

    /** How many names of a configuration a message lists. */
    private static final int MAX_LISTED = 10;

    public UsageException(String message) {
        super(message);
    }

    /**
     * Something that is not in the configuration.
     *
     * @param sentence what is wrong, up to "which has"
     * @param existing what the configuration has; of a long list only the beginning is shown
     */
    static UsageException unknown(String sentence, Collection<?> existing) {
        return new UsageException(sentence + " " + list(existing));
    }

    /** Returns the beginning of a list, separated by commas, and how many are not shown. */
    static String list(Collection<?> existing) {
        String shown = existing.stream().limit(MAX_LISTED).map(String::valueOf).collect(Collectors.joining(", "));
        String more = existing.size() > MAX_LISTED ? " and " + (existing.size() - MAX_LISTED) + " more" : "";
        return shown + more;
    }
}
