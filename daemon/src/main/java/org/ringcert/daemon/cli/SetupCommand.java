package org.ringcert.daemon.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.ConfigurationException;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.front.PortHolder;
import org.ringcert.daemon.setup.Answers;
import org.ringcert.daemon.setup.FirstFile;
import org.ringcert.daemon.setup.Interview;
import org.ringcert.daemon.setup.NextSteps;
import org.ringcert.daemon.setup.SetupException;
import org.ringcert.daemon.setup.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ringcert setup}: writes the first configuration. What no option answers is asked for, where there is a terminal. */
@Command(
        name = "setup",
        description = "Asks what it needs, writes the configuration file, and says what comes next."
                + " What an option answers is not asked; without a terminal all has to be answered so.",
        mixinStandardHelpOptions = true)
final class SetupCommand implements Callable<Integer> {

    private static final int HTTP = 80;

    @Option(
            names = "--server",
            paramLabel = "NAME",
            description = "the public name of a server; once for each, in the order of the ring")
    private List<String> servers = new ArrayList<>();

    @Option(
            names = "--site",
            paramLabel = "NAME,NAME",
            description = "the names of a site, the first names the certificate; once for each site")
    private List<String> sites = new ArrayList<>();

    @Option(
            names = "--ca",
            paramLabel = "CA",
            description = "letsencrypt, letsencrypt-staging, or the URL of a directory")
    private @Nullable String ca;

    @Option(
            names = "--contact",
            paramLabel = "ADDRESS",
            description = "an e-mail address that the CA is told; '' for none")
    private @Nullable String contact;

    @Option(names = "--agree-to-terms", description = "you have read the CA's terms of service and agree to them")
    private boolean agreed;

    @Option(
            names = "--port-80",
            paramLabel = "PROGRAM",
            description = "what answers on port 80: ringcert, apache, nginx or haproxy")
    private @Nullable String port80;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description =
                    "of apache and nginx. proxy: they hand challenges to the daemon; files: they serve them without one")
    private @Nullable String mode;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "the file to write, which must not be there yet (default: /etc/ringcert/ringcert.toml)")
    private Path file = ConfigurationLoader.DEFAULT_FILE;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws UsageException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        FirstFile first = new FirstFile(file);
        try {
            first.mustBeNew();
            Answers answers = all(given(), Optional.ofNullable(System.console()).filter(Console::isTerminal));
            first.write(answers);
            tell(first, answers, out);
        } catch (SetupException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        out.flush();
        return Ringcert.WELL;
    }

    /** What the options answer. */
    private Answers given() throws UsageException {
        Answers given = new Answers(
                Optional.ofNullable(ca),
                agreed ? Optional.of(true) : Optional.empty(),
                Optional.ofNullable(contact),
                servers,
                sites.stream().map(Answers::names).toList(),
                Optional.ofNullable(port80),
                Optional.ofNullable(mode));
        List<String> mistakes = given.mistakes();
        if (!mistakes.isEmpty()) {
            throw new UsageException(String.join("\n", mistakes) + "\nNothing was written.");
        }
        return given;
    }

    private static Answers all(Answers given, Optional<Console> console) throws UsageException, SetupException {
        if (console.isPresent()) {
            Optional<String> seen = PortHolder.isTaken(HTTP)
                    ? Optional.of(PortHolder.of(HTTP).map(PortHolder::name).orElse("Some program"))
                    : Optional.empty();
            return new Interview(new OnConsole(console.get()), seen).complete(given);
        }
        if (!given.missing().isEmpty()) {
            throw new UsageException("There is no terminal to ask at; these options are missing:\n    "
                    + String.join("\n    ", given.missing()) + "\nNothing was written.");
        }
        return given;
    }

    private static void tell(FirstFile first, Answers answers, PrintWriter out) {
        Optional<HostName> self = Optional.empty();
        String unknown = "";
        try {
            self = Optional.of(ConfigurationLoader.load(first.path())
                    .whichNode(Optional.empty(), System.getenv(), Common::hostName));
        } catch (ConfigurationException e) {
            unknown = "\nOn this server: " + e.getMessage();
        }
        new NextSteps(first, answers, self).lines().forEach(out::println);
        out.println(unknown);
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
