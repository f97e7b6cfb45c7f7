package org.ringcert.daemon.setup;

/** Thrown when no file can be written. The message is for the user and says why and what to do. */
public final class SetupException extends Exception {

    private static final long serialVersionUID = 1;

    SetupException(String message) {
        super(message);
    }
}
