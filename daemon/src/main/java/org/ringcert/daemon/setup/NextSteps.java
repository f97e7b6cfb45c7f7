package org.ringcert.daemon.setup;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.config.PublicCa;
import org.ringcert.daemon.snippets.WebServer;
import org.ringcert.daemon.snippets.haproxy.HaproxyService;
import org.ringcert.store.StoreLayout;

/** The steps after the file has been written, with commands to copy. */
public final class NextSteps {

    private static final String INDENT = "    ";
    private static final Path DEFAULT_FILE = ConfigurationLoader.DEFAULT_FILE;

    private final NewConfigurationFile file;
    private final Answers answers;
    private final Port80 port80;
    private final Optional<HostName> self;
    private final Instant now;
    private final List<String> lines = new ArrayList<>();
    private int steps;

    /**
     * Creates the steps after this file has been written.
     *
     * @param answers those from which it was written; complete
     * @param self which of the servers this is, if known
     * @param now the present time
     */
    public NextSteps(NewConfigurationFile file, Answers answers, Optional<HostName> self, Instant now) {
        this.now = now;
        this.file = file;
        this.answers = answers;
        this.port80 = answers.parsedPort80();
        this.self = self;
    }

    /** Returns the lines to print. */
    public List<String> lines() {
        lines.clear();
        steps = 0;
        lines.add("Wrote " + file.path() + ".");
        noteLimit();
        noteCostOfRelay();
        copyFile();
        answers.credentialsFile().ifPresent(this::writeCredentials);
        port80.webServer().ifPresent(this::configureChallenges);
        start();
        port80.webServer()
                .ifPresent(server -> step(
                        "On every server: check that it answers challenges under every name. The command reports what prevents it:",
                        "ringcert web " + server.label() + " --try"));
        step(
                "On every server: check that the CA's validation will succeed, as all servers see it. The command reports"
                        + " what prevents it:",
                "ringcert check");
        // Before the certificates are awaited: servers look at each other's port 443 to see whose turn it is.
        port80.webServer().ifPresentOrElse(this::configureHttps, this::listCertificateFiles);
        step(
                "On every server: wait until all certificates are good, which takes a minute or two. If the CA's limits"
                        + " make a server wait longer, `ringcert plan` says until when:",
                "ringcert status");
        if (answers.ca().filter(PublicCa.LETSENCRYPT_STAGING.label()::equals).isPresent()) {
            switchToProduction();
        }
        return List.copyOf(lines);
    }

    private void noteLimit() {
        boolean isLimited = answers.knownCa().filter(PublicCa::isLetsEncrypt).isPresent();
        if (isLimited) {
            lines.addAll(new RolloutNote(answers, now).lines());
        }
    }

    private void noteCostOfRelay() {
        List<String> cost = answers.costOfRelay();
        if (!cost.isEmpty()) {
            lines.add("");
            lines.add("Note: " + cost.getFirst());
            lines.addAll(cost.subList(1, cost.size()));
        }
    }

    private void writeCredentials(String path) {
        PublicCa ca = answers.knownCa().orElseThrow();
        step(
                "On every server: get a key id and an HMAC key of " + ca.displayName() + " "
                        + ca.credentialsSource().orElseThrow() + ". Write them into a file, as two lines, kid = ... and"
                        + " hmac = ...:",
                "install -m 600 -o ringcert /dev/null " + path,
                "editor " + path);
    }

    private void switchToProduction() {
        step(
                "On every server: when all is well, switch to the CA that browsers trust:",
                "sed -i 's/^directory = \"letsencrypt-staging\"/directory = \"letsencrypt\"/' " + DEFAULT_FILE,
                hasDaemon() ? "systemctl reload ringcert" : "systemctl start ringcert-renew");
    }

    private boolean hasDaemon() {
        return !(port80 instanceof Port80.FilesOnPort80);
    }

    /** The services read the default file, so every server must have it there. */
    private void copyFile() {
        boolean isDefaultFile = file.path().equals(DEFAULT_FILE);
        List<String> commands = new ArrayList<>();
        if (!isDefaultFile && self.isPresent()) {
            commands.add("install -D -m 644 " + file.path() + " " + DEFAULT_FILE);
        }
        if (isDefaultFile ? answers.servers().size() > 1 : !others().isEmpty()) {
            commands.addAll(onOthers(
                    "ssh root@$server mkdir -p " + DEFAULT_FILE.getParent(),
                    "scp " + file.path() + " root@$server:" + DEFAULT_FILE));
        }
        if (commands.isEmpty()) {
            return;
        }
        String hint = isDefaultFile && self.isEmpty() ? " (leave this one out)" : "";
        step(
                isDefaultFile
                        ? "Every server needs the same file. Copy it from this server to the others" + hint + ":"
                        : "Every server needs this file as " + DEFAULT_FILE + ":",
                commands.toArray(String[]::new));
    }

    /** All at the same time: an order fails, and waits a minute, if the CA comes before the other servers answer. */
    private void start() {
        String units = (hasDaemon() ? "ringcert" : "ringcert-renew.timer")
                + port80.webServer()
                        .map(server -> " ringcert-reload@" + server.service() + ".path")
                        .orElse("");
        stepOnAll(
                "When all servers are ready, "
                        + (reachesOthers() ? "start them all at the same time:" : "on each of them at the same time:"),
                "systemctl enable --now " + units);
        if (!hasDaemon()) {
            // The timer alone would order nothing before its next time.
            stepOnAll(
                    "Order the first certificates, on all servers at the same time:", "systemctl start ringcert-renew");
        }
    }

    private void stepOnAll(String heading, String command) {
        if (!reachesOthers()) {
            step(heading, command);
            return;
        }
        List<String> commands = new ArrayList<>(onOthers("ssh root@$server " + command + " &"));
        commands.add(command);
        commands.add("wait");
        step(heading, commands.toArray(String[]::new));
    }

    /** Returns whether the commands can start on this server and reach the others. */
    private boolean reachesOthers() {
        return self.isPresent() && !others().isEmpty();
    }

    private List<String> onOthers(String... commands) {
        List<String> lines = new ArrayList<>();
        lines.add("for server in " + String.join(" ", others()) + "; do");
        Stream.of(commands).map(command -> "  " + command).forEach(lines::add);
        lines.add("done");
        return lines;
    }

    /** Returns all servers, without this one if it is known. */
    private List<String> others() {
        return answers.servers().stream()
                .filter(server -> self.filter(name -> name.value().equalsIgnoreCase(server))
                        .isEmpty())
                .toList();
    }

    private void configureChallenges(WebServer server) {
        String print = "ringcert web " + server.label();
        String heading = "On every server: have " + server.label()
                + " answer challenges and redirect everything else on port 80 to https."
                + " The command lists the virtual hosts that need a line:";
        switch (server) {
            case APACHE ->
                step(
                        heading,
                        print + " --fragment > " + fragment(server),
                        print + " > /etc/apache2/sites-available/00-ringcert.conf",
                        "a2enmod rewrite " + (port80 instanceof Port80.FilesOnPort80 ? "headers" : "proxy proxy_http"),
                        "a2ensite 00-ringcert",
                        "apachectl -t && systemctl reload apache2");
            case NGINX ->
                step(
                        heading,
                        print + " --fragment > " + fragment(server),
                        print + " > /etc/nginx/conf.d/ringcert.conf",
                        "rm -f /etc/nginx/sites-enabled/default",
                        "nginx -t && systemctl reload nginx");
            case HAPROXY ->
                step(
                        heading.replaceFirst(
                                ":$",
                                "; if a frontend of yours uses port 80 itself, add the output of `" + print
                                        + " --fragment` to it instead:"),
                        print + " >> " + HaproxyService.DEFAULT_FILE,
                        "haproxy -c -f " + HaproxyService.DEFAULT_FILE + " && systemctl reload haproxy");
        }
    }

    private static String fragment(WebServer server) {
        return server.folder() + server.fragment();
    }

    private void configureHttps(WebServer server) {
        String print = "ringcert web " + server.label();
        List<String> sites = answers.sites().stream().map(SiteNames::first).toList();
        String forEachSite = "for site in " + String.join(" ", sites) + "; do";
        String heading =
                "On every server: add https for the sites. If a virtual host exists already, copy only the two lines about certificates:";
        switch (server) {
            case APACHE ->
                step(
                        heading,
                        "a2enmod ssl",
                        forEachSite,
                        "  " + print + " --site $site > /etc/apache2/sites-available/$site-https.conf",
                        "  a2ensite $site-https",
                        "done",
                        "apachectl -t && systemctl reload apache2");
            case NGINX ->
                step(
                        heading,
                        forEachSite,
                        "  " + print + " --site $site > /etc/nginx/conf.d/$site.conf",
                        "done",
                        "nginx -t && systemctl reload nginx");
            case HAPROXY ->
                step(
                        heading,
                        print + sites.stream().map(site -> " --site " + site).collect(Collectors.joining()) + " >> "
                                + HaproxyService.DEFAULT_FILE,
                        "haproxy -c -f " + HaproxyService.DEFAULT_FILE + " && systemctl reload haproxy");
        }
    }

    private void listCertificateFiles() {
        lines.add("");
        lines.add(
                ++steps
                        + ". On every server: have your https server read these files, and configure in [deploy] how to reload it:");
        lines.add("");
        Path certificates = new StoreLayout(Configuration.DEFAULT_STORE).certificates();
        for (SiteNames site : answers.sites()) {
            lines.add(INDENT + certificates + "/" + site.first() + "/fullchain.pem and privkey.pem");
        }
    }

    private void step(String heading, String... commands) {
        lines.add("");
        lines.add(++steps + ". " + heading);
        lines.add("");
        for (String command : commands) {
            lines.add(INDENT + command);
        }
    }
}
