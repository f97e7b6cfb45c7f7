package org.ringcert.daemon.setup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.snippets.WebServer;
import org.ringcert.store.StoreLayout;

/** What is to be done once the file is written, in commands to copy. */
public final class NextSteps {

    private static final String INDENT = "    ";
    private static final Path USUAL = ConfigurationLoader.DEFAULT_FILE;

    private final NewConfigurationFile file;
    private final Answers answers;
    private final Optional<HostName> self;
    private final List<String> lines = new ArrayList<>();
    private int steps;

    /**
     * For that file, which has been written by those answers.
     *
     * @param self which of the servers this is, if that is known
     */
    public NextSteps(NewConfigurationFile file, Answers answers, Optional<HostName> self) {
        this.file = file;
        this.answers = answers;
        this.self = self;
    }

    /** The lines to show. */
    public List<String> lines() {
        lines.clear();
        steps = 0;
        lines.add(file.path() + " is written.");
        copies();
        Port80 port80 = answers.port80AsKnown();
        port80.webServer().ifPresent(server -> challenges(server, port80));
        boolean daemon = !(port80 instanceof Port80.Files);
        start((daemon ? "ringcert" : "ringcert-renew.timer")
                + port80.webServer()
                        .map(server -> " ringcert-reload@" + server.service() + ".path")
                        .orElse(""));
        port80.webServer()
                .ifPresent(server -> step(
                        "Each answers challenges under every name, or says what keeps it from that:",
                        "ringcert web " + server.label() + " --try"));
        step("Each says what it has; go on when all is good, in half a minute or so:", "ringcert status");
        port80.webServer().ifPresentOrElse(this::https, this::files);
        if (answers.ca().filter("letsencrypt-staging"::equals).isPresent()) {
            step(
                    "When all is well, take the real CA, on every server:",
                    "sed -i 's/^directory = \"letsencrypt-staging\"/directory = \"letsencrypt\"/' " + USUAL,
                    daemon ? "systemctl reload ringcert" : "systemctl start ringcert-renew");
        }
        return List.copyOf(lines);
    }

    /** The services read the usual file, so that is where every server has it. */
    private void copies() {
        boolean isUsual = file.path().equals(USUAL);
        List<String> commands = new ArrayList<>();
        if (!isUsual && self.isPresent()) {
            commands.add("install -D -m 644 " + file.path() + " " + USUAL);
        }
        if (isUsual ? answers.servers().size() > 1 : !others().isEmpty()) {
            commands.addAll(onOthers(
                    "ssh root@$server mkdir -p " + USUAL.getParent(), "scp " + file.path() + " root@$server:" + USUAL));
        }
        if (!commands.isEmpty()) {
            String which = isUsual && self.isEmpty() ? ", so leave this one out" : "";
            step(
                    isUsual
                            ? "Every server has the same file. From this one to the others" + which + ":"
                            : "Every server has this file, as " + USUAL + ":",
                    commands.toArray(String[]::new));
        }
    }

    /** A server that orders before the others answer fails, and waits a minute. */
    private void start(String units) {
        String command = "systemctl enable --now " + units;
        if (self.isEmpty() || others().isEmpty()) {
            step("When all servers are so far, on each of them, at the same time:", command);
            return;
        }
        List<String> commands = new ArrayList<>(onOthers("ssh root@$server " + command + " &"));
        commands.add(command);
        commands.add("wait");
        step("When all servers are so far, on all of them at the same time:", commands.toArray(String[]::new));
    }

    private List<String> onOthers(String... commands) {
        List<String> lines = new ArrayList<>();
        lines.add("for server in " + String.join(" ", others()) + "; do");
        Stream.of(commands).map(command -> "  " + command).forEach(lines::add);
        lines.add("done");
        return lines;
    }

    /** All servers, but for this one where it is known. */
    private List<String> others() {
        return answers.servers().stream()
                .filter(server -> self.filter(name -> name.value().equalsIgnoreCase(server))
                        .isEmpty())
                .toList();
    }

    private void challenges(WebServer server, Port80 port80) {
        String print = "ringcert web " + server.label();
        String heading =
                "On every server: " + server.label() + " answers challenges, and sends all else on port 80 to https."
                        + " It is said which virtual hosts need a line:";
        switch (server) {
            case APACHE ->
                step(
                        heading,
                        print + " --fragment > " + fragment(server),
                        print + " > /etc/apache2/sites-available/00-ringcert.conf",
                        "a2enmod rewrite " + (port80 instanceof Port80.Files ? "headers" : "proxy proxy_http"),
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
                                "; where a frontend of yours has port 80 itself, add what `" + print
                                        + " --fragment` prints instead:"),
                        print + " >> /etc/haproxy/haproxy.cfg",
                        "haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy");
        }
    }

    private static String fragment(WebServer server) {
        return server.folder() + server.fragment();
    }

    private void https(WebServer server) {
        String print = "ringcert web " + server.label();
        List<String> sites = answers.sites().stream().map(List::getFirst).toList();
        String each = "for site in " + String.join(" ", sites) + "; do";
        String heading =
                "On every server: https for the sites. A virtual host that is there already gets the two lines about certificates instead:";
        switch (server) {
            case APACHE ->
                step(
                        heading,
                        "a2enmod ssl",
                        each,
                        "  " + print + " --site $site > /etc/apache2/sites-available/$site-https.conf",
                        "  a2ensite $site-https",
                        "done",
                        "apachectl -t && systemctl reload apache2");
            case NGINX ->
                step(
                        heading,
                        each,
                        "  " + print + " --site $site > /etc/nginx/conf.d/$site.conf",
                        "done",
                        "nginx -t && systemctl reload nginx");
            case HAPROXY ->
                step(
                        heading,
                        print + sites.stream().map(site -> " --site " + site).collect(Collectors.joining())
                                + " >> /etc/haproxy/haproxy.cfg",
                        "haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy");
        }
    }

    private void files() {
        lines.add("");
        lines.add(++steps
                + ". On every server: point what serves https at these files, and say in [deploy] how it is reloaded:");
        lines.add("");
        Path certificates = new StoreLayout(Configuration.DEFAULT_STORE).certificates();
        for (List<String> names : answers.sites()) {
            lines.add(INDENT + certificates + "/" + names.getFirst() + "/fullchain.pem and privkey.pem");
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
