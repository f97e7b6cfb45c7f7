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

/** The complete configuration of HAProxy: its files, read one after another as one text. Immutable. */
public final class HaproxyConfiguration {

    /** Keywords that begin a section, indented or not. */
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
    private final List<HaproxySection> sections = new ArrayList<>();
    private final Set<HaproxyLine> conditions = new LinkedHashSet<>();

    private HaproxyConfiguration(Map<String, String> environment) {
        this.environment = new HashMap<>(environment);
    }

    /**
     * Reads configuration files.
     *
     * @param environment the variables of HAProxy's process, as far as they are known
     * @throws IOException if a file cannot be read; the message says which
     */
    public static HaproxyConfiguration read(List<Path> files, Map<String, String> environment) throws IOException {
        HaproxyConfiguration configuration = new HaproxyConfiguration(environment);
        for (Path file : files) {
            if (!Files.isReadable(file)) {
                throw new IOException(file + " does not exist or cannot be read");
            }
            configuration.addFile(file.toString(), Files.readAllLines(file, StandardCharsets.ISO_8859_1));
        }
        return configuration;
    }

    private void addFile(String file, List<String> fileLines) {
        List<HaproxyLine> inside = new ArrayList<>();
        Optional<HaproxyLine> head = Optional.empty();
        Deque<HaproxyLine> openConditions = new ArrayDeque<>();
        for (int number = 1; number <= fileLines.size(); number++) {
            List<String> words = HaproxyLine.words(fileLines.get(number - 1), environment);
            if (words.isEmpty()) {
                continue;
            }
            HaproxyLine line = new HaproxyLine(file, number, words);
            if (line.keyword().startsWith(".")) {
                trackCondition(line, openConditions);
                continue;
            }
            if (KINDS.contains(line.keyword())) {
                head.ifPresent(current -> sections.add(section(current, inside)));
                inside.clear();
                head = Optional.of(line);
            } else {
                inside.add(line);
                applyToEnvironment(line);
            }
            if (head.filter(current -> current.keyword().equals("global")).isEmpty()) {
                conditions.addAll(openConditions);
            }
        }
        head.ifPresent(current -> sections.add(section(current, inside)));
    }

    private static void trackCondition(HaproxyLine line, Deque<HaproxyLine> openConditions) {
        switch (line.keyword()) {
            case ".if" -> openConditions.push(line);
            case ".elif", ".else" -> {
                openConditions.poll();
                openConditions.push(line);
            }
            case ".endif" -> openConditions.poll();
            default -> {}
        }
    }

    private void applyToEnvironment(HaproxyLine line) {
        switch (line.keyword()) {
            case "setenv" -> environment.put(line.word(1), line.word(2));
            case "presetenv" -> environment.putIfAbsent(line.word(1), line.word(2));
            case "unsetenv" -> line.words().forEach(environment::remove);
            default -> {}
        }
    }

    private HaproxySection section(HaproxyLine head, List<HaproxyLine> inside) {
        int from = head.words().lastIndexOf("from");
        Optional<HaproxySection> defaults = from > 0
                ? named("defaults", head.word(from + 1))
                : head.keyword().equals("defaults") ? Optional.empty() : last("defaults");
        return new HaproxySection(head, inside, defaults);
    }

    private Optional<HaproxySection> named(String kind, String name) {
        return sections.stream()
                .filter(section -> section.kind().equals(kind) && section.name().equals(name))
                .findFirst();
    }

    /** Returns the last section of that kind. */
    public Optional<HaproxySection> last(String kind) {
        return sections.stream().filter(section -> section.kind().equals(kind)).reduce((_, last) -> last);
    }

    /**
     * Returns whether a section refers to these defaults by name. HAProxy then rejects sections that use them without
     * naming them.
     */
    public boolean isReferenced(HaproxySection defaults) {
        return sections.stream()
                .filter(section -> section.head().words().contains("from"))
                .anyMatch(section -> section.defaults().filter(defaults::equals).isPresent());
    }

    /**
     * Returns the conditions (section 2.4 of the manual) that control something outside of {@code global}. The lines
     * below each are read as if it were true.
     */
    public List<HaproxyLine> conditions() {
        return List.copyOf(conditions);
    }

    /** Returns the enabled sections that accept connections. */
    public List<HaproxySection> frontends() {
        return sections.stream()
                .filter(section -> Set.of("frontend", "listen").contains(section.kind()))
                .filter(section -> !section.isDisabled())
                .toList();
    }

    /** Returns the section that a {@code use_backend} with that name leads to. */
    public Optional<HaproxySection> backend(String name) {
        return named("backend", name).or(() -> named("listen", name));
    }

    /** Returns the addresses at which a section listens. */
    public List<Bind> binds(HaproxySection section) {
        return section.lines("bind")
                .flatMap(line -> Stream.of(
                                HaproxyLine.expand(line.word(1), environment).split(",", -1))
                        .map(address -> new Bind(
                                HaproxyAddress.of(address),
                                line.words()
                                        .subList(
                                                Math.min(2, line.words().size()),
                                                line.words().size()),
                                line)))
                .toList();
    }

    /** Returns the address of a {@code server} line. */
    public HaproxyAddress server(HaproxyLine line) {
        return HaproxyAddress.of(HaproxyLine.expand(line.word(2), environment));
    }
}
