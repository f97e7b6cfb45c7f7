package org.ringcert.daemon.snippets;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads HAProxy's file. It has no virtual hosts, so each frontend is taken for one that answers for every name. */
record HaproxySurvey(Path file) implements Survey {

    private static final Pattern SECTION = Pattern.compile("([a-z-]+)(?:\\s.*)?");
    private static final Pattern BIND = Pattern.compile("\\s+bind\\s+(\\S+).*");
    private static final Pattern PORT = Pattern.compile(".*:([0-9]+)");

    static Survey ofThisMachine() {
        return new HaproxySurvey(Path.of(WebServer.HAPROXY.folder() + "haproxy.cfg"));
    }

    @Override
    public Findings findings(WebNode node) throws IOException {
        return Findings.of(virtualHosts(), node);
    }

    List<VirtualHost> virtualHosts() throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(file + " is not there or cannot be read");
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        List<VirtualHost> hosts = new ArrayList<>();
        for (int begin = 0; begin < lines.size(); begin++) {
            Matcher section = SECTION.matcher(lines.get(begin));
            if (section.matches() && Set.of("frontend", "listen").contains(section.group(1))) {
                hosts.add(host(
                        file + ":" + (begin + 1),
                        lines.stream()
                                .skip(begin + 1L)
                                .takeWhile(line -> !SECTION.matcher(line).matches())
                                .filter(line -> !line.strip().startsWith("#"))
                                .toList()));
            }
        }
        return hosts;
    }

    private static VirtualHost host(String place, List<String> lines) {
        Set<Integer> ports = new HashSet<>();
        boolean answers = false;
        for (String line : lines) {
            Matcher bind = BIND.matcher(line);
            if (bind.matches()) {
                for (String address : bind.group(1).split(",", -1)) {
                    Matcher port = PORT.matcher(address);
                    // a range of ports or a socket is not told apart: 0 is no port of ours
                    ports.add(port.matches() ? Integer.parseInt(port.group(1)) : 0);
                }
            }
            answers |= line.contains("use_backend " + WebServer.MARKER);
        }
        return new VirtualHost(place, ports.isEmpty() ? Set.of(0) : ports, List.of(), answers);
    }
}
