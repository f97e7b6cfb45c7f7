package org.ringcert.daemon.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.ringcert.daemon.setup.Terminal;

/** {@code ringcert account}: what a person does with this node's accounts. */
final class AccountCommand extends Command {

    /** @param terminal returns the terminal to ask on, if there is one */
    AccountCommand(Supplier<Optional<Terminal>> terminal) {
        super("Shows and changes this server's accounts at the CAs.");
        Map<String, Command> subcommands = new LinkedHashMap<>();
        subcommands.put("show", new AccountShowCommand());
        subcommands.put("contact", new AccountContactCommand());
        subcommands.put("roll-over", new AccountRollOverCommand());
        subcommands.put("deactivate", new AccountDeactivateCommand(terminal));
        subcommands.put("caa", new AccountCaaCommand());
        subcommands.forEach((name, command) -> spec().addSubcommand(name, command.spec()));
        spec().usageMessage().synopsisSubcommandLabel("COMMAND");
    }

    @Override
    public Integer call() throws UsageException {
        throw new UsageException("Which one? ringcert account "
                + String.join("|", spec().subcommands().keySet())
                + ". `ringcert account COMMAND --help` says more.");
    }
}
