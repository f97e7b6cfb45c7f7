package org.ringcert.store;

import org.jspecify.annotations.Nullable;

/** Something could not be read from or written to the store. The message names the file, what happened and the remedy; it never shows a key. */
public final class StoreException extends Exception {

    private static final long serialVersionUID = 1;

    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
