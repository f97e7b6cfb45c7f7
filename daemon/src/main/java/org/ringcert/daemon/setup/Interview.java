package org.ringcert.daemon.setup;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import org.ringcert.daemon.config.PublicCa;
import org.ringcert.daemon.snippets.WebServer;

/**
 * Asks the user for the missing answers. Each answer is checked at once, and asked for again until it is right. Not
 * thread-safe.
 */
public final class Interview {

    private final Terminal terminal;
    private final Optional<String> programOnPort80;

    /** @param programOnPort80 the program that uses port 80 of this server now, if any */
    public Interview(Terminal terminal, Optional<String> programOnPort80) {
        this.terminal = terminal;
        this.programOnPort80 = programOnPort80;
    }

    /**
     * Asks for everything that these answers leave open, and returns all answers.
     *
     * @throws SetupException if the input ends first, or the user does not agree to the terms
     */
    public Answers complete(Answers given) throws SetupException {
        Answers answers = given;
        if (answers.ca().isEmpty()) {
            answers = askCa(answers);
        }
        if (answers.terms().isEmpty()) {
            answers = askTerms(answers);
        }
        if (answers.contact().isEmpty()) {
            boolean needed = answers.knownCa().filter(PublicCa::needsContact).isPresent();
            answers = ask(
                    "E-mail address for the CA" + (needed ? "" : " (leave empty for none)"),
                    "",
                    answers,
                    Answers::withContact);
        }
        if (answers.servers().isEmpty()) {
            answers = askServers(answers);
        }
        if (answers.sites().isEmpty()) {
            answers = askSites(answers);
        }
        if (answers.port80().isEmpty()) {
            answers = askPort80(answers);
        }
        if (answers.mode().isEmpty()
                && answers.parsedPort80() instanceof Port80.ProxyOnPort80(var server)
                && server.servesFiles()) {
            answers = askMode(answers, server);
        }
        return answers;
    }

    private Answers askCa(Answers answers) throws SetupException {
        terminal.print(
                "The CA is letsencrypt, letsencrypt-staging (for testing; no browser trusts it), zerossl, google, sslcom,"
                        + " actalis, or the URL of another CA's directory.");
        Answers answered = ask("CA", "letsencrypt", answers, Answers::withCa);
        answered.costOfRelay().forEach(terminal::print);
        return answered;
    }

    private Answers askTerms(Answers answers) throws SetupException {
        String place = answers.knownCa()
                .flatMap(PublicCa::terms)
                .map(url -> "They are at " + url)
                .orElse("Its directory links to them");
        terminal.print("You must have read the terms of service of "
                + answers.knownCa().map(PublicCa::displayName).orElse("the CA") + " and agree to them. " + place);
        Answers answered = ask(
                "Do you agree (yes or no)",
                "",
                answers,
                (current, line) -> terms(line) == Terms.ACCEPTED ? current.withTerms(Terms.ACCEPTED) : current);
        if (answered.terms().isEmpty()) {
            throw new SetupException("No CA issues certificates without that. Nothing was written.");
        }
        return answered;
    }

    private static Terms terms(String line) {
        return switch (line.toLowerCase(Locale.ROOT)) {
            case "y", "yes" -> Terms.ACCEPTED;
            case "n", "no" -> Terms.DECLINED;
            default -> throw new IllegalArgumentException("write yes or no");
        };
    }

    private Answers askServers(Answers answers) throws SetupException {
        terminal.print("Enter the servers, each by a public name that leads to it alone. An empty line ends the list.");
        return askList(
                "Server",
                answers,
                Answers::plusServer,
                current -> current.servers().size());
    }

    private Answers askSites(Answers answers) throws SetupException {
        terminal.print("Enter the sites, each with all its names, separated by commas. The first is the name of the"
                + " certificate. An empty line ends the list.");
        return askList(
                "Site",
                answers,
                (current, line) -> current.plusSite(SiteNames.parse(line)),
                current -> current.sites().size());
    }

    private Answers askPort80(Answers answers) throws SetupException {
        terminal.print(programOnPort80
                .map(name -> name + " uses port 80 of this server.")
                .orElse("Nothing listens on port 80 of this server."));
        String preset = programOnPort80
                .map(name -> WebServer.ofProgram(name).map(WebServer::label).orElse(""))
                .orElse(Port80.DAEMON);
        return ask("What should answer on port 80 (" + Port80.choices() + ")", preset, answers, Answers::withPort80);
    }

    private Answers askMode(Answers answers, WebServer server) throws SetupException {
        terminal.print("proxy: " + server.label() + " hands challenges over to the daemon.");
        terminal.print("files: " + server.label()
                + " serves challenges itself, without a daemon. The CA is then sent from server to server, and a");
        terminal.print("server that is down ends the walk.");
        return ask("Mode (proxy or files)", Port80.PROXY, answers, Answers::withMode);
    }

    /** Asks until the user enters an empty line. At least one element is required. */
    private Answers askList(
            String name, Answers start, BiFunction<Answers, String, Answers> plus, ToIntFunction<Answers> count)
            throws SetupException {
        Answers answers = start;
        while (true) {
            String question = name + " " + (count.applyAsInt(answers) + 1);
            Answers next =
                    ask(question, "", answers, (current, line) -> line.isEmpty() ? current : plus.apply(current, line));
            if (!next.equals(answers)) {
                answers = next;
            } else if (count.applyAsInt(answers) > 0) {
                return answers;
            } else {
                terminal.print("  At least one is required.");
            }
        }
    }

    /**
     * Asks until the answer is right.
     *
     * @param preset the answer that an empty line gives
     */
    private Answers ask(String question, String preset, Answers answers, BiFunction<Answers, String, Answers> with)
            throws SetupException {
        String prompt = question + (preset.isEmpty() ? ": " : " [" + preset + "]: ");
        while (true) {
            String line = terminal.ask(prompt)
                    .map(String::strip)
                    .orElseThrow(() -> new SetupException("The input has ended. Nothing was written."));
            try {
                Answers next = with.apply(answers, line.isEmpty() ? preset : line);
                List<String> mistakes = next.mistakes();
                if (mistakes.isEmpty()) {
                    return next;
                }
                mistakes.forEach(mistake -> terminal.print("  " + mistake));
            } catch (IllegalArgumentException e) {
                terminal.print("  " + e.getMessage());
            }
        }
    }
}
