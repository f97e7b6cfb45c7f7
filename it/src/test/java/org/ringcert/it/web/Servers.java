package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.cli.Ringcert;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.front.Front;
import org.ringcert.demo.FreePorts;
import org.ringcert.demo.TestCa;
import org.ringcert.it.ArticleServer;
import org.ringcert.store.Store;
import org.ringcert.view.ca.Walk;
import org.ringcert.view.ca.Walker;
import picocli.CommandLine;

/**
 * The servers of a cluster, web0, web1 ... of example.org, each with what a test puts on its port 80: real web servers
 * as processes, with the configuration that {@code ringcert web} prints for them; daemons in this process. Not for
 * several threads.
 */
final class Servers implements Closeable {

    /** What answers every token that a test makes up. */
    static final String THUMBPRINT = "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path folder;
    private final List<InetAddress> addresses;
    private final String acme;
    private final String front;
    private final List<String> sites;
    private final int port;
    private final int httpsPort;
    private final int daemonPort;
    private final Map<Integer, LocalNode> nodes = new HashMap<>();
    private final Map<Integer, List<Closeable>> running = new HashMap<>();

    private Servers(Path folder, List<InetAddress> addresses, int port, String acme, String front, List<String> sites)
            throws IOException {
        this.folder = folder;
        this.addresses = addresses;
        this.acme = acme;
        this.front = front;
        this.sites = sites;
        this.port = port;
        this.httpsPort = another(port);
        this.daemonPort = another(port, httpsPort);
        // Web servers drop root's rights, and a folder of a test is its owner's alone.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Servers that no CA knows of. */
    static Servers without(Path folder, int network, int count, String front) throws IOException {
        List<InetAddress> addresses = loopback(network, count);
        String acme = "directory = \"http://127.0.0.1:1/directory\"";
        return new Servers(folder, addresses, FreePorts.on(addresses), acme, front, List.of("www.example.org"));
    }

    /** Servers that a CA sends its requests to: site number i leads to server number i, in turn. */
    static Servers beside(TestCa ca, Path folder, List<InetAddress> addresses, String front, List<String> sites)
            throws IOException {
        String acme = "directory = \"%s\"%nca-file = \"%s\"".formatted(ca.directory(), ca.caFile());
        Servers servers = new Servers(folder, addresses, ca.httpPort(), acme, front, sites);
        for (int node = 0; node < addresses.size(); node++) {
            ca.setAddress(servers.name(node), addresses.get(node));
        }
        for (int site = 0; site < sites.size(); site++) {
            for (String name : sites.get(site).split(" ", -1)) {
                ca.setAddress(new HostName(name), addresses.get(site % addresses.size()));
            }
        }
        return servers;
    }

    static List<InetAddress> loopback(int network, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> InetAddress.ofLiteral("127." + network + ".0." + (i + 1)))
                .toList();
    }

    private int another(Integer... taken) throws IOException {
        int free = FreePorts.on(addresses);
        return List.of(taken).contains(free) ? another(taken) : free;
    }

    int port() {
        return port;
    }

    int httpsPort() {
        return httpsPort;
    }

    int count() {
        return addresses.size();
    }

    InetAddress address(int node) {
        return addresses.get(node);
    }

    HostName name(int node) {
        return new HostName("web" + node + ".example.org");
    }

    /** With a blank, which the printed configuration has to quote. */
    Path store(int node) {
        return folder.resolve("store of web" + node);
    }

    LocalNode node(int node) {
        return Objects.requireNonNull(nodes.get(node), "it has been started");
    }

    Path home(int node) throws IOException {
        return Files.createDirectories(folder.resolve("web" + node));
    }

    /** What the server is from now on. Its store and its certificates stay. */
    void start(int node, Kind kind) throws Exception {
        start(node, kind, "", false);
    }

    /** The same, with virtual hosts for https, too; each site has a certificate at once. */
    void startWithHttps(int node, Kind kind) throws Exception {
        start(node, kind, "", true);
    }

    /**
     * The same, with more configuration of the administrator's own, in which {@code FRAGMENT} stands for the file that
     * {@code --fragment} was saved as.
     */
    void startWith(int node, Kind kind, String own) throws Exception {
        start(node, kind, own, false);
    }

    private void start(int node, Kind kind, String own, boolean https) throws Exception {
        stop(node);
        Path file = configure(node, kind);
        LocalNode local = new LocalNode(ConfigurationLoader.load(file).withStore(store(node)), name(node));
        nodes.put(node, local);
        List<Closeable> parts = running.computeIfAbsent(node, _ -> new ArrayList<>());
        if (kind.hasDaemon()) {
            Front daemon = local.startFront();
            parts.add(daemon::close);
        }
        if (kind == Kind.ARTICLE) {
            parts.add(article(node, local.store().challenges())::close);
        }
        if (kind.make().isPresent()) {
            Make make = kind.make().get();
            Make.Running webServer = make.start(write(node, kind, own, https), address(node), port);
            parts.add(webServer);
            Files.writeString(reload(node), webServer.reload());
        }
    }

    /** Writes the web server's files, all but what was there before it. */
    Path write(int node, Kind kind, String own, boolean https) throws Exception {
        Make make = kind.make().orElseThrow();
        StringBuilder all = new StringBuilder(print(node, kind));
        Path fragment = home(node).resolve("ringcert-challenges.conf");
        if (https || !own.isEmpty()) {
            Files.writeString(fragment, print(node, kind, "--fragment"));
        }
        if (https) {
            for (Site site : sites()) {
                prepare(node, site);
            }
            all.append(make == Make.APACHE ? "Listen " + httpsPort + "\n" : "");
            all.append(print(
                    node,
                    kind,
                    sites().stream()
                            .flatMap(site -> Stream.of("--site", site.name().value()))
                            .toArray(String[]::new)));
        }
        all.append(own.replace("FRAGMENT", fragment.toString()));
        String text = Fitted.to(make, all.toString(), address(node).getHostAddress())
                .replaceAll("(?m)^( +[Ii]nclude )/etc/.*/ringcert-challenges.conf", "$1" + fragment);
        return make.write(home(node), text);
    }

    private ArticleServer article(int node, Path challenges) throws IOException {
        Path home = home(node);
        Path served = home.resolve("acme-challenges");
        if (!Files.exists(served)) {
            Files.createSymbolicLink(served, challenges);
        }
        return new ArticleServer(home, address(node), port, name((node + 1) % count()));
    }

    List<Site> sites() {
        return sites.stream()
                .map(names -> new Site(
                        Stream.of(names.split(" ", -1)).map(HostName::new).toList()))
                .toList();
    }

    private void prepare(int node, Site site) throws Exception {
        LocalNode local = node(node);
        try (Store.Lock _ = local.store().tryLock(site.name()).orElseThrow()) {
            local.store().ensureSelfSigned(site, local.acmeSettings().key(), new java.security.SecureRandom());
        }
    }

    /** The script that does what {@code systemctl reload} does. */
    private Path reload(int node) throws IOException {
        return home(node).resolve("reload");
    }

    /** Writes the configuration of Ringcert for a server of that kind. */
    Path configure(int node, Kind kind) throws IOException {
        StringBuilder toml = new StringBuilder();
        for (int i = 0; i < count(); i++) {
            String address = addresses.get(i).getHostAddress();
            toml.append("[[node]]\nname = \"%s\"\naddress = \"%s\"\nport = %d\nhttps = \"%s:%d\"\n"
                    .formatted(name(i), address, port, address, httpsPort));
            String listen = kind == Kind.DAEMON
                    ? "\"" + address + ":" + port + "\""
                    : kind.hasDaemon() ? "\"" + address + ":" + daemonPort + "\"" : "";
            toml.append("listen = [" + listen + "]\n");
        }
        for (Site site : sites()) {
            toml.append("[[site]]\nnames = [%s]\n"
                    .formatted(site.names().stream()
                            .map(name -> "\"" + name + "\"")
                            .collect(Collectors.joining(", "))));
        }
        toml.append("[acme]\n" + acme + "\nagree-to-terms = true\n[front]\n" + front + "\n");
        if (kind.make().isPresent()) {
            toml.append("[deploy]\nrun = [\"sh\", \"" + reload(node) + "\"]\n");
        }
        return Files.writeString(home(node).resolve("ringcert.toml"), toml);
    }

    /** What {@code ringcert web} prints. */
    String print(int node, Kind kind, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "web",
                kind.make().orElseThrow().label(),
                "--mode",
                kind.mode(),
                "--config",
                configure(node, kind).toString(),
                "--node",
                name(node).value(),
                "--store",
                store(node).toString()));
        arguments.addAll(List.of(more));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line =
                Ringcert.commandLine("web").setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        assertThat(line.execute(arguments.toArray(String[]::new))).as("%s", err).isZero();
        return out.toString();
    }

    void hold(int node, Token token) throws IOException {
        Files.writeString(
                store(node).resolve("challenges").resolve(token.value()),
                new KeyAuthorization(token, THUMBPRINT).text());
    }

    Reply get(int node, String host, String target) throws IOException {
        return Reply.get(address(node), port, host, target);
    }

    /** A CA's walk that begins at that node. */
    Walk walk(int entry, Token token) {
        HostName site = sites().getFirst().name();
        Walker.Resolver names = name -> name.equals(site)
                ? address(entry)
                : address(Integer.parseInt(name.firstLabel().substring(3)));
        return new Walker(names, port, PATIENCE).walk(site, token);
    }

    /** The web server of that node. */
    Optional<Make.Running> webServer(int node) {
        return running.getOrDefault(node, List.of()).stream()
                .filter(Make.Running.class::isInstance)
                .map(Make.Running.class::cast)
                .findFirst();
    }

    void stop(int node) throws IOException {
        List<Closeable> parts = running.getOrDefault(node, List.of());
        running.remove(node);
        for (Closeable part : parts.reversed()) {
            part.close();
        }
    }

    @Override
    public void close() throws IOException {
        for (int node = 0; node < count(); node++) {
            stop(node);
        }
    }
}
