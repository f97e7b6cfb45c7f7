package org.ringcert.daemon.cli;

import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.ringcert.daemon.config.PathParser;
import org.ringcert.daemon.front.ListenException;
import org.ringcert.daemon.migration.MigrationException;
import org.ringcert.store.StoreException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;

/** The command line: {@code ringcert COMMAND}. */
public final class Ringcert {

    private static final List<String> COMMANDS = List.of(
            "setup",
            "run",
            "renew",
            "check",
            "trace",
            "ready",
            "revoke",
            "status",
            "account",
            "web",
            "import",
            "plan",
            "simulate",
            "demo");

    private Ringcert() {}

    /** Runs the command and ends the process with its exit status. */
    public static void main(String[] arguments) {
        System.exit(commandLine(arguments).execute(arguments));
    }

    /**
     * Returns the parser for these arguments. If they begin with a command, it knows only that one, because creating
     * all of them takes longer than most commands.
     */
    public static CommandLine commandLine(String... arguments) {
        CommandLine line = new CommandLine(program());
        if (arguments.length > 0 && COMMANDS.contains(arguments[0])) {
            line.addSubcommand(arguments[0], command(arguments[0]).spec());
        } else {
            COMMANDS.forEach(name -> line.addSubcommand(name, command(name).spec()));
            line.addSubcommand(new CommandLine.HelpCommand());
        }
        return line.setExecutionExceptionHandler(exceptionHandler()).setAbbreviatedSubcommandsAllowed(false);
    }

    private static Command command(String name) {
        return switch (name) {
            case "setup" -> new SetupCommand();
            case "run" -> new RunCommand();
            case "renew" -> new RenewCommand();
            case "check" -> new CheckCommand();
            case "trace" -> new TraceCommand();
            case "ready" -> new ReadyCommand();
            case "revoke" -> new RevokeCommand(ConsoleTerminal::find);
            case "status" -> new StatusCommand();
            case "account" -> new AccountCommand(ConsoleTerminal::find);
            case "web" -> new WebCommand();
            case "import" -> new ImportCommand();
            case "plan" -> new PlanCommand();
            case "simulate" -> new SimulateCommand();
            case "demo" -> ServiceLoader.load(Command.class).findFirst().orElseGet(MissingDemoCommand::new);
            default -> throw new IllegalArgumentException(name + " is not a command");
        };
    }

    private static CommandSpec program() {
        CommandSpec spec = Command.withHelp(CommandSpec.create().name("ringcert"));
        Map<String, String> statuses = new LinkedHashMap<>();
        statuses.put("0", "all is well");
        statuses.put("1", "something failed or needs a person");
        statuses.put("2", "wrong usage or configuration");
        spec.usageMessage()
                .description("Let's Encrypt certificates for small web clusters whose servers share nothing.")
                .synopsisSubcommandLabel("COMMAND")
                .exitCodeListHeading("%nExit status:%n")
                .exitCodeList(statuses);
        return spec;
    }

    /**
     * Prints a message for errors that the user can act on. Anything else is a bug in Ringcert and gets a stack trace.
     */
    private static IExecutionExceptionHandler exceptionHandler() {
        return (exception, command, parsed) -> {
            PrintWriter err = command.getErr();
            switch (exception) {
                case UsageException e -> {
                    err.println(e.getMessage());
                    return ExitStatus.USAGE;
                }
                case InvalidPathException e -> {
                    err.println(localeMessage(e));
                    return ExitStatus.USAGE;
                }
                case StoreException e -> err.println(e.getMessage());
                case MigrationException e -> err.println(e.getMessage());
                case ListenException e -> err.println(e.getMessage());
                default -> {
                    err.println("ringcert: this is a bug in Ringcert; please report it with the following");
                    exception.printStackTrace(err);
                }
            }
            return ExitStatus.FAILED;
        };
    }

    private static String localeMessage(InvalidPathException e) {
        return "the path " + e.getInput().replaceAll("\\p{Cntrl}", "?") + " " + PathParser.notRepresentable();
    }
}
