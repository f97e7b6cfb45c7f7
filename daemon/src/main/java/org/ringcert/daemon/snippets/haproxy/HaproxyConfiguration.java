package org.ringcert.daemon.snippets.haproxy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** All of HAProxy's configuration: its files, one after another, are one text. Immutable. */
public final class HaproxyConfiguration {

    /** A line that begins with one of these begins a section, indented or not. */
    private static final Set<String> KINDS = Set.of(
            "global",
            "defaults",
            "frontend",
            "backend",
            "listen",
            "userlist",
            "peers",
            "mailers",
            "cache",
            "resolvers",
            "program",
            "http-errors",
            "ring",
            "log-forward",
            "log-profile",
            "fcgi-app",
            "crt-store",
            "traces",
            "acme");

    private final Map<String, String> environment;
    private final List<Section> sections = new ArrayList<>();
    private final Set<Line> conditions = new LinkedHashSet<>();

    private HaproxyConfiguration(Map<String, String> environment) {
        this.environment = new HashMap<>(environment);
    }

    /**
     * Reads these files.
     *
     * @param environment the variables of HAProxy's process, as far as they are known
     * @throws IOException if one cannot be read; the message says which
     */
    public static HaproxyConfiguration read(List<Path> files, Map<String, String> environment) throws IOException {
        HaproxyConfiguration all = new HaproxyConfiguration(environment);
        for (Path file : files) {
            if (!Files.isReadable(file)) {
                throw new IOException(file + " is not there or cannot be read");
            }
            all.add(file.toString(), Files.readAllLines(file, StandardCharsets.ISO_8859_1));
        }
        return all;
    }

    private void add(String file, List<String> written) {
        List<Line> inside = new ArrayList<>();
        Optional<Line> head = Optional.empty();
        Deque<Line> open = new ArrayDeque<>();
        for (int number = 1; number <= written.size(); number++) {
            List<String> words = Line.words(written.get(number - 1), environment);
            if (words.isEmpty()) {
                continue;
            }
            Line line = new Line(file, number, words);
            if (line.keyword().startsWith(".")) {
                condition(line, open);
                continue;
            }
            if (KINDS.contains(line.keyword())) {
                head.ifPresent(begun -> sections.add(section(begun, inside)));
                inside.clear();
                head = Optional.of(line);
            } else {
                inside.add(line);
                set(line);
            }
            if (head.filter(begun -> begun.keyword().equals("global")).isEmpty()) {
                conditions.addAll(open);
            }
        }
        head.ifPresent(begun -> sections.add(section(begun, inside)));
    }

    private static void condition(Line line, Deque<Line> open) {
        switch (line.keyword()) {
            case ".if" -> open.push(line);
            case ".elif", ".else" -> {
                open.poll();
                open.push(line);
            }
            case ".endif" -> open.poll();
            default -> {}
        }
    }

    private void set(Line line) {
        switch (line.keyword()) {
            case "setenv" -> environment.put(line.word(1), line.word(2));
            case "presetenv" -> environment.putIfAbsent(line.word(1), line.word(2));
            case "unsetenv" -> line.words().forEach(environment::remove);
            default -> {}
        }
    }

    private Section section(Line head, List<Line> inside) {
        int from = head.words().lastIndexOf("from");
        Optional<Section> defaults = from > 0
                ? named("defaults", head.word(from + 1))
                : head.keyword().equals("defaults") ? Optional.empty() : last("defaults");
        return new Section(head, inside, defaults);
    }

    private Optional<Section> named(String kind, String name) {
        return sections.stream()
                .filter(section -> section.kind().equals(kind) && section.name().equals(name))
                .findFirst();
    }

    /** The last section of that kind. */
    public Optional<Section> last(String kind) {
        return sections.stream().filter(section -> section.kind().equals(kind)).reduce((_, last) -> last);
    }

    /** Whether another section takes its settings from that one by name; HAProxy takes amiss if one does so without. */
    public boolean isNamed(Section defaults) {
        return sections.stream()
                .filter(section -> section.head().words().contains("from"))
                .anyMatch(section -> section.defaults().filter(defaults::equals).isPresent());
    }

    /**
     * The conditions (section 2.4 of the manual) on which something outside of {@code global} hangs. What stands below
     * them is read as if each held.
     */
    public List<Line> conditions() {
        return List.copyOf(conditions);
    }

    /** What takes connections. */
    public List<Section> frontends() {
        return sections.stream()
                .filter(section -> Set.of("frontend", "listen").contains(section.kind()))
                .filter(section -> !section.isDisabled())
                .toList();
    }

    /** What a {@code use_backend} of that name leads to. */
    public Optional<Section> backend(String name) {
        return named("backend", name).or(() -> named("listen", name));
    }

    /** Where the section listens. */
    public List<Bind> binds(Section section) {
        return section.lines("bind")
                .flatMap(line -> Stream.of(
                                Line.expanded(line.word(1), environment).split(",", -1))
                        .map(address -> new Bind(
                                Address.of(address),
                                line.words()
                                        .subList(
                                                Math.min(2, line.words().size()),
                                                line.words().size()),
                                line)))
                .toList();
    }

    /** The address of that {@code server} line. */
    public Address server(Line line) {
        return Address.of(Line.expanded(line.word(2), environment));
    }
}
