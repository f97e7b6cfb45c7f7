package org.ringcert.daemon.snippets;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.snippets.nginx.Listen;
import org.ringcert.daemon.snippets.nginx.NginxConfiguration;
import org.ringcert.daemon.snippets.nginx.NginxDirective;
import org.ringcert.daemon.snippets.nginx.NginxServerSelection;
import org.ringcert.daemon.snippets.nginx.NginxSocket;
import org.ringcert.daemon.snippets.nginx.NginxStream;
import org.ringcert.daemon.snippets.nginx.ServerBlock;

/**
 * Follows a request for a challenge through nginx's configuration: for each socket and each name of the cluster, to the
 * server block that receives it. Not reusable.
 */
final class NginxInspector {

    /** Directives that act before nginx looks for a location, or regardless of it. */
    private static final Pattern EARLY_HANDLER = Pattern.compile(
            "(?:server_rewrite|rewrite|preaccess|access|precontent)_by_lua(?:_block|_file)?|modsecurity|SecRulesEnabled|testcookie");

    private static final Path INSTALL_PATH = Path.of(WebServer.NGINX.folder(), "conf.d", "ringcert.conf");

    private static final String DUPLICATE_DEFAULT = "duplicate default server";
    private static final String DUPLICATE_LOCATION = "duplicate location \"" + NginxChallengeSupport.CHALLENGE_PATH;

    private final NginxConfiguration nginx;
    private final WebNode node;
    private final List<ServerBlock> servers;
    private final NginxServerSelection selection;
    private final Path installPath;
    private final boolean printedBlockIsInstalled;
    private final Map<ServerBlock, Set<String>> reached = new LinkedHashMap<>();
    private final Map<ServerBlock, Set<String>> asDefault = new LinkedHashMap<>();
    private final Set<String> problems = new LinkedHashSet<>();

    /**
     * Creates an inspector.
     *
     * @param dump the output of {@code nginx -T}
     * @param installPath where the printed server block is to be saved
     */
    NginxInspector(String dump, WebNode node, Path installPath) {
        this.nginx = new NginxConfiguration(dump);
        this.node = node;
        this.servers = nginx.servers();
        this.selection = new NginxServerSelection(servers);
        this.installPath = installPath;
        this.printedBlockIsInstalled = servers.stream().anyMatch(NginxChallengeSupport::isPrinted);
    }

    static ConfigurationInspector ofThisMachine() {
        return node -> new NginxInspector(dump(), node, INSTALL_PATH).inspect();
    }

    static VirtualHostLookup lookup() throws IOException {
        NginxServerSelection selection = new NginxServerSelection(new NginxConfiguration(dump()).servers());
        return (address, port, name) -> Stream.of(
                        socket(address, port),
                        address instanceof Inet6Address ? NginxSocket.ipv6(port) : NginxSocket.ipv4(port),
                        NginxSocket.ipv6(port))
                .filter(selection.sockets()::contains)
                .findFirst()
                .flatMap(socket -> selection.named(socket, name.value()).or(() -> selection.defaultServer(socket)))
                .map(server -> new VirtualHostLookup.Match(server.position(), List.of()));
    }

    private static NginxSocket socket(InetAddress address, int port) {
        String literal = address.getHostAddress();
        return new NginxSocket(address instanceof Inet6Address ? "[" + literal + "]" : literal, port);
    }

    private static String dump() throws IOException {
        try {
            return ServerProgram.output("nginx", "-T");
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            String remedy = message.contains(DUPLICATE_DEFAULT)
                    ? "; an address has only one default server: remove `default_server` from the other block, or remove that block"
                    : message.contains(DUPLICATE_LOCATION)
                            ? "; a path has only one location: remove the block's own location, or the second of two equal lines, from the block that has Ringcert's"
                            : "";
            throw new IOException(message + remedy, e);
        }
    }

    InspectionResult inspect() {
        nginx.unreadable()
                .forEach(
                        position -> problems.add(
                                position
                                        + "  Ringcert could not read the rest of this file; check yourself that its server blocks have the line"));
        for (NginxSocket socket : selection.sockets()) {
            if (socket.port() == node.port()) {
                followNames(socket);
                followDefault(socket);
                checkProtocol(socket);
            } else if (List.of(node.httpsPort(), WebNode.STANDARD_HTTPS_PORT, 0).contains(socket.port())) {
                followNames(socket);
            }
        }
        checkStream();
        checkConflicts();
        List<InspectionResult.UnpreparedHost> unprepared = new ArrayList<>();
        reached.forEach((server, endpoints) -> assess(server, endpoints).ifPresent(unprepared::add));
        checkEarlyHandlers();
        return new InspectionResult(unprepared, List.copyOf(problems));
    }

    /** Records which server blocks receive the cluster's names at a socket. */
    private void followNames(NginxSocket socket) {
        for (HostName name : node.names()) {
            selection.named(socket, name.value()).ifPresent(server -> record(server, socket));
        }
        for (ServerBlock server : selection.at(socket)) {
            if (!server.unsupportedNames().isEmpty()) {
                record(server, socket);
            }
        }
    }

    /** Records the default server of a socket if it receives a name of the cluster. */
    private void followDefault(NginxSocket socket) {
        boolean unmatched = node.names().stream()
                .anyMatch(name -> selection.named(socket, name.value()).isEmpty());
        if (unmatched && !socket.isLocal() && !willBePrintedDefault(socket)) {
            selection.defaultServer(socket).ifPresent(server -> recordDefault(server, socket, socket.address()));
        }
    }

    private void recordDefault(ServerBlock server, NginxSocket socket, String shownAddress) {
        record(server, socket);
        asDefault.computeIfAbsent(server, _ -> new LinkedHashSet<>()).add(shownAddress);
    }

    private void record(ServerBlock server, NginxSocket socket) {
        reached.computeIfAbsent(server, _ -> new TreeSet<>())
                .add(socket.port() == 0 ? socket.address() : "port " + socket.port());
    }

    /** Returns whether the printed block will be the default there once it is installed. */
    private boolean willBePrintedDefault(NginxSocket socket) {
        return !printedBlockIsInstalled
                && printedSockets().contains(socket)
                && selection.explicitDefault(socket).filter(this::answers).isEmpty();
    }

    private List<NginxSocket> printedSockets() {
        return Stream.of(NginxSocket.ipv4(node.port()), NginxSocket.ipv6(node.port()))
                .filter(socket -> node.ipv6() || socket.equals(NginxSocket.ipv4(node.port())))
                .toList();
    }

    private boolean answers(ServerBlock server) {
        return NginxChallengeSupport.of(server) instanceof NginxChallengeSupport.Answered;
    }

    private Optional<InspectionResult.UnpreparedHost> assess(ServerBlock server, Set<String> endpoints) {
        return switch (NginxChallengeSupport.of(server)) {
            case NginxChallengeSupport.Answered() -> Optional.empty();
            case NginxChallengeSupport.MissingLine() -> Optional.of(unprepared(server, endpoints));
            case NginxChallengeSupport.OwnLocation(NginxDirective location, NginxDirective toRemove) -> {
                problems.add(
                        toRemove.position() + "  remove "
                                + (toRemove.equals(location)
                                        ? "this location"
                                        : "`" + toRemove.text() + "`, which contains the location at "
                                                + location.position())
                                + ": nginx allows only one location for " + NginxChallengeSupport.CHALLENGE_PATH
                                + ", and Ringcert's file has it. If another ACME program still uses a folder, name it as `also` in [front]");
                yield Optional.of(unprepared(server, endpoints));
            }
            case NginxChallengeSupport.TooLate(NginxDirective first) -> {
                problems.add(first.position() + "  `" + first.text()
                        + "` comes before Ringcert's line in the server block at " + server.position()
                        + ", so nginx applies it to challenges: move the line up, to be the first of the block");
                yield Optional.empty();
            }
            case NginxChallengeSupport.Outdated(NginxDirective location) -> {
                problems.add(location.position()
                        + "  an earlier version of Ringcert printed this: replace it with the output of "
                        + (NginxChallengeSupport.isPrinted(server)
                                ? "`ringcert web nginx`"
                                : "`ringcert web nginx --fragment`"));
                yield Optional.empty();
            }
        };
    }

    private InspectionResult.UnpreparedHost unprepared(ServerBlock server, Set<String> endpoints) {
        String names = server.names().isEmpty() ? "_" : String.join(" ", server.names());
        String unmatched = asDefault.getOrDefault(server, Set.of()).stream().collect(Collectors.joining(", "));
        return new InspectionResult.UnpreparedHost(
                server.position(),
                String.join(", ", endpoints),
                names
                        + (unmatched.isEmpty() ? "" : ", and every name without a block of its own at " + unmatched)
                        + (server.unsupportedNames().isEmpty()
                                ? ""
                                : " (only nginx can tell whether " + String.join(" ", server.unsupportedNames())
                                        + " matches a name of the cluster)"));
    }

    /** Options of one block apply to all blocks that share the socket. */
    private void checkProtocol(NginxSocket socket) {
        if (socket.isLocal()) {
            return;
        }
        for (Listen listen : selection.listens(socket)) {
            if (listen.has("proxy_protocol")) {
                problems.add(listen.position() + "  with `proxy_protocol`, nginx at " + socket
                        + " accepts only connections that begin with the PROXY protocol: those of the balancer, but not those of the other servers, which connect"
                        + " directly. Give the balancer a port of its own, as in `listen 8081 proxy_protocol;`, and keep port "
                        + socket.port() + " without it");
            } else if (listen.has("ssl")) {
                problems.add(listen.position() + "  with `ssl`, nginx accepts no plain HTTP at " + socket
                        + ", where challenges arrive: remove the word");
            } else if (listen.has("http2")) {
                problems.add(listen.position()
                        + "  with `http2` and without `ssl`, nginx before 1.25.1 accepts no HTTP/1.1 at " + socket
                        + ", which CAs speak: remove the word");
            }
        }
    }

    /** The stream module may pass port 80 on to server blocks that listen elsewhere. */
    private void checkStream() {
        for (NginxStream stream : NginxStream.of(nginx)) {
            for (Listen listen : stream.listens()) {
                if (listen.socket().port() != node.port() || listen.socket().isLocal()) {
                    continue;
                }
                List<NginxSocket> targets = stream.targets().stream()
                        .flatMap(target -> Stream.of(target, NginxSocket.ipv4(target.port())))
                        .filter(selection.sockets()::contains)
                        .toList();
                for (NginxSocket socket : targets) {
                    followNames(socket);
                    selection
                            .defaultServer(socket)
                            .ifPresent(server -> recordDefault(server, socket, socket.toString()));
                }
                problems.add(listen.position() + "  stream listens on port " + node.port() + " and passes it on to "
                        + stream.target()
                        + ": do not install the server block that `ringcert web nginx` prints; "
                        + (targets.isEmpty()
                                ? "whatever listens there must answer challenges"
                                : "the server blocks that listen there need the line"));
            }
        }
    }

    /** Finds what conflicts with the printed block. */
    private void checkConflicts() {
        if (Files.exists(installPath) && !nginx.reads(installPath.toString())) {
            problems.add(installPath + "  nginx does not read this file: write `include " + installPath
                    + ";` into its `http` block");
        }
        for (NginxSocket socket : printedSockets()) {
            if (!printedBlockIsInstalled) {
                selection
                        .explicitDefault(socket)
                        .filter(server -> !answers(server))
                        .ifPresent(
                                server -> problems.add(
                                        position(server, socket) + "  `default_server` is set here, and " + socket
                                                + " can have only one: remove the word (or the whole block, if it is Debian's) before you save Ringcert's file"));
            }
            for (Listen listen : selection.listens(socket)) {
                boolean both = listen.options().contains("ipv6only=off");
                if (both && (!printedBlockIsInstalled || selection.sockets().contains(NginxSocket.ipv4(node.port())))) {
                    problems.add(listen.position()
                            + "  with `ipv6only=off`, this listens on IPv4 as well, and nginx cannot start if there is also `listen "
                            + node.port() + "` (`nginx -t` does not notice): write `listen " + node.port()
                            + ";` and `listen [::]:" + node.port() + ";` instead");
                }
            }
        }
    }

    private static String position(ServerBlock server, NginxSocket socket) {
        return server.listens().stream()
                .filter(listen -> listen.socket().equals(socket) && listen.isDefault())
                .map(Listen::position)
                .findFirst()
                .orElse(server.position());
    }

    private void checkEarlyHandlers() {
        Stream.concat(nginx.topLevel("http").stream(), reached.keySet().stream().flatMap(ServerBlock::inside))
                .filter(directive ->
                        EARLY_HANDLER.matcher(directive.words().getFirst()).matches())
                .filter(directive -> !List.of("off").equals(directive.arguments()))
                .filter(directive -> !directive.text().contains("acme-challenge"))
                .forEach(directive -> problems.add(
                        directive.position() + "  `" + directive.words().getFirst()
                                + "` runs before Ringcert's line: make sure that it allows every path below "
                                + NginxChallengeSupport.CHALLENGE_PATH));
    }
}
