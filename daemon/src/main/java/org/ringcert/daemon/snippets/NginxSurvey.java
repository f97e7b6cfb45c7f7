package org.ringcert.daemon.snippets;

import java.io.IOException;
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
import org.ringcert.daemon.snippets.nginx.Directive;
import org.ringcert.daemon.snippets.nginx.Listen;
import org.ringcert.daemon.snippets.nginx.NginxConfiguration;
import org.ringcert.daemon.snippets.nginx.NginxStream;
import org.ringcert.daemon.snippets.nginx.ServerBlock;
import org.ringcert.daemon.snippets.nginx.Switchboard;

/**
 * Follows a request for a challenge through nginx's configuration: for each socket and each name of the cluster, to the
 * server block that gets it. Used once.
 */
final class NginxSurvey {

    /** What runs before nginx looks for a location, or takes no notice of what that says. */
    private static final Pattern GATEKEEPER = Pattern.compile(
            "(?:server_rewrite|rewrite|preaccess|access|precontent)_by_lua(?:_block|_file)?|modsecurity|SecRulesEnabled|testcookie");

    private static final Path SAVED = Path.of(WebServer.NGINX.folder(), "conf.d", "ringcert.conf");

    private static final String DUPLICATE_DEFAULT = "duplicate default server";
    private static final String DUPLICATE_LOCATION = "duplicate location \"" + NginxReadiness.PATH;

    private final NginxConfiguration nginx;
    private final WebNode node;
    private final List<ServerBlock> servers;
    private final Switchboard board;
    private final Path saved;
    private final boolean printedIsThere;
    private final Map<ServerBlock, Set<String>> reached = new LinkedHashMap<>();
    private final Map<ServerBlock, Set<String>> asDefault = new LinkedHashMap<>();
    private final Set<String> remarks = new LinkedHashSet<>();

    /**
     * What is there.
     *
     * @param said by {@code nginx -T}
     * @param saved where the printed server block is to be saved
     */
    NginxSurvey(String said, WebNode node, Path saved) {
        this.nginx = new NginxConfiguration(said);
        this.node = node;
        this.servers = nginx.servers();
        this.board = new Switchboard(servers);
        this.saved = saved;
        this.printedIsThere = servers.stream().anyMatch(NginxReadiness::isPrinted);
    }

    static Survey ofThisMachine() {
        return node -> new NginxSurvey(configuration(), node, SAVED).findings();
    }

    static Takers takers() throws IOException {
        Switchboard board = new Switchboard(new NginxConfiguration(configuration()).servers());
        return (address, port, name) -> Stream.of(
                        socket(address, port),
                        address instanceof java.net.Inet6Address ? Listen.Socket.ipv6(port) : Listen.Socket.ipv4(port),
                        Listen.Socket.ipv6(port))
                .filter(board.sockets()::contains)
                .findFirst()
                .flatMap(socket -> board.named(socket, name.value()).or(() -> board.standard(socket)))
                .map(server -> new Takers.Taker(server.place(), List.of()));
    }

    private static Listen.Socket socket(java.net.InetAddress address, int port) {
        String written = address.getHostAddress();
        return new Listen.Socket(address instanceof java.net.Inet6Address ? "[" + written + "]" : written, port);
    }

    private static String configuration() throws IOException {
        try {
            return ServerProgram.output("nginx", "-T");
        } catch (IOException e) {
            String said = String.valueOf(e.getMessage());
            String remedy = said.contains(DUPLICATE_DEFAULT)
                    ? "; an address has one default server only: take `default_server` out of the other block, or remove that block"
                    : said.contains(DUPLICATE_LOCATION)
                            ? "; a path has one location only: remove the location of its own, or the second of two lines, from the block that has Ringcert's"
                            : "";
            throw new IOException(said + remedy, e);
        }
    }

    Findings findings() {
        nginx.riddles()
                .forEach(
                        place -> remarks.add(
                                place
                                        + "  what follows in this file could not be read; look yourself whether its server blocks have the line"));
        for (Listen.Socket socket : board.sockets()) {
            if (socket.port() == node.port()) {
                follow(socket, true);
                whoSpeaksAnotherProtocol(socket);
            } else if (List.of(node.httpsPort(), 443, 0).contains(socket.port())) {
                follow(socket, false);
            }
        }
        stream();
        clashes();
        List<Findings.Lacking> lacking = new ArrayList<>();
        reached.forEach((server, where) -> judge(server, where).ifPresent(lacking::add));
        gatekeepers();
        return new Findings(lacking, List.copyOf(remarks));
    }

    /** Notes for each name who gets it at that socket. */
    private void follow(Listen.Socket socket, boolean defaultCounts) {
        boolean others = false;
        for (HostName name : node.names()) {
            Optional<ServerBlock> named = board.named(socket, name.value());
            named.ifPresent(server -> note(server, socket));
            others |= named.isEmpty();
        }
        for (ServerBlock server : board.at(socket)) {
            if (!server.riddles().isEmpty()) {
                note(server, socket);
            }
        }
        if (others && defaultCounts && !socket.isLocal() && !willBePrinted(socket)) {
            board.standard(socket).ifPresent(server -> {
                note(server, socket);
                asDefault.computeIfAbsent(server, _ -> new LinkedHashSet<>()).add(socket.address());
            });
        }
    }

    private void note(ServerBlock server, Listen.Socket socket) {
        reached.computeIfAbsent(server, _ -> new TreeSet<>())
                .add(socket.port() == 0 ? socket.address() : "port " + socket.port());
    }

    /** Whether the block that is printed will be the default there. */
    private boolean willBePrinted(Listen.Socket socket) {
        return !printedIsThere
                && printed().contains(socket)
                && board.chosenDefault(socket).filter(this::answers).isEmpty();
    }

    private List<Listen.Socket> printed() {
        return Stream.of(Listen.Socket.ipv4(node.port()), Listen.Socket.ipv6(node.port()))
                .filter(socket -> node.ipv6() || socket.equals(Listen.Socket.ipv4(node.port())))
                .toList();
    }

    private boolean answers(ServerBlock server) {
        return NginxReadiness.of(server) instanceof NginxReadiness.Answers;
    }

    private Optional<Findings.Lacking> judge(ServerBlock server, Set<String> where) {
        return switch (NginxReadiness.of(server)) {
            case NginxReadiness.Answers() -> Optional.empty();
            case NginxReadiness.Lacks() -> Optional.of(lacking(server, where));
            case NginxReadiness.Occupied(Directive location, Directive what) -> {
                remarks.add(
                        what.place() + "  remove "
                                + (what.equals(location)
                                        ? "this location"
                                        : "`" + what.text() + "`, which brings the location at " + location.place())
                                + ": nginx takes one for " + NginxReadiness.PATH
                                + " only, and that is in Ringcert's file. A folder that another ACME program still uses is named as `also` in [front]");
                yield Optional.of(lacking(server, where));
            }
            case NginxReadiness.TooLate(Directive first) -> {
                remarks.add(first.place() + "  `" + first.text()
                        + "` comes before Ringcert's line in the server block at " + server.place()
                        + ", so nginx does that with a challenge: move the line up, to be the first of the block");
                yield Optional.empty();
            }
            case NginxReadiness.Outdated(Directive location) -> {
                remarks.add(location.place() + "  this is from an earlier version: "
                        + (NginxReadiness.isPrinted(server)
                                ? "save what `ringcert web nginx` prints there"
                                : "save what `ringcert web nginx --fragment` prints there"));
                yield Optional.empty();
            }
        };
    }

    private Findings.Lacking lacking(ServerBlock server, Set<String> where) {
        String names = server.names().isEmpty() ? "_" : String.join(" ", server.names());
        String others = asDefault.getOrDefault(server, Set.of()).stream().collect(Collectors.joining(", "));
        return new Findings.Lacking(
                server.place(),
                String.join(", ", where),
                names
                        + (others.isEmpty() ? "" : ", and every name that no other block has at " + others)
                        + (server.riddles().isEmpty()
                                ? ""
                                : " (only nginx knows whether " + String.join(" ", server.riddles())
                                        + " is one of the cluster's)"));
    }

    /** Options of one block hold for all that share the socket. */
    private void whoSpeaksAnotherProtocol(Listen.Socket socket) {
        if (socket.isLocal()) {
            return;
        }
        for (Listen listen : board.listens(socket)) {
            if (listen.has("proxy_protocol")) {
                remarks.add(listen.place() + "  with `proxy_protocol` nginx answers at " + socket
                        + " only who begins with it: the balancer, but not the other servers, which come straight. Give the balancer a port of its own, as in"
                        + " `listen 8081 proxy_protocol;`, and leave port " + socket.port() + " without it");
            } else if (listen.has("ssl")) {
                remarks.add(listen.place() + "  with `ssl` nginx takes no plain HTTP at " + socket
                        + ", where challenges come: take the word out");
            } else if (listen.has("http2")) {
                remarks.add(
                        listen.place() + "  with `http2` and without `ssl` nginx before 1.25.1 takes no HTTP/1.1 at "
                                + socket + ", which CAs speak: take the word out");
            }
        }
    }

    /** What stream does with port 80 reaches blocks that listen elsewhere. */
    private void stream() {
        for (NginxStream server : NginxStream.of(nginx)) {
            for (Listen listen : server.listens()) {
                if (listen.socket().port() != node.port() || listen.socket().isLocal()) {
                    continue;
                }
                List<Listen.Socket> inner = server.targets().stream()
                        .flatMap(target -> Stream.of(target, Listen.Socket.ipv4(target.port())))
                        .filter(board.sockets()::contains)
                        .toList();
                for (Listen.Socket socket : inner) {
                    follow(socket, false);
                    board.standard(socket).ifPresent(standard -> {
                        note(standard, socket);
                        asDefault
                                .computeIfAbsent(standard, _ -> new LinkedHashSet<>())
                                .add(socket.toString());
                    });
                }
                remarks.add(listen.place() + "  stream has port " + node.port() + " and hands it to " + server.target()
                        + ": leave out the server block that `ringcert web nginx` prints; "
                        + (inner.isEmpty()
                                ? "what listens there has to answer challenges"
                                : "the server blocks that listen there need the line"));
            }
        }
    }

    /** What keeps the printed block from being taken. */
    private void clashes() {
        if (Files.exists(saved) && !nginx.reads(saved.toString())) {
            remarks.add(
                    saved + "  nginx does not read this file: write `include " + saved + ";` into its block `http`");
        }
        for (Listen.Socket socket : printed()) {
            if (!printedIsThere) {
                board.chosenDefault(socket)
                        .filter(server -> !answers(server))
                        .ifPresent(
                                server -> remarks.add(
                                        place(server, socket) + "  `default_server` stands here, and " + socket
                                                + " has one only: take that word out (or remove the block, where it is Debian's) before you save Ringcert's file"));
            }
            for (Listen listen : board.listens(socket)) {
                boolean both = listen.options().contains("ipv6only=off");
                if (both && (!printedIsThere || board.sockets().contains(Listen.Socket.ipv4(node.port())))) {
                    remarks.add(listen.place()
                            + "  with `ipv6only=off` this takes IPv4 as well, and nginx does not start beside `listen "
                            + node.port() + "` (`nginx -t` does not see that): write `listen " + node.port()
                            + ";` and `listen [::]:" + node.port() + ";` instead");
                }
            }
        }
    }

    private static String place(ServerBlock server, Listen.Socket socket) {
        return server.listens().stream()
                .filter(listen -> listen.socket().equals(socket) && listen.isDefault())
                .map(Listen::place)
                .findFirst()
                .orElse(server.place());
    }

    private void gatekeepers() {
        Stream.concat(nginx.top("http").stream(), reached.keySet().stream().flatMap(ServerBlock::inside))
                .filter(directive ->
                        GATEKEEPER.matcher(directive.words().getFirst()).matches())
                .filter(directive -> !List.of("off").equals(directive.arguments()))
                .filter(directive -> !directive.text().contains("acme-challenge"))
                .forEach(directive -> remarks.add(
                        directive.place() + "  `" + directive.words().getFirst()
                                + "` is asked before Ringcert's line: see to it that it lets every path below "
                                + NginxReadiness.PATH + " pass"));
    }
}
