package org.ringcert.daemon.setup;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ringcert.daemon.config.ConfigurationException;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.config.Finding;

/**
 * What is known so far of the file that is to be written. Immutable.
 *
 * @param ca the CA: a known name, or the URL of a directory
 * @param agreed whether its terms are agreed to
 * @param contact an e-mail address; an empty one is the answer that there is none
 * @param servers their names, in the order of the ring
 * @param sites their names
 * @param port80 what answers there: ringcert, apache, nginx or haproxy
 * @param mode how a web server there comes by its answers: proxy or files
 */
public record Answers(
        Optional<String> ca,
        Optional<Boolean> agreed,
        Optional<String> contact,
        List<String> servers,
        List<List<String>> sites,
        Optional<String> port80,
        Optional<String> mode) {

    /** Nothing is known. */
    public static final Answers NONE = new Answers(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty());

    /** Stand for what is not known yet, so that what is known can be checked. */
    private static final List<String> SOME_SERVERS =
            List.of("not-answered-yet-1.example.org", "not-answered-yet-2.example.org");

    private static final String SOME_CA = "https://not-answered-yet.example.org/";

    private static final Pattern LINE = Pattern.compile("\\bline ([0-9]+)");

    public Answers {
        servers = List.copyOf(servers);
        sites = sites.stream().map(List::copyOf).toList();
    }

    /** The names of a site as a person writes them: with commas or blanks between. */
    public static List<String> names(String written) {
        return Arrays.stream(written.split("[,\\s]+"))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    public Answers withCa(String answer) {
        return new Answers(Optional.of(answer), agreed, contact, servers, sites, port80, mode);
    }

    public Answers withAgreed(boolean answer) {
        return new Answers(ca, Optional.of(answer), contact, servers, sites, port80, mode);
    }

    public Answers withContact(String answer) {
        return new Answers(ca, agreed, Optional.of(answer), servers, sites, port80, mode);
    }

    public Answers withServers(List<String> answer) {
        return new Answers(ca, agreed, contact, answer, sites, port80, mode);
    }

    public Answers withSites(List<List<String>> answer) {
        return new Answers(ca, agreed, contact, servers, answer, port80, mode);
    }

    public Answers withPort80(String answer) {
        return new Answers(ca, agreed, contact, servers, sites, Optional.of(answer), mode);
    }

    public Answers withMode(String answer) {
        return new Answers(ca, agreed, contact, servers, sites, port80, Optional.of(answer));
    }

    Answers withServer(String name) {
        return withServers(and(servers, name));
    }

    Answers withSite(List<String> names) {
        return withSites(and(sites, names));
    }

    private static <T> List<T> and(List<T> list, T more) {
        List<T> longer = new ArrayList<>(list);
        longer.add(more);
        return longer;
    }

    /** The options that would say what is not known and has to be; none where a file can be written. */
    public List<String> missing() {
        List<String> options = new ArrayList<>();
        if (ca.isEmpty()) {
            options.add("--ca letsencrypt");
        }
        if (agreed.isEmpty()) {
            options.add("--agree-to-terms");
        }
        if (servers.isEmpty()) {
            options.add("--server NAME (once for each server)");
        }
        if (sites.isEmpty()) {
            options.add("--site NAME,NAME (once for each site)");
        }
        if (port80.isEmpty()) {
            options.add("--port-80 " + Port80.choices().replace(", ", "|"));
        }
        return options;
    }

    /** What is wrong with what is known, by the rules of the configuration; a line for each. */
    public List<String> mistakes() {
        try {
            completed().port80AsKnown();
        } catch (IllegalArgumentException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
        String text = NewConfigurationFile.text(completed());
        try {
            ConfigurationLoader.parse(ConfigurationLoader.DEFAULT_FILE, text);
            return List.of();
        } catch (ConfigurationException e) {
            List<String> lines = text.lines().toList();
            return e.mistakes().stream()
                    .map(Finding::message)
                    .map(message -> withAnswers(message, lines))
                    .toList();
        }
    }

    /** @throws IllegalArgumentException if it is none that could be; the message says what would be right */
    Port80 port80AsKnown() {
        return Port80.of(port80.orElseThrow(), mode);
    }

    private Answers completed() {
        List<String> some = new ArrayList<>(servers);
        // a server alone is not held against all rules, and no cluster stays so small
        SOME_SERVERS.stream().skip(Math.min(servers.size(), 2)).forEach(some::add);
        return new Answers(
                Optional.of(ca.orElse(SOME_CA)),
                Optional.of(agreed.orElse(true)),
                contact,
                some,
                sites.isEmpty() ? List.of(SOME_SERVERS) : sites,
                Optional.of(port80.orElse(mode.isPresent() ? "apache" : Port80.DAEMON)),
                mode);
    }

    /** A line of a file that nobody has seen says nothing; what stands in it does. */
    private static String withAnswers(String message, List<String> lines) {
        return LINE.matcher(message).replaceAll(match -> {
            int line = Integer.parseInt(match.group(1));
            return Matcher.quoteReplacement(
                    "`" + lines.get(Math.min(line, lines.size()) - 1).strip() + "`");
        });
    }
}
