package org.ringcert.daemon.cli;

import java.io.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.ConfigurationException;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.front.ListeningProcess;
import org.ringcert.daemon.setup.Answers;
import org.ringcert.daemon.setup.Interview;
import org.ringcert.daemon.setup.NewConfigurationFile;
import org.ringcert.daemon.setup.NextSteps;
import org.ringcert.daemon.setup.SetupException;
import org.ringcert.daemon.setup.Terminal;

/**
 * {@code ringcert setup}: writes the first configuration. What no option answers is asked for, where there is a
 * terminal.
 */
final class SetupCommand extends Command {

    private static final int HTTP = 80;

    private final Supplier<List<String>> servers =
            options("--server", "NAME", "the public name of a server; once for each, in the order of the ring");
    private final Supplier<List<String>> sites =
            options("--site", "NAME,NAME", "the names of a site, the first names the certificate; once for each site");
    private final Supplier<Optional<String>> ca =
            option("--ca", "CA", "letsencrypt, letsencrypt-staging, or the URL of a directory");
    private final Supplier<Optional<String>> contact =
            option("--contact", "ADDRESS", "an e-mail address that the CA is told; '' for none");
    private final BooleanSupplier agreed =
            flag("--agree-to-terms", "you have read the CA's terms of service and agree to them");
    private final Supplier<Optional<String>> port80 =
            option("--port-80", "PROGRAM", "what answers on port 80: ringcert, apache, nginx or haproxy");
    private final Supplier<Optional<String>> mode = option(
            "--mode",
            "MODE",
            "of apache and nginx. proxy: they hand challenges to the daemon; files: they serve them without one");
    private final Supplier<Optional<String>> file = option(
            "--config",
            "FILE",
            "the file to write, which must not be there yet (default: /etc/ringcert/ringcert.toml)");

    SetupCommand() {
        super("Asks what it needs, writes the configuration file, and says what comes next."
                + " What an option answers is not asked; without a terminal all has to be answered so.");
    }

    @Override
    public Integer call() throws UsageException {
        NewConfigurationFile first =
                new NewConfigurationFile(file.get().map(Path::of).orElse(ConfigurationLoader.DEFAULT_FILE));
        try {
            first.mustBeNew();
            Answers answers = all(given(), Optional.ofNullable(System.console()).filter(Console::isTerminal));
            first.write(answers);
            tell(first, answers);
        } catch (SetupException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        out().flush();
        return ExitStatus.OK;
    }

    /** What the options answer. */
    private Answers given() throws UsageException {
        Answers given = new Answers(
                ca.get(),
                agreed.getAsBoolean() ? Optional.of(true) : Optional.empty(),
                contact.get(),
                servers.get(),
                sites.get().stream().map(Answers::names).toList(),
                port80.get(),
                mode.get());
        List<String> mistakes = given.mistakes();
        if (!mistakes.isEmpty()) {
            throw new UsageException(String.join("\n", mistakes) + "\nNothing was written.");
        }
        return given;
    }

    private static Answers all(Answers given, Optional<Console> console) throws UsageException, SetupException {
        if (console.isPresent()) {
            Optional<String> seen = ListeningProcess.isPortTaken(HTTP)
                    ? Optional.of(ListeningProcess.find(HTTP)
                            .map(ListeningProcess::name)
                            .orElse("Some program"))
                    : Optional.empty();
            return new Interview(new OnConsole(console.get()), seen).complete(given);
        }
        if (!given.missing().isEmpty()) {
            throw new UsageException("There is no terminal to ask at; these options are missing:\n    "
                    + String.join("\n    ", given.missing()) + "\nNothing was written.");
        }
        return given;
    }

    private void tell(NewConfigurationFile first, Answers answers) {
        Optional<HostName> self = Optional.empty();
        String unknown = "";
        try {
            self = Optional.of(ConfigurationLoader.load(first.path())
                    .whichNode(Optional.empty(), System.getenv(), NodeOptions::hostName));
        } catch (ConfigurationException e) {
            unknown = "\nOn this server: " + e.getMessage();
        }
        new NextSteps(first, answers, self).lines().forEach(out()::println);
        out().println(unknown);
    }

    private record OnConsole(Console console) implements Terminal {

        @Override
        public void say(String line) {
            console.printf("%s%n", line);
        }

        @Override
        public Optional<String> ask(String question) {
            return Optional.ofNullable(console.readLine("%s", question));
        }
    }
}
