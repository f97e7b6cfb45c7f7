package org.ringcert.daemon.cli;

import java.nio.file.Path;
import java.time.Instant;
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
import org.ringcert.daemon.setup.SiteNames;
import org.ringcert.daemon.setup.Terminal;
import org.ringcert.daemon.setup.Terms;
import org.ringcert.daemon.snippets.WebNode;

/**
 * {@code ringcert setup}: writes the first configuration file. Asks for the answers that the options do not give, if
 * there is a terminal.
 */
final class SetupCommand extends Command {

    private final Supplier<List<String>> servers =
            options("--server", "NAME", "the public name of a server; once for each server, in the order of the ring");
    private final Supplier<List<String>> sites = options(
            "--site", "NAME,NAME", "the names of a site, of which the first names the certificate; once for each site");
    private final Supplier<Optional<String>> ca = option(
            "--ca",
            "CA",
            "letsencrypt, letsencrypt-staging, zerossl, google, sslcom, actalis, or the URL of another CA's directory");
    private final Supplier<Optional<String>> contact =
            option("--contact", "ADDRESS", "an e-mail address for the CA; '' for none");
    private final BooleanSupplier agreed =
            flag("--agree-to-terms", "you have read the CA's terms of service and agree to them");
    private final Supplier<Optional<String>> port80 =
            option("--port-80", "PROGRAM", "what answers on port 80: ringcert, apache, nginx or haproxy");
    private final Supplier<Optional<String>> mode = option(
            "--mode",
            "MODE",
            "for apache and nginx. proxy: hand challenges over to the daemon; files: serve them without a daemon");
    private final Supplier<Optional<String>> file = option(
            "--config",
            "FILE",
            "the file to write, which must not exist yet (default: " + ConfigurationLoader.DEFAULT_FILE + ")");

    SetupCommand() {
        super("Asks for what it needs, writes the configuration file, and prints the next steps."
                + " Each answer can be given by an option; without a terminal, all must be.");
    }

    @Override
    public Integer call() throws UsageException {
        NewConfigurationFile newFile =
                new NewConfigurationFile(file.get().map(Path::of).orElse(ConfigurationLoader.DEFAULT_FILE));
        try {
            newFile.checkCanBeCreated();
            Answers answers = complete(fromOptions(), ConsoleTerminal.find());
            newFile.write(answers);
            printNextSteps(newFile, answers);
        } catch (SetupException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        out().flush();
        return ExitStatus.OK;
    }

    private Answers fromOptions() throws UsageException {
        Answers given = new Answers(
                ca.get(),
                agreed.getAsBoolean() ? Optional.of(Terms.ACCEPTED) : Optional.empty(),
                contact.get(),
                servers.get(),
                sites.get().stream().map(SiteNames::parse).toList(),
                port80.get(),
                mode.get());
        List<String> mistakes = given.mistakes();
        if (!mistakes.isEmpty()) {
            throw new UsageException(String.join("\n", mistakes) + "\nNothing was written.");
        }
        return given;
    }

    private static Answers complete(Answers given, Optional<Terminal> terminal) throws UsageException, SetupException {
        if (terminal.isPresent()) {
            return new Interview(terminal.get(), programOnPort80()).complete(given);
        }
        if (!given.missingOptions().isEmpty()) {
            throw new UsageException("There is no terminal to ask on, and these options are missing:\n    "
                    + String.join("\n    ", given.missingOptions()) + "\nNothing was written.");
        }
        return given;
    }

    private static Optional<String> programOnPort80() {
        if (!ListeningProcess.isPortTaken(WebNode.STANDARD_HTTP_PORT)) {
            return Optional.empty();
        }
        return Optional.of(ListeningProcess.find(WebNode.STANDARD_HTTP_PORT)
                .map(ListeningProcess::name)
                .orElse("Some program"));
    }

    private void printNextSteps(NewConfigurationFile file, Answers answers) {
        Optional<HostName> self = Optional.empty();
        String hint = "";
        try {
            self = Optional.of(ConfigurationLoader.load(file.path())
                    .whichNode(Optional.empty(), System.getenv(), NodeOptions::hostName));
        } catch (ConfigurationException e) {
            hint = "\nOn this server: " + e.getMessage();
        }
        new NextSteps(file, answers, self, Instant.now()).lines().forEach(out()::println);
        out().println(hint);
    }
}
