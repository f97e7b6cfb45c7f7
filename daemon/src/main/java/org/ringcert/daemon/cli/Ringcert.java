package org.ringcert.daemon.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.ringcert.daemon.Version;
import org.ringcert.daemon.front.ListenException;
import org.ringcert.daemon.moving.SourceException;
import org.ringcert.store.StoreException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;

/** The command line: {@code ringcert COMMAND}. */
@Command(
        name = "ringcert",
        description = "Let's Encrypt certificates for small web clusters whose servers share nothing.",
        version = "ringcert " + Version.CURRENT,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:all is well", "1:something failed or needs a person", "2:wrong usage or configuration"})
public final class Ringcert {

    /** All well. */
    static final int WELL = 0;

    /** Something failed. */
    static final int FAILED = 1;

    /** Wrong usage or configuration. */
    static final int USAGE = 2;

    private static final Map<String, Supplier<Object>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("setup", SetupCommand::new);
        COMMANDS.put("run", RunCommand::new);
        COMMANDS.put("renew", RenewCommand::new);
        COMMANDS.put("status", StatusCommand::new);
        COMMANDS.put("web", WebCommand::new);
        COMMANDS.put("import", ImportCommand::new);
        COMMANDS.put("demo", DemoCommand::new);
        COMMANDS.put("help", CommandLine.HelpCommand::new);
    }

    private Ringcert() {}

    /** Runs the command and ends the process with its exit status. */
    public static void main(String[] arguments) {
        System.exit(commandLine(arguments).execute(arguments));
    }

    /** What understands those arguments. It knows the one command that they begin with, if they do: making all takes longer than most commands. */
    public static CommandLine commandLine(String... arguments) {
        CommandLine line = new CommandLine(new Ringcert());
        boolean one = arguments.length > 0 && COMMANDS.containsKey(arguments[0]) && !arguments[0].equals("help");
        COMMANDS.forEach((name, command) -> {
            if (!one || name.equals(arguments[0])) {
                line.addSubcommand(name, command.get());
            }
        });
        return line.setExecutionExceptionHandler(messages()).setAbbreviatedSubcommandsAllowed(false);
    }

    /** Errors that a person can act on are a message; everything else is a defect and shows where. */
    private static IExecutionExceptionHandler messages() {
        return (exception, command, parsed) -> {
            PrintWriter err = command.getErr();
            switch (exception) {
                case UsageException e -> {
                    err.println(e.getMessage());
                    return USAGE;
                }
                case StoreException e -> err.println(e.getMessage());
                case SourceException e -> err.println(e.getMessage());
                case ListenException e -> err.println(e.getMessage());
                default -> {
                    err.println("ringcert: a defect of this program; please report it with what follows");
                    exception.printStackTrace(err);
                }
            }
            return FAILED;
        };
    }
}
