package org.ringcert.daemon.setup;

/** No file can be made of that. The message says why and what to do, made to be shown as it is; nothing was written. */
public final class SetupException extends Exception {

    private static final long serialVersionUID = 1;

    SetupException(String message) {
        super(message);
    }
}
