package org.ringcert.daemon.snippets;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ringcert.cluster.Node;
import org.ringcert.daemon.snippets.haproxy.Bind;
import org.ringcert.daemon.snippets.haproxy.HaproxyAddress;
import org.ringcert.daemon.snippets.haproxy.HaproxyConfiguration;
import org.ringcert.daemon.snippets.haproxy.HaproxyLine;
import org.ringcert.daemon.snippets.haproxy.HaproxySection;
import org.ringcert.daemon.snippets.haproxy.HaproxyService;

/**
 * Follows a request for a challenge through HAProxy's configuration, from port 80 to the section that speaks HTTP. Not
 * reusable.
 */
final class HaproxyInspector {

    /** The name of the frontend that {@code ringcert web haproxy} prints. */
    private static final String PRINTED_FRONTEND = "ringcert";

    private final HaproxyService service;
    private final List<Path> files;
    private final HaproxyConfiguration haproxy;
    private final WebNode node;
    private final Map<HaproxySection, Set<String>> reached = new LinkedHashMap<>();
    private final Set<String> problems = new LinkedHashSet<>();

    HaproxyInspector(HaproxyService service, WebNode node) throws IOException {
        this.service = service;
        this.files = service.files();
        this.haproxy = HaproxyConfiguration.read(files, service.environment());
        this.node = node;
    }

    static ConfigurationInspector ofThisMachine() {
        return node -> {
            ServerProgram.installed("haproxy");
            HaproxyService service = service();
            HaproxyInspector inspector = new HaproxyInspector(service, node);
            check(service).ifPresent(inspector.problems::add);
            return inspector.inspect();
        };
    }

    /** Returns what HAProxy itself reports about its configuration. */
    private static Optional<String> check(HaproxyService service) {
        try {
            ServerProgram.output(
                    service.environment(), "haproxy", service.checkArguments().toArray(String[]::new));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("HAProxy rejects its configuration on disk, or could not check it: " + e.getMessage());
        }
    }

    private static HaproxyService service() {
        try {
            return HaproxyService.fromSystemctl(
                    ServerProgram.output("systemctl", HaproxyService.SHOW_ARGUMENTS.toArray(String[]::new)));
        } catch (IOException e) {
            return HaproxyService.debianDefault();
        }
    }

    InspectionResult inspect() {
        haproxy.conditions().stream()
                .filter(line ->
                        line.keyword().startsWith(".if") || line.keyword().startsWith(".el"))
                .forEach(line -> problems.add(line.position() + "  Ringcert cannot evaluate `" + line.text()
                        + "`: it reads the lines that follow as if it were true"));
        for (HaproxySection frontend : haproxy.frontends()) {
            for (Bind bind : haproxy.binds(frontend)) {
                if (bind.address().isUnknown()) {
                    problems.add(bind.line().position() + "  `" + bind.line().text()
                            + "`: Ringcert does not know this address; if its port is " + node.port() + " or "
                            + node.httpsPort()
                            + ", " + frontend.title() + " needs the two lines");
                } else if (bind.address().hasPort(node.port())) {
                    follow(frontend, "port " + node.port(), Set.of());
                    checkProtocol(frontend, bind);
                    checkSharedPort(frontend, bind);
                } else if (bind.address().hasPort(node.httpsPort())
                        || bind.address().hasPort(WebNode.STANDARD_HTTPS_PORT)) {
                    follow(frontend, "port " + bind.address().first(), Set.of());
                }
            }
        }
        List<InspectionResult.UnpreparedHost> unprepared = new ArrayList<>();
        reached.forEach((section, endpoints) -> {
            HaproxyRuleCheck rules = new HaproxyRuleCheck(section, peerAddresses());
            problems.addAll(rules.conflicts());
            if (rules.needsFirstLine() || rules.needsSecondLine()) {
                String lines = !rules.needsSecondLine()
                        ? " (the first line)"
                        : !rules.needsFirstLine() && hasAllow(section) ? " (the second line)" : "";
                unprepared.add(new InspectionResult.UnpreparedHost(
                        section.position(), String.join(", ", endpoints), section.title() + lines));
            }
        });
        checkOwnBackend();
        return new InspectionResult(unprepared, List.copyOf(problems), notes(unprepared));
    }

    /** Returns the addresses of the other servers, as far as the configuration has them as IP addresses. */
    private List<InetAddress> peerAddresses() {
        return node.cluster().peers().stream()
                .map(Node::address)
                .flatMap(HaproxyInspector::literal)
                .toList();
    }

    private static Stream<InetAddress> literal(String address) {
        try {
            return Stream.of(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException e) {
            return Stream.of();
        }
    }

    private static boolean hasAllow(HaproxySection section) {
        return section.inherited("http-request").stream()
                .anyMatch(line -> line.word(1).equals("allow"));
    }

    /** A section in TCP mode leads to another section of this HAProxy, or elsewhere. */
    private void follow(HaproxySection frontend, String endpoint, Set<HaproxySection> visited) {
        if (frontend.isHttp()) {
            reached.computeIfAbsent(frontend, _ -> new LinkedHashSet<>()).add(endpoint);
            return;
        }
        problems.addAll(new HaproxyRuleCheck(frontend, peerAddresses()).refusedConnections());
        Set<HaproxySection> path = new LinkedHashSet<>(visited);
        path.add(frontend);
        for (HaproxyLine server : servers(frontend)) {
            HaproxyAddress target = haproxy.server(server);
            List<HaproxySection> targets = haproxy.frontends().stream()
                    .filter(section -> !path.contains(section))
                    .filter(section -> haproxy.binds(section).stream()
                            .anyMatch(bind -> bind.address().accepts(target)))
                    .toList();
            targets.forEach(section -> follow(section, endpoint + " via " + frontend.title(), path));
            if (targets.isEmpty() && endpoint.startsWith("port " + node.port())) {
                problems.add(server.position() + "  " + frontend.title() + " (" + frontend.position()
                        + ", mode tcp) passes port " + node.port() + " on to " + target
                        + ", which is not this HAProxy: whatever listens there must answer challenges");
            }
        }
    }

    private List<HaproxyLine> servers(HaproxySection frontend) {
        Stream<HaproxyLine> backendRules = Stream.concat(
                frontend.lines("use_backend"),
                frontend.inherited("default_backend").stream().reduce((_, last) -> last).stream());
        return Stream.concat(Stream.of(frontend), backendRules.flatMap(rule -> backend(frontend, rule).stream()))
                .flatMap(section -> section.lines("server"))
                .toList();
    }

    private Optional<HaproxySection> backend(HaproxySection frontend, HaproxyLine rule) {
        Optional<HaproxySection> backend = haproxy.backend(rule.word(1));
        if (backend.isEmpty()) {
            problems.add(rule.position() + "  `" + rule.text() + "` of " + frontend.title()
                    + " (mode tcp): Ringcert does not know where this leads; the target must answer challenges");
        }
        return backend;
    }

    private void checkProtocol(HaproxySection frontend, Bind bind) {
        if (bind.has("accept-proxy")) {
            problems.add(bind.line().position()
                    + "  with `accept-proxy`, HAProxy accepts only connections that begin with the PROXY protocol: those of the balancer, but not those of"
                    + " the other servers, which connect directly. Remove the word, and write into " + frontend.title()
                    + ": `tcp-request connection expect-proxy layer4 if { src ADDRESS-OF-THE-BALANCER }`");
        } else if (frontend.isHttp() && bind.has("ssl")) {
            problems.add(bind.line().position() + "  with `ssl`, HAProxy accepts no plain HTTP on port " + node.port()
                    + ", where challenges arrive: remove the word");
        } else if (frontend.isHttp() && bind.has("proto") && bind.has("h2")) {
            problems.add(bind.line().position() + "  with `proto h2`, HAProxy accepts no HTTP/1.1 on port "
                    + node.port() + ", which CAs speak: remove it");
        }
        frontend.inherited("tcp-request").stream()
                .filter(line ->
                        line.words().contains("expect-proxy") && !line.words().contains("if"))
                .forEach(
                        line -> problems.add(
                                line.position() + "  `" + line.text()
                                        + "` applies to the other servers as well, which connect directly: add `if { src ADDRESS-OF-THE-BALANCER }`"));
    }

    /** Reports two sections that listen at the same address: the kernel distributes connections between them. */
    private void checkSharedPort(HaproxySection frontend, Bind bind) {
        if (frontend.name().equals(PRINTED_FRONTEND) || !bind.address().isEveryAddressAt(node.port())) {
            return;
        }
        boolean printed = haproxy.frontends().stream()
                .anyMatch(section ->
                        section.kind().equals("frontend") && section.name().equals(PRINTED_FRONTEND));
        if (printed) {
            problems.add(bind.line().position() + "  " + frontend.title() + " and `frontend " + PRINTED_FRONTEND
                    + "` both listen on port "
                    + node.port() + ", and the kernel distributes connections between them: remove `frontend "
                    + PRINTED_FRONTEND
                    + "`, but keep its backend");
        } else if (haproxy.backend(WebServer.MARKER).isEmpty()) {
            problems.add(bind.line().position() + "  " + frontend.title() + " listens on port " + node.port()
                    + " itself: add what `ringcert web haproxy --fragment` prints, but no `frontend " + PRINTED_FRONTEND
                    + "`, because the kernel would distribute connections between the two");
        }
    }

    /** Checks what the defaults do to Ringcert's own backend. */
    private void checkOwnBackend() {
        Optional<HaproxySection> backend = haproxy.backend(WebServer.MARKER);
        backend.filter(section -> !section.head().words().contains("from"))
                .map(HaproxySection::defaults)
                .orElseGet(() -> backend.isEmpty() ? haproxy.last("defaults") : Optional.empty())
                .filter(defaults -> haproxy.isReferenced(defaults) || defaults.hasRules())
                .ifPresent(defaults -> problems.add(defaults.position()
                        + "  HAProxy does not apply these defaults to a backend that does not name them, such as Ringcert's:"
                        + " write a line with the single word `defaults` above "
                        + backend.map(section -> "`" + section.title() + "` (" + section.position() + ")")
                                .orElse("the printed lines")));
        backend.or(() -> haproxy.last("defaults"))
                .ifPresent(section -> problems.addAll(new HaproxyRuleCheck(section, List.of()).statistics()));
        backend.filter(section ->
                        section.lines("server").noneMatch(line -> line.words().contains("no-ssl")))
                .filter(section -> !section.inherited("default-server").isEmpty()
                        || !section.inherited("source").isEmpty())
                .ifPresent(
                        section -> problems.add(
                                section.position()
                                        + "  an earlier version of Ringcert printed this, and the defaults for servers keep it from reaching the daemon: replace it with the output of `ringcert web haproxy --fragment`"));
    }

    private List<String> notes(List<InspectionResult.UnpreparedHost> unprepared) {
        boolean hasWork = !unprepared.isEmpty()
                || !problems.isEmpty()
                || haproxy.backend(WebServer.MARKER).isEmpty();
        return service.isDefault() || !hasWork
                ? List.of()
                : List.of("HAProxy reads " + files.getLast()
                        + " last, so append the printed lines to it. To check all files that it reads: "
                        + service.checkCommand());
    }
}
