package org.ringcert.daemon.config;

import java.util.Comparator;

/**
 * Something to report about one place in the configuration file: a mistake, which must be corrected before the file can
 * be used, or a notice. Immutable; ordered by place.
 *
 * @param line counted from 1
 * @param column in the line, in characters, counted from 1
 * @param message what is wrong and what would be right, in one line; control characters from the file are escaped
 */
public record Finding(int line, int column, String message) implements Comparable<Finding> {

    private static final Comparator<Finding> BY_PLACE =
            Comparator.comparingInt(Finding::line).thenComparingInt(Finding::column);

    @Override
    public int compareTo(Finding other) {
        return BY_PLACE.thenComparing(Finding::message).compare(this, other);
    }

    /** Returns {@code LINE:COLUMN: message}. */
    @Override
    public String toString() {
        return line + ":" + column + ": " + message;
    }
}
