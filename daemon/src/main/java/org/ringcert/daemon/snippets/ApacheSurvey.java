package org.ringcert.daemon.snippets;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@code apachectl -S} says, and the files that it names. */
record ApacheSurvey(String said) implements Survey {

    private static final Pattern ROOT = Pattern.compile("ServerRoot: \"(.*)\"");

    /** One of several on an address, or the only one. The default server of an address is listed twice, so that line is left out. */
    private static final Pattern HOST = Pattern.compile(
            "(?:\\s+port (?<port>[0-9]+|\\*) namevhost|\\S+:(?<alone>[0-9]+|\\*)) +(?<name>\\S+) \\((?<file>.+):(?<line>[0-9]+)\\)");

    private static final Pattern DIRECTIVE = Pattern.compile("\\s*([A-Za-z]+)\\s+(.*?)\\s*");

    static Survey ofThisMachine() {
        return node -> new ApacheSurvey(ServerProgram.output("apachectl", "-S")).findings(node);
    }

    @Override
    public Findings findings(WebNode node) {
        return Findings.of(virtualHosts(), node);
    }

    List<VirtualHost> virtualHosts() {
        Path root = said.lines()
                .map(ROOT::matcher)
                .filter(Matcher::matches)
                .map(match -> Path.of(match.group(1)))
                .findFirst()
                .orElse(Path.of("/etc/apache2"));
        List<VirtualHost> hosts = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (String line : said.lines().toList()) {
            boolean anotherAddress = !line.startsWith(" ");
            if (anotherAddress) {
                taken.clear();
            }
            Matcher host = HOST.matcher(line);
            if (host.matches()) {
                String port = host.group("port") == null ? host.group("alone") : host.group("port");
                Path file = Path.of(host.group("file"));
                VirtualHost all = read(
                        block(file, Integer.parseInt(host.group("line"))),
                        root,
                        host.group("file") + ":" + host.group("line"),
                        port.equals("*") ? Set.of() : Set.of(Integer.parseInt(port)),
                        host.group("name"));
                List<String> names = new ArrayList<>(all.names());
                names.removeAll(taken);
                // Of those with one name the first serves it. Debian's own has the host's, and comes after ours.
                if (!names.isEmpty()) {
                    hosts.add(new VirtualHost(all.place(), all.ports(), names, all.answers()));
                }
                taken.addAll(names);
            }
        }
        return hosts;
    }

    private static VirtualHost read(List<String> block, Path root, String place, Set<Integer> ports, String name) {
        List<String> names = new ArrayList<>(List.of(name));
        boolean answers = false;
        for (String line : block) {
            answers |= line.strip().startsWith("# " + WebServer.MARKER + ":");
            Matcher directive = DIRECTIVE.matcher(line);
            if (directive.matches()) {
                String value = directive.group(2);
                switch (directive.group(1).toLowerCase(Locale.ROOT)) {
                    case "serveralias" -> names.addAll(List.of(value.split("\\s+", -1)));
                    case "include", "includeoptional" ->
                        answers |= value.contains(WebServer.MARKER) || leadsToOurs(root, value);
                    default -> {}
                }
            }
        }
        return new VirtualHost(place, ports, names, answers);
    }

    /** Whether the virtual host includes one of its administrator's files that includes ours. */
    private static boolean leadsToOurs(Path root, String included) {
        try {
            return lines(root.resolve(included.replace("\"", ""))).stream()
                    .anyMatch(line -> !line.strip().startsWith("#") && line.contains(WebServer.MARKER));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static List<String> block(Path file, int first) {
        return lines(file).stream()
                .skip(first - 1L)
                .takeWhile(line -> !line.strip().equalsIgnoreCase("</VirtualHost>"))
                .toList();
    }

    /** Nothing where it cannot be read: then the names are those that Apache has told. */
    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }
}
