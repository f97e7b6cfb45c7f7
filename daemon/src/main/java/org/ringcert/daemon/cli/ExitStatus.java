package org.ringcert.daemon.cli;

/** The exit statuses that every command uses. Scripts rely on them. */
public final class ExitStatus {

    /** All is well. */
    public static final int OK = 0;

    /** Something failed or needs a person. */
    public static final int FAILED = 1;

    /** The command line or the configuration is wrong, or this user is not allowed to see enough to give an answer. */
    public static final int USAGE = 2;

    private ExitStatus() {}
}
