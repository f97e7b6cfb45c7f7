package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
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
import org.ringcert.daemon.front.FrontListener;
import org.ringcert.demo.FreePorts;
import org.ringcert.demo.TestCa;
import org.ringcert.handoff.HandoffListener;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.it.ArticleServer;
import org.ringcert.it.MappedDns;
import org.ringcert.store.Store;
import org.ringcert.view.ca.Walk;
import org.ringcert.view.ca.Walker;
import picocli.CommandLine;

/**
 * The servers of a cluster: web0, web1 and so on, of example.org. What runs on port 80 of each is chosen by the test:
 * real web servers as processes, with the configuration that {@code ringcert web} prints for them, or daemons in this
 * process. Not thread-safe.
 */
final class WebServers implements Closeable {

    /** The account thumbprint in all answers to made-up tokens. */
    static final String THUMBPRINT = "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";

    /** The CA's directory in the configuration of servers without a CA. */
    static final URI UNREACHABLE_CA = URI.create("http://127.0.0.1:1/directory");

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

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

    /** For which ports the configuration is printed. */
    private enum Ports {
        HTTP,
        HTTP_AND_HTTPS
    }

    private WebServers(
            Path folder, List<InetAddress> addresses, int port, String acme, String front, List<String> sites)
            throws IOException {
        this.folder = folder;
        this.addresses = addresses;
        this.acme = acme;
        this.front = front;
        this.sites = sites;
        this.port = port;
        this.httpsPort = unusedPort(port);
        this.daemonPort = unusedPort(port, httpsPort);
        // Web servers drop root's privileges, but only its owner can read a test's folder.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /**
     * Creates servers without a CA.
     *
     * @param network the second byte of the loopback addresses
     * @param front the settings in {@code [front]}
     */
    static WebServers withoutCa(Path folder, int network, int size, String front) throws IOException {
        return withoutCa(folder, network, size, "", front);
    }

    /**
     * Does the same with more settings in {@code [acme]}.
     *
     * @param acme the settings
     */
    static WebServers withoutCa(Path folder, int network, int size, String acme, String front) throws IOException {
        List<InetAddress> addresses = loopback(network, size);
        return new WebServers(
                folder,
                addresses,
                FreePorts.on(addresses),
                "directory = \"" + UNREACHABLE_CA + "\"\n" + acme,
                front,
                List.of("www.example.org"));
    }

    /**
     * Creates servers that a CA can reach: the names of site i lead to server i, modulo the number of servers.
     *
     * @param front the settings in {@code [front]}
     * @param sites the names of each site, separated by spaces
     */
    static WebServers withCa(TestCa ca, Path folder, List<InetAddress> addresses, String front, List<String> sites)
            throws IOException {
        return withCa(ca, folder, addresses, "", front, sites);
    }

    /**
     * Does the same with more settings in {@code [acme]}.
     *
     * @param moreAcme the settings
     */
    static WebServers withCa(
            TestCa ca, Path folder, List<InetAddress> addresses, String moreAcme, String front, List<String> sites)
            throws IOException {
        String acme = "directory = \"%s\"%nca-file = \"%s\"%n%s".formatted(ca.directory(), ca.caFile(), moreAcme);
        String check = "\n[check]\nresolver = \"127.0.0.1:" + ca.dnsPort() + "\"";
        WebServers servers = new WebServers(folder, addresses, ca.httpPort(), acme, front + check, sites);
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

    static List<InetAddress> loopback(int network, int size) {
        return IntStream.range(0, size)
                .mapToObj(i -> InetAddress.ofLiteral("127." + network + ".0." + (i + 1)))
                .toList();
    }

    private int unusedPort(Integer... excluded) throws IOException {
        int free = FreePorts.on(addresses);
        return List.of(excluded).contains(free) ? unusedPort(excluded) : free;
    }

    int port() {
        return port;
    }

    int httpsPort() {
        return httpsPort;
    }

    int size() {
        return addresses.size();
    }

    InetAddress address(int node) {
        return addresses.get(node);
    }

    HostName name(int node) {
        return new HostName("web" + node + ".example.org");
    }

    /** Returns the store of a server. Its path has a space, which the printed configuration must quote. */
    Path store(int node) {
        return folder.resolve("store of web" + node);
    }

    /** Returns the tokens that are published in a node's store. */
    List<Path> tokens(int node) throws IOException {
        try (Stream<Path> tokens = Files.list(store(node).resolve("challenges"))) {
            return tokens.toList();
        }
    }

    LocalNode node(int node) {
        return Objects.requireNonNull(nodes.get(node), "the node has not been started");
    }

    Path folderOf(int node) throws IOException {
        return Files.createDirectories(folder.resolve("web" + node));
    }

    /** Makes a server run this kind from now on. Its store and its certificates remain. */
    void start(int node, ServerKind kind) throws Exception {
        start(node, kind, "", Ports.HTTP);
    }

    /** Does the same with virtual hosts for https; each site has a certificate at once. */
    void startWithHttps(int node, ServerKind kind) throws Exception {
        start(node, kind, "", Ports.HTTP_AND_HTTPS);
    }

    /**
     * Does the same with additional configuration of the administrator, in which {@code FRAGMENT} stands for the file
     * with the output of {@code --fragment}.
     */
    void startWith(int node, ServerKind kind, String ownConfiguration) throws Exception {
        start(node, kind, ownConfiguration, Ports.HTTP);
    }

    private void start(int node, ServerKind kind, String ownConfiguration, Ports ports) throws Exception {
        stop(node);
        Path file = configure(node, kind);
        LocalNode local = new LocalNode(ConfigurationLoader.load(file).withStore(store(node)), name(node));
        nodes.put(node, local);
        List<Closeable> parts = running.computeIfAbsent(node, _ -> new ArrayList<>());
        if (kind.hasDaemon()) {
            Front daemon = local.startFront(HandoffListener.NONE, FrontListener.NONE);
            parts.add(daemon::close);
        }
        if (kind == ServerKind.ARTICLE) {
            parts.add(startArticleServer(node, local.store().challenges())::close);
        }
        if (kind.product().isPresent()) {
            ServerProduct product = kind.product().get();
            startWebServer(node, product, writeFiles(node, kind, ownConfiguration, ports));
        }
    }

    private void startWebServer(int node, ServerProduct product, Path file) throws IOException {
        ServerProduct.Running webServer = product.start(file, address(node), port);
        running.computeIfAbsent(node, _ -> new ArrayList<>()).add(webServer);
        Files.writeString(reloadScript(node), webServer.reloadCommand());
    }

    /** Makes the web server use its main file as it is now. */
    void restartWebServer(int node) throws IOException {
        ServerProduct.Running webServer = webServer(node).orElseThrow();
        webServer.close();
        running.getOrDefault(node, List.of()).remove(webServer);
        startWebServer(node, webServer.product(), webServer.product().mainFile(folderOf(node)));
    }

    /** Writes the web server's files. */
    private Path writeFiles(int node, ServerKind kind, String ownConfiguration, Ports ports) throws Exception {
        ServerProduct product = kind.product().orElseThrow();
        StringBuilder all = new StringBuilder(printed(node, kind));
        Path fragment = folderOf(node).resolve("ringcert-challenges.conf");
        if (ports == Ports.HTTP_AND_HTTPS || !ownConfiguration.isEmpty()) {
            Files.writeString(fragment, printed(node, kind, "--fragment"));
        }
        if (ports == Ports.HTTP_AND_HTTPS) {
            ensureCertificates(node);
            all.append(product == ServerProduct.APACHE ? "Listen " + httpsPort + "\n" : "");
            all.append(printed(
                    node,
                    kind,
                    sites().stream()
                            .flatMap(site -> Stream.of("--site", site.name().value()))
                            .toArray(String[]::new)));
        }
        all.append(ownConfiguration.replace("FRAGMENT", fragment.toString()));
        String text = ListenAddresses.restrict(
                        product, all.toString(), address(node).getHostAddress())
                .replaceAll("(?m)^( +[Ii]nclude )/etc/.*/ringcert-challenges.conf", "$1" + fragment);
        return product.writeMainFile(folderOf(node), text);
    }

    private ArticleServer startArticleServer(int node, Path challenges) throws IOException {
        Path folderOf = folderOf(node);
        Path served = folderOf.resolve("acme-challenges");
        if (!Files.exists(served)) {
            Files.createSymbolicLink(served, challenges);
        }
        return new ArticleServer(folderOf, address(node), port, name((node + 1) % size()));
    }

    List<Site> sites() {
        return sites.stream()
                .map(names -> new Site(
                        Stream.of(names.split(" ", -1)).map(HostName::new).toList()))
                .toList();
    }

    private void ensureCertificates(int node) throws Exception {
        LocalNode local = node(node);
        for (CertificateSpec spec : local.specs()) {
            try (Store.Lock _ = local.store().tryLock(spec.site().name()).orElseThrow()) {
                local.store()
                        .ensureSelfSigned(
                                spec.name(), spec.site(), spec.preferredSource().keyType(), new SecureRandom());
            }
        }
    }

    /** Returns the script that replaces {@code systemctl reload}. */
    private Path reloadScript(int node) throws IOException {
        return folderOf(node).resolve("reload");
    }

    /** Writes Ringcert's configuration for a server of that kind. */
    Path configure(int node, ServerKind kind) throws IOException {
        StringBuilder toml = new StringBuilder();
        for (int i = 0; i < size(); i++) {
            String address = addresses.get(i).getHostAddress();
            toml.append("[[node]]\nname = \"%s\"\naddress = \"%s\"\nport = %d\nhttps = \"%s:%d\"\nadmin = \"off\"\n"
                    .formatted(name(i), address, port, address, httpsPort));
            String listen = kind == ServerKind.DAEMON
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
        if (kind.product().isPresent()) {
            toml.append("[deploy]\nrun = [\"sh\", \"" + reloadScript(node) + "\"]\n");
        }
        return Files.writeString(folderOf(node).resolve("ringcert.toml"), toml);
    }

    /** Returns the output of {@code ringcert web}. */
    String printed(int node, ServerKind kind, String... additional) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "web",
                kind.product().orElseThrow().label(),
                "--mode",
                kind.mode(),
                "--config",
                configure(node, kind).toString(),
                "--node",
                name(node).value(),
                "--store",
                store(node).toString()));
        arguments.addAll(List.of(additional));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line =
                Ringcert.commandLine("web").setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        assertThat(line.execute(arguments.toArray(String[]::new))).as("%s", err).isZero();
        return out.toString();
    }

    void holdToken(int node, Token token) throws IOException {
        Files.writeString(
                store(node).resolve("challenges").resolve(token.value()),
                new KeyAuthorization(token, THUMBPRINT).text());
    }

    WebResponse get(int node, String host, String target) throws IOException {
        return WebResponse.get(address(node), port, host, target);
    }

    /** Follows a CA's walk that starts at that node. */
    Walk walk(int entry, Token token) {
        HostName site = sites().getFirst().name();
        MappedDns dns = new MappedDns(name -> name.equals(site)
                ? address(entry)
                : address(Integer.parseInt(name.firstLabel().substring(3))));
        return new Walker(dns, MappedDns.privateCa(port)).walk(site, token, TIMEOUT);
    }

    /** Returns the web server of that node. */
    Optional<ServerProduct.Running> webServer(int node) {
        return running.getOrDefault(node, List.of()).stream()
                .filter(ServerProduct.Running.class::isInstance)
                .map(ServerProduct.Running.class::cast)
                .findFirst();
    }

    void stop(int node) throws IOException {
        List<Closeable> parts = running.getOrDefault(node, List.of());
        running.remove(node);
        for (Closeable part : parts.reversed()) {
            part.close();
        }
    }

    /** Stops the daemon behind a web server, which stays up. */
    void stopDaemon(int node) throws IOException {
        running.getOrDefault(node, List.of()).getFirst().close();
    }

    @Override
    public void close() throws IOException {
        for (int node = 0; node < size(); node++) {
            stop(node);
        }
    }
}
