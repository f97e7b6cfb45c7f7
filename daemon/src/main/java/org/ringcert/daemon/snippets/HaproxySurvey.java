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
import org.ringcert.daemon.snippets.haproxy.Address;
import org.ringcert.daemon.snippets.haproxy.Bind;
import org.ringcert.daemon.snippets.haproxy.HaproxyConfiguration;
import org.ringcert.daemon.snippets.haproxy.HaproxyService;
import org.ringcert.daemon.snippets.haproxy.Line;
import org.ringcert.daemon.snippets.haproxy.Section;

/**
 * Follows a request for a challenge through HAProxy's configuration, from port 80 to the section that speaks HTTP. Used
 * once.
 */
final class HaproxySurvey {

    /** What `ringcert web haproxy` prints has this name. */
    private static final String PRINTED = "ringcert";

    private final HaproxyService service;
    private final List<Path> files;
    private final HaproxyConfiguration haproxy;
    private final WebNode node;
    private final Map<Section, Set<String>> reached = new LinkedHashMap<>();
    private final Set<String> remarks = new LinkedHashSet<>();

    HaproxySurvey(HaproxyService service, WebNode node) throws IOException {
        this.service = service;
        this.files = service.files();
        this.haproxy = HaproxyConfiguration.read(files, service.environment());
        this.node = node;
    }

    static Survey ofThisMachine() {
        return node -> {
            ServerProgram.installed("haproxy");
            HaproxyService service = service();
            HaproxySurvey survey = new HaproxySurvey(service, node);
            check(service).ifPresent(survey.remarks::add);
            return survey.findings();
        };
    }

    /** What HAProxy itself has against its configuration. */
    private static Optional<String> check(HaproxyService service) {
        try {
            ServerProgram.output(
                    service.environment(), "haproxy", service.checkArguments().toArray(String[]::new));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(
                    "HAProxy refuses its configuration as it is on disk, or this cannot be checked: " + e.getMessage());
        }
    }

    private static HaproxyService service() {
        try {
            return HaproxyService.of(ServerProgram.output("systemctl", HaproxyService.QUESTION.toArray(String[]::new)));
        } catch (IOException e) {
            return HaproxyService.ofDebian();
        }
    }

    Findings findings() {
        haproxy.conditions().stream()
                .filter(line ->
                        line.keyword().startsWith(".if") || line.keyword().startsWith(".el"))
                .forEach(line -> remarks.add(line.place() + "  whether `" + line.text()
                        + "` holds is not known here: what follows is read as if it did"));
        for (Section frontend : haproxy.frontends()) {
            for (Bind bind : haproxy.binds(frontend)) {
                if (bind.address().isRiddle()) {
                    remarks.add(bind.line().place() + "  `" + bind.line().text()
                            + "`: that address is not known here; if it is port " + node.port() + " or "
                            + node.httpsPort()
                            + ", " + frontend.title() + " needs the two lines");
                } else if (bind.address().hasPort(node.port())) {
                    follow(frontend, "port " + node.port(), Set.of());
                    protocol(frontend, bind);
                    both(frontend, bind);
                } else if (bind.address().hasPort(node.httpsPort())
                        || bind.address().hasPort(443)) {
                    follow(frontend, "port " + bind.address().first(), Set.of());
                }
            }
        }
        List<Findings.Lacking> lacking = new ArrayList<>();
        reached.forEach((section, where) -> {
            HaproxyReadiness readiness = new HaproxyReadiness(section, askers());
            remarks.addAll(readiness.obstacles());
            if (readiness.needsFirstLine() || readiness.needsSecondLine()) {
                String lines = !readiness.needsSecondLine()
                        ? " (the first line)"
                        : !readiness.needsFirstLine() && hasAllow(section) ? " (the second line)" : "";
                lacking.add(new Findings.Lacking(section.place(), String.join(", ", where), section.title() + lines));
            }
        });
        own();
        return new Findings(lacking, List.copyOf(remarks), notes(lacking));
    }

    /** The addresses of the other servers, as far as they are written as such. */
    private List<InetAddress> askers() {
        return node.cluster().peers().stream()
                .map(Node::address)
                .flatMap(HaproxySurvey::literal)
                .toList();
    }

    private static Stream<InetAddress> literal(String address) {
        try {
            return Stream.of(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException e) {
            return Stream.of();
        }
    }

    private static boolean hasAllow(Section section) {
        return section.inherited("http-request").stream()
                .anyMatch(line -> line.word(1).equals("allow"));
    }

    /** What passes bytes on leads to another section of this HAProxy, or away. */
    private void follow(Section frontend, String where, Set<Section> before) {
        if (frontend.isHttp()) {
            reached.computeIfAbsent(frontend, _ -> new LinkedHashSet<>()).add(where);
            return;
        }
        remarks.addAll(new HaproxyReadiness(frontend, askers()).refusals());
        Set<Section> way = new LinkedHashSet<>(before);
        way.add(frontend);
        for (Line server : servers(frontend)) {
            Address target = haproxy.server(server);
            List<Section> inner = haproxy.frontends().stream()
                    .filter(section -> !way.contains(section))
                    .filter(section -> haproxy.binds(section).stream()
                            .anyMatch(bind -> bind.address().isReachedBy(target)))
                    .toList();
            inner.forEach(section -> follow(section, where + " by way of " + frontend.title(), way));
            if (inner.isEmpty() && where.startsWith("port " + node.port())) {
                remarks.add(server.place() + "  " + frontend.title() + " (" + frontend.place()
                        + ", mode tcp) hands port " + node.port() + " to " + target
                        + ", which is not this HAProxy: what listens there has to answer challenges");
            }
        }
    }

    private List<Line> servers(Section frontend) {
        Stream<Line> uses = Stream.concat(
                frontend.lines("use_backend"),
                frontend.inherited("default_backend").stream().reduce((_, last) -> last).stream());
        return Stream.concat(Stream.of(frontend), uses.flatMap(use -> backend(frontend, use).stream()))
                .flatMap(section -> section.lines("server"))
                .toList();
    }

    private Optional<Section> backend(Section frontend, Line use) {
        Optional<Section> backend = haproxy.backend(use.word(1));
        if (backend.isEmpty()) {
            remarks.add(use.place() + "  `" + use.text() + "` of " + frontend.title()
                    + " (mode tcp): where that leads is not known here; it has to answer challenges");
        }
        return backend;
    }

    private void protocol(Section frontend, Bind bind) {
        if (bind.has("accept-proxy")) {
            remarks.add(bind.line().place()
                    + "  with `accept-proxy` HAProxy answers here only who begins with the PROXY protocol: the balancer, but not the other servers, which come"
                    + " straight. Take the word out, and write into " + frontend.title()
                    + ": `tcp-request connection expect-proxy layer4 if { src ADDRESS-OF-THE-BALANCER }`");
        } else if (frontend.isHttp() && bind.has("ssl")) {
            remarks.add(bind.line().place() + "  with `ssl` HAProxy takes no plain HTTP on port " + node.port()
                    + ", where challenges come: take the word out");
        } else if (frontend.isHttp() && bind.has("proto") && bind.has("h2")) {
            remarks.add(bind.line().place() + "  with `proto h2` HAProxy takes no HTTP/1.1 on port " + node.port()
                    + ", which CAs speak: take it out");
        }
        frontend.inherited("tcp-request").stream()
                .filter(line ->
                        line.words().contains("expect-proxy") && !line.words().contains("if"))
                .forEach(
                        line -> remarks.add(
                                line.place() + "  `" + line.text()
                                        + "` holds for the other servers as well, which come straight: add `if { src ADDRESS-OF-THE-BALANCER }`"));
    }

    /** Two sections at one address share what comes there, by chance. */
    private void both(Section frontend, Bind bind) {
        if (frontend.name().equals(PRINTED) || !bind.address().takesAll(node.port())) {
            return;
        }
        boolean printed = haproxy.frontends().stream()
                .anyMatch(section ->
                        section.kind().equals("frontend") && section.name().equals(PRINTED));
        if (printed) {
            remarks.add(bind.line().place() + "  " + frontend.title() + " and `frontend " + PRINTED
                    + "` both have port "
                    + node.port() + ", and the kernel deals connections to the two in turn: remove `frontend " + PRINTED
                    + "`, and keep its backend");
        } else if (haproxy.backend(WebServer.MARKER).isEmpty()) {
            remarks.add(bind.line().place() + "  " + frontend.title() + " has port " + node.port()
                    + " itself, so add what `ringcert web haproxy --fragment` prints, and no `frontend " + PRINTED
                    + "` beside it: the kernel would deal connections to the two in turn");
        }
    }

    /** What the file's defaults do to what is printed. */
    private void own() {
        Optional<Section> backend = haproxy.backend(WebServer.MARKER);
        backend.filter(section -> !section.head().words().contains("from"))
                .map(Section::defaults)
                .orElseGet(() -> backend.isEmpty() ? haproxy.last("defaults") : Optional.empty())
                .filter(defaults -> haproxy.isNamed(defaults) || defaults.hasRules())
                .ifPresent(defaults -> remarks.add(defaults.place()
                        + "  HAProxy does not take these defaults for a backend that does not name them, such as the one that is printed:"
                        + " write a line with the one word `defaults` above "
                        + backend.map(section -> "`" + section.title() + "` (" + section.place() + ")")
                                .orElse("what is printed")));
        backend.or(() -> haproxy.last("defaults"))
                .ifPresent(section -> remarks.addAll(new HaproxyReadiness(section, List.of()).statistics()));
        backend.filter(section ->
                        section.lines("server").noneMatch(line -> line.words().contains("no-ssl")))
                .filter(section -> !section.inherited("default-server").isEmpty()
                        || !section.inherited("source").isEmpty())
                .ifPresent(
                        section -> remarks.add(
                                section.place()
                                        + "  this is from an earlier version, and defaults for servers keep it from reaching the daemon: write what `ringcert web haproxy --fragment` prints instead"));
    }

    private List<String> notes(List<Findings.Lacking> lacking) {
        boolean toDo = !lacking.isEmpty()
                || !remarks.isEmpty()
                || haproxy.backend(WebServer.MARKER).isEmpty();
        return service.isUsual() || !toDo
                ? List.of()
                : List.of("HAProxy reads " + files.getLast()
                        + " last, so what is printed goes to its end. All that it reads is checked by: "
                        + service.check());
    }
}
