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
import org.ringcert.daemon.snippets.ServingMode;
import org.ringcert.daemon.snippets.Snippets;
import org.ringcert.daemon.snippets.WebNode;
import org.ringcert.daemon.snippets.WebServer;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoreLayout;

/**
 * {@code ringcert web}: configuration for a web server that has port 80 itself. What is printed is for a file; what is
 * to be done beside it goes to standard error.
 */
final class WebCommand extends Command {

    private static final String ELSEWHERE = "`listen = [\"127.0.0.1:8080\"]` in [front], or in this server's [[node]]";

    private final Supplier<String> server = parameter("SERVER", "apache, nginx or haproxy");
    private final Supplier<Optional<String>> mode = option(
            "--mode",
            "MODE",
            "proxy: hand challenges to the daemon; files: serve them without one"
                    + " (default: files where `listen` is [], else proxy)");
    private final BooleanSupplier fragment = flag("--fragment", "what virtual hosts include that are there already");
    private final Supplier<List<String>> names =
            options("--site", "SITE", "the https virtual host of that site; may be given several times");
    private final BooleanSupplier attempt = flag(
            "--try",
            "asks this very server for a challenge, under each name and at each address: which answer is wrong");
    private final BooleanSupplier json = flag("--json", "with --try, for programs; fields are only ever added");
    private final NodeOptions options = new NodeOptions(this);

    WebCommand() {
        super("Prints configuration for Apache, nginx or HAProxy: challenges, and https for everything else.");
    }

    @Override
    public Integer call() throws UsageException, StoreException {
        WebServer web = web();
        if (fragment.getAsBoolean() && !names.get().isEmpty()) {
            throw new UsageException("--fragment and --site print different things; choose one");
        }
        if (attempt.getAsBoolean() && (fragment.getAsBoolean() || !names.get().isEmpty())) {
            throw new UsageException("--try prints nothing of what --fragment and --site print; leave one out");
        }
        if (json.getAsBoolean() && !attempt.getAsBoolean()) {
            throw new UsageException("--json goes with --try; all else that is printed here is for the web server");
        }
        ConfiguredNode loaded = options.load();
        Configuration configuration = loaded.configuration();
        List<Site> sites = loaded.sites(names.get());
        WebNode node = node(configuration, loaded.self());
        ServingMode way = way(web, configuration, configuration.node(loaded.self()));
        if (attempt.getAsBoolean()) {
            return attempt(web, way, node, loaded);
        }
        out().print(text(web, way, node, sites));
        out().flush();
        if (names.get().isEmpty()) {
            new Advice(web, node).lines().forEach(err()::println);
        }
        err().println("# When " + web.label() + " is reloaded, this proves it: ringcert web " + web.label() + " --try");
        return ExitStatus.OK;
    }

    private WebServer web() throws UsageException {
        Optional<WebServer> named = WebServer.named(server.get());
        if (named.isEmpty()) {
            String meant = WebServer.meantBy(server.get())
                    .map(web -> "; did you mean " + web.label() + "?")
                    .orElse("");
            throw new UsageException(server.get() + " is no web server of these: apache, nginx, haproxy" + meant);
        }
        return named.get();
    }

    private int attempt(WebServer web, ServingMode way, WebNode node, ConfiguredNode loaded) throws StoreException {
        Optional<InetSocketAddress> daemon = switch (way) {
            case ServingMode.Files() -> Optional.empty();
            case ServingMode.Proxy(var address) -> Optional.of(socketAddress(address));
        };
        WebTrial trial = new WebTrial(web, node, loaded, daemon);
        TrialReport report = trial.run();
        out().print(json.getAsBoolean() ? report.json() : report.text());
        out().flush();
        return report.isRight() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private static InetSocketAddress socketAddress(String address) {
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
        return new InetSocketAddress(InetAddress.ofLiteral(host), Integer.parseInt(address.substring(colon + 1)));
    }

    private String text(WebServer web, ServingMode way, WebNode node, List<Site> sites) throws UsageException {
        try {
            Snippets snippets = new Snippets(web, way, node);
            return names.get().isEmpty()
                    ? (fragment.getAsBoolean() ? snippets.fragment() : snippets.server())
                    : snippets.https(sites);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static WebNode node(Configuration configuration, HostName self) {
        StoreLayout store = new StoreLayout(configuration.store());
        List<Path> challenges = new ArrayList<>(List.of(store.challenges()));
        challenges.addAll(configuration.front().also());
        return new WebNode(
                configuration.cluster(self),
                configuration.sites(),
                challenges,
                store.certificates(),
                configuration.front().redirectOtherHosts(),
                configuration.node(self).https().port(),
                Files.exists(Path.of("/proc/net/if_inet6")));
    }

    private ServingMode way(WebServer web, Configuration configuration, NodeSettings settings) throws UsageException {
        int port = settings.node().port();
        Optional<ListenAddress> taken = settings.listen().stream()
                .filter(address -> address.port() == port)
                .findFirst();
        if (taken.isPresent()) {
            throw new UsageException("the daemon listens on " + taken.get() + ", and " + web.label()
                    + " is to have port " + port + "; write " + ELSEWHERE + ", or `listen = []` for --mode files");
        }
        String wanted = mode.get().orElse(settings.listen().isEmpty() ? "files" : "proxy");
        return switch (wanted) {
            case "files" -> files(web, configuration.front().handoff());
            case "proxy" -> new ServingMode.Proxy(daemon(settings.listen()));
            default -> throw new UsageException("--mode is proxy or files, not " + wanted);
        };
    }

    private static ServingMode files(WebServer web, HandoffMode handoff) throws UsageException {
        if (!web.servesFiles()) {
            throw new UsageException("HAProxy serves no files and needs the daemon: write " + ELSEWHERE);
        }
        if (handoff == HandoffMode.RELAY) {
            throw new UsageException(
                    "a web server cannot relay as `handoff = \"relay\"` in [front] wants, only redirect: write"
                            + " `handoff = \"ring\"`, or for the daemon " + ELSEWHERE);
        }
        return new ServingMode.Files();
    }

    /** The first address that is reached over loopback. */
    private static String daemon(List<ListenAddress> listen) throws UsageException {
        if (listen.isEmpty()) {
            throw new UsageException("with `listen = []` there is no daemon to hand challenges to: write " + ELSEWHERE);
        }
        return listen.stream()
                .filter(address -> address.address().isLoopbackAddress()
                        || address.address().isAnyLocalAddress())
                .findFirst()
                .map(address ->
                        address.address().isAnyLocalAddress() ? "127.0.0.1:" + address.port() : address.toString())
                .orElseThrow(() -> new UsageException("the daemon listens on " + listen.getFirst()
                        + ", and believes a web server in front only over loopback: write " + ELSEWHERE));
    }
}
