package org.ringcert.daemon.setup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ringcert.daemon.config.CaHandoff;
import org.ringcert.daemon.config.ConfigurationException;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.config.Finding;
import org.ringcert.daemon.config.PublicCa;

/**
 * What is known so far about the file to write. Immutable.
 *
 * @param ca the name of a known CA, or the URL of a directory
 * @param terms the user's decision about the CA's terms of service
 * @param contact an e-mail address; an empty one means that the user wants none
 * @param servers the servers' names, in the order of the ring
 * @param port80 what answers on port 80: ringcert, apache, nginx or haproxy
 * @param mode how challenges get answers if that is a web server: proxy or files
 */
public record Answers(
        Optional<String> ca,
        Optional<Terms> terms,
        Optional<String> contact,
        List<String> servers,
        List<SiteNames> sites,
        Optional<String> port80,
        Optional<String> mode) {

    /** No answers yet. */
    public static final Answers NONE = new Answers(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty());

    /** Placeholders for missing answers, so that the given ones can be checked. */
    private static final List<String> PLACEHOLDER_NAMES =
            List.of("not-answered-yet-1.example.org", "not-answered-yet-2.example.org");

    private static final String PLACEHOLDER_CA = "https://not-answered-yet.example.org/";

    private static final String PLACEHOLDER_CONTACT = "not-answered-yet@ringcert.org";

    private static final Pattern LINE_REFERENCE = Pattern.compile("\\bline ([0-9]+)");

    public Answers {
        servers = List.copyOf(servers);
        sites = List.copyOf(sites);
    }

    public Answers withCa(String answer) {
        return new Answers(Optional.of(answer), terms, contact, servers, sites, port80, mode);
    }

    public Answers withTerms(Terms answer) {
        return new Answers(ca, Optional.of(answer), contact, servers, sites, port80, mode);
    }

    public Answers withContact(String answer) {
        return new Answers(ca, terms, Optional.of(answer), servers, sites, port80, mode);
    }

    public Answers withServers(List<String> answer) {
        return new Answers(ca, terms, contact, answer, sites, port80, mode);
    }

    public Answers withSites(List<SiteNames> answer) {
        return new Answers(ca, terms, contact, servers, answer, port80, mode);
    }

    public Answers withPort80(String answer) {
        return new Answers(ca, terms, contact, servers, sites, Optional.of(answer), mode);
    }

    public Answers withMode(String answer) {
        return new Answers(ca, terms, contact, servers, sites, port80, Optional.of(answer));
    }

    /** Returns the answers with one more server. */
    Answers plusServer(String name) {
        return withServers(plus(servers, name));
    }

    /** Returns the answers with one more site. */
    Answers plusSite(SiteNames names) {
        return withSites(plus(sites, names));
    }

    private static <T> List<T> plus(List<T> list, T element) {
        List<T> longer = new ArrayList<>(list);
        longer.add(element);
        return longer;
    }

    /** Returns the options for the required answers that are missing. If there are none, a file can be written. */
    public List<String> missingOptions() {
        List<String> options = new ArrayList<>();
        if (ca.isEmpty()) {
            options.add("--ca letsencrypt");
        }
        if (terms.isEmpty()) {
            options.add("--agree-to-terms");
        }
        if (contact.isEmpty() && knownCa().filter(PublicCa::needsContact).isPresent()) {
            options.add("--contact ADDRESS (this CA needs one)");
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

    /** Checks the answers by the rules of the configuration, and returns a line for each mistake. */
    public List<String> mistakes() {
        try {
            completed().parsedPort80();
        } catch (IllegalArgumentException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
        if (lacksDaemonForRelay()) {
            return List.of(knownCa().orElseThrow().displayName()
                    + " is not known to follow redirects from one server to another, so its challenges need the daemon on"
                    + " every server: choose the mode proxy (--mode proxy), or another CA");
        }
        String text = NewConfigurationFile.text(completed());
        try {
            ConfigurationLoader.parse(ConfigurationLoader.DEFAULT_FILE, text);
            return List.of();
        } catch (ConfigurationException e) {
            List<String> lines = text.lines().toList();
            return e.mistakes().stream()
                    .map(Finding::message)
                    .map(message -> quoteLines(message, lines))
                    .toList();
        }
    }

    private boolean lacksDaemonForRelay() {
        return !costOfRelay().isEmpty() && completed().parsedPort80() instanceof Port80.FilesOnPort80;
    }

    /** The user has not seen the file, so a reference to a line is replaced by the line itself. */
    private static String quoteLines(String message, List<String> lines) {
        return LINE_REFERENCE.matcher(message).replaceAll(match -> {
            int line = Integer.parseInt(match.group(1));
            return Matcher.quoteReplacement(
                    "`" + lines.get(Math.min(line, lines.size()) - 1).strip() + "`");
        });
    }

    /**
     * Returns the answers about port 80.
     *
     * @throws IllegalArgumentException if they are wrong; the message says what would be right
     */
    Port80 parsedPort80() {
        return Port80.parse(port80.orElseThrow(), mode);
    }

    /** Returns the CA if it is a known one. */
    Optional<PublicCa> knownCa() {
        return ca.flatMap(PublicCa::named);
    }

    /** Returns the file for the credentials that the CA gives to its customers; empty if it needs none. */
    Optional<String> credentialsFile() {
        return knownCa()
                .filter(known -> known.credentialsSource().isPresent())
                .map(known -> "/etc/ringcert/" + known.label() + ".eab");
    }

    /**
     * Returns what a CA whose challenges are relayed costs in trust, one sentence to a line. Empty for other CAs, and
     * for a single server, which relays nothing.
     */
    List<String> costOfRelay() {
        return knownCa()
                .filter(known -> known.handoff() == CaHandoff.RELAY && servers.size() != 1)
                .map(known -> List.of(
                        known.displayName()
                                + " is not known to follow redirects from one server to another, so a server"
                                + " fetches the answer from another and gives it itself.",
                        "Whoever can change traffic between the servers can then answer for your sites, to every CA:"
                                + " publish CAA records with accounturi (docs/cas.md)."))
                .orElse(List.of());
    }

    private Answers completed() {
        List<String> allServers = new ArrayList<>(servers);
        // Two servers at least, because some rules do not apply to a single one.
        PLACEHOLDER_NAMES.stream().skip(Math.min(servers.size(), 2)).forEach(allServers::add);
        return new Answers(
                Optional.of(ca.orElse(PLACEHOLDER_CA)),
                Optional.of(terms.orElse(Terms.ACCEPTED)),
                contact.or(() -> knownCa().filter(PublicCa::needsContact).map(_ -> PLACEHOLDER_CONTACT)),
                allServers,
                sites.isEmpty() ? List.of(new SiteNames(PLACEHOLDER_NAMES)) : sites,
                Optional.of(port80.orElse(mode.isPresent() ? "apache" : Port80.DAEMON)),
                mode);
    }
}
