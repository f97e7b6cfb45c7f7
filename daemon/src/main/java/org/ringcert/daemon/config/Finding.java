package org.ringcert.daemon.config;

import java.util.Comparator;

/**
 * Something that is wrong in the configuration file. Immutable; ordered by its place.
 *
 * @param line where, counted from 1
 * @param column where in the line, in characters, counted from 1
 * @param message what is wrong and what would be right, in one line; control characters of the file are escaped in it
 */
public record Finding(int line, int column, String message) implements Comparable<Finding> {

    private static final Comparator<Finding> BY_PLACE =
            Comparator.comparingInt(Finding::line).thenComparingInt(Finding::column);

    @Override
    public int compareTo(Finding other) {
        return BY_PLACE.thenComparing(Finding::message).compare(this, other);
    }

    @Override
    public String toString() {
        return line + ":" + column + ": " + message;
    }
}
