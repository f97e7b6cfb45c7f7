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
 * Reads the certificates that dehydrated is to order: the lines of {@code domains.txt} and, since version 0.7.1, of
 * {@code domains.txt.d/*.txt} (its parse_domains_txt). A line has names and, anywhere in it, at most one alias,
 * {@code > ALIAS}.
 */
final class DomainsTxt {

    private final Path file;
    private final InstallationFiles files;
    private final Map<String, DomainsLine> lines = new LinkedHashMap<>();

    /**
     * One certificate.
     *
     * @param names as they are written
     * @param location file and line
     */
    record DomainsLine(List<String> names, String location) {}

    private DomainsTxt(Path file, InstallationFiles files) {
        this.file = file;
        this.files = files;
    }

    /** Returns the lines by the folders of their certificates; nothing if there is no such file. */
    static Optional<Map<String, DomainsLine>> read(Path file, InstallationFiles files) {
        DomainsTxt domains = new DomainsTxt(file, files);
        List<Path> parts = domains.parts();
        parts.forEach(domains::readPart);
        return parts.isEmpty() ? Optional.empty() : Optional.of(domains.lines);
    }

    private List<Path> parts() {
        List<Path> parts = new ArrayList<>();
        if (files.exists(file)) {
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

    private void readPart(Path part) {
        List<String> content =
                files.read(part, text -> text.lines().toList(), "restore it").orElseGet(List::of);
        for (int number = 1; number <= content.size(); number++) {
            String line = content.get(number - 1).strip().toLowerCase(Locale.ROOT);
            if (!line.isEmpty() && !line.startsWith("#")) {
                readLine(line, part, number);
            }
        }
    }

    private void readLine(String line, Path part, int number) {
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
            files.addProblem(part, "line " + number + " is not names with at most one `> alias`", "correct it");
            return;
        }
        String folder = aliases.isEmpty() ? names.getFirst() : aliases.getFirst();
        DomainsLine other = lines.putIfAbsent(folder, new DomainsLine(names, part + ", line " + number));
        if (other != null && !new HashSet<>(other.names()).equals(new HashSet<>(names))) {
            files.addProblem(
                    part,
                    "line " + number + " and " + other.location() + " ask for different certificates in one folder, "
                            + folder,
                    "remove one of them");
        }
    }
}
