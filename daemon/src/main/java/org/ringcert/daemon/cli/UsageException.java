package org.ringcert.daemon.cli;

/** Wrong usage or configuration: exit status 2. The message is shown as it is. */
final class UsageException extends Exception {

    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
