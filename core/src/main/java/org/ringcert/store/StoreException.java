package org.ringcert.store;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the store cannot be read or written. The message names the file, says what went wrong and what to do
 * about it. It never contains a key.
 */
public final class StoreException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean permissionDenied;

    private StoreException(String message, @Nullable Throwable cause, boolean permissionDenied) {
        super(message, cause);
        this.permissionDenied = permissionDenied;
    }

    public StoreException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    /** An exception for a user who is not permitted to do what root and the store's owner may do. */
    static StoreException permissionDenied(String message, @Nullable Throwable cause) {
        return new StoreException(message, cause, true);
    }

    /**
     * Returns whether the only problem is the user that this process runs as: root and the store's owner would have
     * succeeded.
     */
    public boolean isPermissionDenied() {
        return permissionDenied;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
