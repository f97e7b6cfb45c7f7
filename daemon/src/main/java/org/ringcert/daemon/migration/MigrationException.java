package org.ringcert.daemon.migration;

/**
 * Thrown if an installation cannot be taken over. Nothing was written. The message has one line for each problem: the
 * place, what is wrong, what to do. It shows no key.
 */
public final class MigrationException extends Exception {

    private static final long serialVersionUID = 1;

    private enum Reason {
        NOT_FOUND,
        UNUSABLE
    }

    private final Reason reason;

    private MigrationException(String message, Reason reason) {
        super(message);
        this.reason = reason;
    }

    /** There is no installation in the folder. */
    static MigrationException notFound(String message) {
        return new MigrationException(message, Reason.NOT_FOUND);
    }

    /** There is an installation, and it is damaged or unfinished. */
    static MigrationException unusable(String message) {
        return new MigrationException(message, Reason.UNUSABLE);
    }

    /** Returns true if the folder has no installation, so that another folder was probably meant. */
    public boolean isNotFound() {
        return reason == Reason.NOT_FOUND;
    }
}
