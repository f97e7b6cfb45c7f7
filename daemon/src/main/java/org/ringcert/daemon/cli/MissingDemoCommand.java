package org.ringcert.daemon.cli;

/**
 * {@code ringcert demo} where the demo's jar is not on the class path, as on a server: it only says where the demo is.
 * Takes any arguments, and is not listed in the help.
 */
final class MissingDemoCommand extends Command {

    private static final String WHERE = "The demo is part of the source checkout: run ./ringcert demo there.";

    MissingDemoCommand() {
        super(WHERE);
        spec().parser().unmatchedArgumentsAllowed(true);
        spec().usageMessage().hidden(true);
    }

    @Override
    public Integer call() throws UsageException {
        throw new UsageException(WHERE);
    }
}
