package org.ringcert.daemon.setup;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import org.ringcert.daemon.snippets.WebServer;

/**
 * Asks a person for what is not known yet. Every answer is checked at once, and asked for again as long as something is
 * wrong with it. For one thread.
 */
public final class Interview {

    private final Terminal terminal;
    private final Optional<String> seen;

    /**
     * An interview that has not begun.
     *
     * @param seen the program that has port 80 now, as far as that can be told
     */
    public Interview(Terminal terminal, Optional<String> seen) {
        this.terminal = terminal;
        this.seen = seen;
    }

    /**
     * Asks for all that those answers leave open.
     *
     * @throws SetupException if the answers end before that
     */
    public Answers complete(Answers given) throws SetupException {
        Answers answers = given;
        if (answers.ca().isEmpty()) {
            terminal.say(
                    "The CA: letsencrypt; letsencrypt-staging, for trials, which no browser trusts; or the URL of another's directory.");
            answers = ask("CA", "letsencrypt", answers, Answers::withCa);
        }
        if (answers.agreed().isEmpty()) {
            terminal.say(
                    "You need to have read its terms of service and agree to them. Let's Encrypt's: https://letsencrypt.org/repository/");
            answers = ask("Do you agree (yes or no)", "", answers, (now, line) -> now.withAgreed(yes(line)));
        }
        if (answers.contact().isEmpty()) {
            answers = ask("E-mail address that the CA is told (none: leave empty)", "", answers, Answers::withContact);
        }
        if (answers.servers().isEmpty()) {
            terminal.say("The servers, each by its public name, which leads to it alone. An empty line ends the list.");
            answers = list(
                    "Server", answers, Answers::withServer, now -> now.servers().size());
        }
        if (answers.sites().isEmpty()) {
            terminal.say(
                    "The sites, each by all its names with commas between; the first names the certificate. An empty line ends the list.");
            answers = list(
                    "Site",
                    answers,
                    (now, line) -> now.withSite(Answers.names(line)),
                    now -> now.sites().size());
        }
        if (answers.port80().isEmpty()) {
            terminal.say(seen.map(name -> name + " has port 80 of this server.")
                    .orElse("Nobody has port 80 of this server."));
            String answer = seen.map(name ->
                            WebServer.ofProgram(name).map(WebServer::label).orElse(""))
                    .orElse(Port80.DAEMON);
            answers = ask(
                    "Port 80 is to be answered by (" + Port80.choices() + ")", answer, answers, Answers::withPort80);
        }
        if (answers.mode().isEmpty()
                && answers.port80AsKnown() instanceof Port80.Proxy(var server)
                && server.servesFiles()) {
            terminal.say("proxy: " + server.label()
                    + " hands challenges over to the daemon. files: it serves them itself, without a daemon; the");
            terminal.say("CA is then sent from server to server, and one that is down ends the walk.");
            answers = ask("Mode (proxy or files)", Port80.PROXY, answers, Answers::withMode);
        }
        return answers;
    }

    private static boolean yes(String line) {
        return switch (line.toLowerCase(Locale.ROOT)) {
            case "y", "yes" -> true;
            case "n", "no" -> false;
            default -> throw new IllegalArgumentException("write yes or no");
        };
    }

    private Answers list(
            String what, Answers begin, BiFunction<Answers, String, Answers> with, ToIntFunction<Answers> count)
            throws SetupException {
        Answers answers = begin;
        while (true) {
            Answers next = ask(
                    what + " " + (count.applyAsInt(answers) + 1),
                    "",
                    answers,
                    (now, line) -> line.isEmpty() ? now : with.apply(now, line));
            if (!next.equals(answers)) {
                answers = next;
            } else if (count.applyAsInt(answers) > 0) {
                return answers;
            } else {
                terminal.say("  There has to be one.");
            }
        }
    }

    /** @param preset what an empty line says */
    private Answers ask(String question, String preset, Answers answers, BiFunction<Answers, String, Answers> with)
            throws SetupException {
        String prompt = question + (preset.isEmpty() ? ": " : " [" + preset + "]: ");
        while (true) {
            String line = terminal.ask(prompt)
                    .map(String::strip)
                    .orElseThrow(() -> new SetupException("There are no more answers. Nothing was written."));
            try {
                Answers next = with.apply(answers, line.isEmpty() ? preset : line);
                List<String> mistakes = next.mistakes();
                if (mistakes.isEmpty()) {
                    return next;
                }
                mistakes.forEach(mistake -> terminal.say("  " + mistake));
            } catch (IllegalArgumentException e) {
                terminal.say("  " + e.getMessage());
            }
        }
    }
}
