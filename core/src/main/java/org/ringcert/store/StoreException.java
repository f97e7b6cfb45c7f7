package org.ringcert.store;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the store cannot be read or written. The message names the file, says what went wrong and what to do
 * about it. It never contains a key.
 */
public final class StoreException extends Exception {

    private static final long serialVersionUID = 1;

    private enum Problem {
        PERMISSION_DENIED,
        OTHER
    }

    private final Problem problem;

    private StoreException(String message, @Nullable Throwable cause, Problem problem) {
        super(message, cause);
        this.problem = problem;
    }

    public StoreException(String message, @Nullable Throwable cause) {
        this(message, cause, Problem.OTHER);
    }

    /** Creates an exception for a user who lacks a permission that root and the store's owner have. */
    static StoreException permissionDenied(String message, @Nullable Throwable cause) {
        return new StoreException(message, cause, Problem.PERMISSION_DENIED);
    }

    /**
     * Returns whether the only problem is the user that this process runs as: root and the store's owner would have
     * succeeded.
     */
    public boolean isPermissionDenied() {
        return problem == Problem.PERMISSION_DENIED;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
