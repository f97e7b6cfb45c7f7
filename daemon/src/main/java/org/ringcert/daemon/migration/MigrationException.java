package org.ringcert.daemon.migration;

/**
 * Thrown if an installation cannot be taken over. Nothing was written. The message has one line for each problem: the
 * place, what is wrong, what to do. It shows no key.
 */
public final class MigrationException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean isNotFound;

    private MigrationException(String message, boolean isNotFound) {
        super(message);
        this.isNotFound = isNotFound;
    }

    /** There is no installation in the folder. */
    static MigrationException notFound(String message) {
        return new MigrationException(message, true);
    }

    /** There is an installation, and it is damaged or unfinished. */
    static MigrationException unusable(String message) {
        return new MigrationException(message, false);
    }

    /** Returns true if the folder has no installation, so that another folder was probably meant. */
    public boolean isNotFound() {
        return isNotFound;
    }
}
