package org.ringcert.daemon.migration;

/**
 * An installation cannot be taken over; nothing was written. The message has all that is wrong with it, a line for
 * each: the place, what is wrong, what to do. It shows no key.
 */
public final class SourceException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean isElsewhere;

    private SourceException(String message, boolean isElsewhere) {
        super(message);
        this.isElsewhere = isElsewhere;
    }

    /** There is no installation in the folder. */
    static SourceException elsewhere(String message) {
        return new SourceException(message, true);
    }

    /** There is one, and something about it is damaged or unfinished. */
    static SourceException unusable(String message) {
        return new SourceException(message, false);
    }

    /** Whether another folder was meant: nothing is wrong with this one but that no installation is in it. */
    public boolean isElsewhere() {
        return isElsewhere;
    }
}
