package org.ringcert.daemon.snippets;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ringcert.daemon.snippets.NginxFile.Directive;

/** Reads what {@code nginx -T} says: all its files, one after another. */
record NginxSurvey(String said) implements Survey {

    private static final Pattern FILE = Pattern.compile("(?m)^# configuration file (.+):$\n");
    private static final Pattern PORT = Pattern.compile("(?:.*:)?([0-9]+)");

    static Survey ofThisMachine() {
        return () -> new NginxSurvey(ServerProgram.output("nginx", "-T")).virtualHosts();
    }

    @Override
    public List<VirtualHost> virtualHosts() {
        Map<String, List<Directive>> files = files();
        List<VirtualHost> hosts = new ArrayList<>();
        files.forEach((name, directives) ->
                servers(directives).forEach(server -> hosts.add(host(name + ":" + server.line(), server, files))));
        return hosts;
    }

    private Map<String, List<Directive>> files() {
        Map<String, List<Directive>> files = new LinkedHashMap<>();
        Matcher file = FILE.matcher(said);
        boolean more = file.find();
        while (more) {
            String name = file.group(1);
            int start = file.end();
            more = file.find();
            files.put(name, NginxFile.read(said.substring(start, more ? file.start() : said.length())));
        }
        return files;
    }

    private static Stream<Directive> servers(List<Directive> directives) {
        return directives.stream()
                .flatMap(directive -> directive.is("server")
                        ? Stream.of(directive).filter(server -> !server.block().isEmpty())
                        : servers(directive.block()));
    }

    private static VirtualHost host(String place, Directive server, Map<String, List<Directive>> files) {
        List<String> names = new ArrayList<>();
        Set<Integer> ports = new HashSet<>();
        boolean answers = false;
        for (Directive directive : server.block()) {
            if (directive.is("server_name")) {
                names.addAll(directive.words().subList(1, directive.words().size()));
            } else if (directive.is("listen") && directive.words().size() > 1) {
                Matcher port = PORT.matcher(directive.words().get(1));
                // an address without a port is port 80, and so is an IPv6 address that ends in a digit and a bracket
                ports.add(port.matches() ? Integer.parseInt(port.group(1)) : 80);
            } else if (directive.is("include")) {
                answers |= leadsToOurs(directive, files);
            }
        }
        return new VirtualHost(
                place, ports.isEmpty() ? Set.of(80) : ports, names.isEmpty() ? List.of("_") : names, answers);
    }

    /** Whether it includes ours, or one of its administrator's files that includes ours. */
    private static boolean leadsToOurs(Directive include, Map<String, List<Directive>> files) {
        String path = include.words().getLast();
        return path.contains(WebServer.MARKER)
                || files.entrySet().stream()
                        .filter(file -> ("/" + file.getKey()).endsWith("/" + path))
                        .flatMap(file -> file.getValue().stream())
                        .anyMatch(inner ->
                                inner.is("include") && inner.words().getLast().contains(WebServer.MARKER));
    }
}
