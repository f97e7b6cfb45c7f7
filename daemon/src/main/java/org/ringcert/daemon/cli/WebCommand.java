package org.ringcert.daemon.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ListenAddress;
import org.ringcert.daemon.config.NodeSettings;
import org.ringcert.daemon.snippets.Advice;
import org.ringcert.daemon.snippets.HttpsSite;
import org.ringcert.daemon.snippets.ServingMode;
import org.ringcert.daemon.snippets.Snippets;
import org.ringcert.daemon.snippets.WebNode;
import org.ringcert.daemon.snippets.WebServer;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoreLayout;

/**
 * {@code ringcert web}: prints configuration for a web server that uses port 80 itself. Standard output is for a file;
 * what else has to be done goes to standard error.
 */
final class WebCommand extends Command {

    private static final String LISTEN_ELSEWHERE =
            "`listen = [\"" + ServingMode.USUAL_DAEMON_ADDRESS + "\"]` in [front], or in this server's [[node]]";

    private final Supplier<String> server = parameter("SERVER", "apache, nginx or haproxy");
    private final Supplier<Optional<String>> mode = option(
            "--mode",
            "MODE",
            "proxy: pass challenges on to the daemon; files: serve them without a daemon"
                    + " (default: files if `listen` is [], otherwise proxy)");
    private final BooleanSupplier fragment = flag("--fragment", "print the rules that existing virtual hosts include");
    private final Supplier<List<String>> siteNames =
            options("--site", "SITE", "print the https virtual host of that site; may be given several times");
    private final BooleanSupplier trial = flag(
            "--try",
            "request a challenge from this very server, for each name and at each address, and report wrong answers");
    private final BooleanSupplier json =
            flag("--json", "with --try: print JSON for programs; later versions only add keys");
    private final NodeOptions options = new NodeOptions(this);

    WebCommand() {
        super(
                "Prints configuration for Apache, nginx or HAProxy: answers to challenges, and a redirect to https for everything else.");
    }

    @Override
    public Integer call() throws UsageException, StoreException {
        WebServer web = web();
        if (fragment.getAsBoolean() && !siteNames.get().isEmpty()) {
            throw new UsageException("--fragment and --site print different things; choose one");
        }
        if (trial.getAsBoolean() && (fragment.getAsBoolean() || !siteNames.get().isEmpty())) {
            throw new UsageException("--try prints no configuration, unlike --fragment and --site; leave one out");
        }
        if (json.getAsBoolean() && !trial.getAsBoolean()) {
            throw new UsageException("--json goes with --try; everything else printed here is for the web server");
        }
        ConfiguredNode configured = options.load();
        Configuration configuration = configured.configuration();
        List<Site> sites = configured.sites(siteNames.get());
        WebNode node = node(configuration, configured.self());
        ServingMode servingMode = servingMode(web, configuration, configuration.node(configured.self()));
        if (trial.getAsBoolean()) {
            return runTrial(web, servingMode, node, configured);
        }
        out().print(text(web, servingMode, node, https(configuration, sites)));
        out().flush();
        if (siteNames.get().isEmpty()) {
            new Advice(web, node).lines().forEach(err()::println);
        }
        err().println("# After " + web.label() + " has been reloaded, check it with: ringcert web " + web.label()
                + " --try");
        return ExitStatus.OK;
    }

    private WebServer web() throws UsageException {
        Optional<WebServer> named = WebServer.named(server.get());
        if (named.isEmpty()) {
            String meant = WebServer.guess(server.get())
                    .map(web -> "; did you mean " + web.label() + "?")
                    .orElse("");
            throw new UsageException(server.get() + " is not one of these web servers: apache, nginx, haproxy" + meant);
        }
        return named.get();
    }

    private int runTrial(WebServer web, ServingMode servingMode, WebNode node, ConfiguredNode configured)
            throws StoreException {
        Optional<InetSocketAddress> daemon = switch (servingMode) {
            case ServingMode.FromFiles() -> Optional.empty();
            case ServingMode.ThroughDaemon(var address) -> Optional.of(socketAddress(address));
        };
        TrialReport report = new WebTrial(web, node, configured, daemon).run();
        out().print(json.getAsBoolean() ? report.json() : report.text());
        out().flush();
        return report.isCorrect() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private static InetSocketAddress socketAddress(String address) {
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
        return new InetSocketAddress(InetAddress.ofLiteral(host), Integer.parseInt(address.substring(colon + 1)));
    }

    private String text(WebServer web, ServingMode servingMode, WebNode node, List<HttpsSite> sites)
            throws UsageException {
        try {
            Snippets snippets = new Snippets(web, servingMode, node);
            return siteNames.get().isEmpty()
                    ? (fragment.getAsBoolean() ? snippets.fragment() : snippets.server())
                    : snippets.https(sites);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static List<HttpsSite> https(Configuration configuration, List<Site> sites) {
        return sites.stream()
                .map(site -> new HttpsSite(site, configuration.certificates(site)))
                .toList();
    }

    private static WebNode node(Configuration configuration, HostName self) {
        StoreLayout store = new StoreLayout(configuration.store());
        List<Path> challenges = new ArrayList<>(List.of(store.challenges()));
        challenges.addAll(configuration.front().otherChallengeDirectories());
        return new WebNode(
                configuration.cluster(self),
                configuration.sites(),
                configuration.sites().stream()
                        .flatMap(site -> configuration.uniqueNames(site).stream())
                        .toList(),
                challenges,
                store.certificates(),
                configuration.front().redirectOtherHosts(),
                configuration.node(self).https().port(),
                Files.exists(Path.of("/proc/net/if_inet6")));
    }

    private ServingMode servingMode(WebServer web, Configuration configuration, NodeSettings settings)
            throws UsageException {
        int port = settings.node().port();
        Optional<ListenAddress> conflict = settings.listen().stream()
                .filter(address -> address.port() == port)
                .findFirst();
        if (conflict.isPresent()) {
            throw new UsageException("the daemon listens on " + conflict.get() + ", but " + web.label() + " needs port "
                    + port + "; write " + LISTEN_ELSEWHERE + ", or `listen = []` for --mode files");
        }
        String requested = mode.get().orElse(settings.listen().isEmpty() ? "files" : "proxy");
        return switch (requested) {
            case "files" -> files(web, configuration.front().handoff());
            case "proxy" -> new ServingMode.ThroughDaemon(daemon(settings.listen()));
            default -> throw new UsageException("--mode must be proxy or files, not " + requested);
        };
    }

    private static ServingMode files(WebServer web, HandoffMode handoff) throws UsageException {
        if (!web.servesFiles()) {
            throw new UsageException("HAProxy serves no files and needs the daemon: write " + LISTEN_ELSEWHERE);
        }
        if (handoff == HandoffMode.RELAY) {
            throw new UsageException(
                    "`handoff = \"relay\"` is set in [front], but a web server cannot relay, only redirect: write"
                            + " `handoff = \"ring\"`, or, to use the daemon, " + LISTEN_ELSEWHERE);
        }
        return new ServingMode.FromFiles();
    }

    /** Returns the first address that can be reached over loopback. */
    private static String daemon(List<ListenAddress> listen) throws UsageException {
        if (listen.isEmpty()) {
            throw new UsageException(
                    "with `listen = []` there is no daemon to pass challenges on to: write " + LISTEN_ELSEWHERE);
        }
        return listen.stream()
                .filter(address -> address.address().isLoopbackAddress()
                        || address.address().isAnyLocalAddress())
                .findFirst()
                .map(address ->
                        address.address().isAnyLocalAddress() ? "127.0.0.1:" + address.port() : address.toString())
                .orElseThrow(() -> new UsageException("the daemon listens on " + listen.getFirst()
                        + ", but trusts a web server in front of it only over loopback: write " + LISTEN_ELSEWHERE));
    }
}
