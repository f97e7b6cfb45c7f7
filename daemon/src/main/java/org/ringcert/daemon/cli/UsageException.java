package org.ringcert.daemon.cli;

/** Wrong usage or configuration: exit status 2. The message is shown as it is. */
public final class UsageException extends Exception {

    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message);
    }
}
