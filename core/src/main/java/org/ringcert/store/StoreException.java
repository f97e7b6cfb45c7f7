package org.ringcert.store;

import org.jspecify.annotations.Nullable;

/**
 * Something could not be read from or written to the store. The message names the file, what happened and the remedy;
 * it never shows a key.
 */
public final class StoreException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean isPermissionDenied;

    public StoreException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    StoreException(String message, @Nullable Throwable cause, boolean isPermissionDenied) {
        super(message, cause);
        this.isPermissionDenied = isPermissionDenied;
    }

    /** Whether nothing is wrong but the user of this process: root and the store's owner may do it. */
    public boolean isPermissionDenied() {
        return isPermissionDenied;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
