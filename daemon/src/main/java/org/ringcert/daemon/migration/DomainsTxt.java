package org.ringcert.daemon.migration;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The certificates that dehydrated is asked for: the lines of {@code domains.txt}, and since version 0.7.1 those of
 * {@code domains.txt.d/*.txt} (its parse_domains_txt), each with names and perhaps an alias, {@code > ALIAS}, anywhere
 * in it.
 */
final class DomainsTxt {

    private static final String TAKE_OUT = "take one of them out";

    private final Path file;
    private final SourceFiles files;
    private final Map<String, Line> lines = new LinkedHashMap<>();

    /** The names of one certificate, as they are written, and where that is. */
    record Line(List<String> names, String place) {}

    private DomainsTxt(Path file, SourceFiles files) {
        this.file = file;
        this.files = files;
    }

    /** The lines by the folders of their certificates; nothing where there is no such file. */
    static Optional<Map<String, Line>> read(Path file, SourceFiles files) {
        DomainsTxt reading = new DomainsTxt(file, files);
        List<Path> parts = reading.parts();
        parts.forEach(reading::part);
        return parts.isEmpty() ? Optional.empty() : Optional.of(reading.lines);
    }

    private List<Path> parts() {
        List<Path> parts = new ArrayList<>();
        if (files.isThere(file)) {
            parts.add(file);
        }
        files.list(file.resolveSibling(file.getFileName() + ".d")).stream()
                .filter(part -> {
                    String name = String.valueOf(part.getFileName());
                    return name.endsWith(".txt") && !name.startsWith(".");
                })
                .forEach(parts::add);
        return parts;
    }

    private void part(Path part) {
        List<String> written =
                files.read(part, text -> text.lines().toList(), "restore it").orElseGet(List::of);
        for (int number = 1; number <= written.size(); number++) {
            String line = written.get(number - 1).strip().toLowerCase(Locale.ROOT);
            if (!line.isEmpty() && !line.startsWith("#")) {
                line(line, part, number);
            }
        }
    }

    private void line(String line, Path part, int number) {
        List<String> names = new ArrayList<>();
        List<String> aliases = new ArrayList<>();
        for (String word : line.replaceAll("\\s*>\\s*", " >").strip().split("\\s+", -1)) {
            if (word.startsWith(">")) {
                aliases.add(word.substring(1));
            } else {
                names.add(word);
            }
        }
        if (names.isEmpty() || aliases.size() > 1 || aliases.contains("")) {
            files.problem(part, "line " + number + " is not names with at most one `> alias`", "correct it");
            return;
        }
        String folder = aliases.isEmpty() ? names.getFirst() : aliases.getFirst();
        Line other = lines.putIfAbsent(folder, new Line(names, part + ", line " + number));
        if (other != null && !new HashSet<>(other.names()).equals(new HashSet<>(names))) {
            files.problem(
                    part,
                    "line " + number + " and " + other.place() + " ask for different certificates in one folder, "
                            + folder,
                    TAKE_OUT);
        }
    }
}
