package org.ringcert.daemon.cli;

/** Thrown for wrong usage or configuration: exit status 2. The message is for the user. */
public final class UsageException extends Exception {

    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message);
    }
}
