package org.ringcert.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents name only files and types that exist. */
class DocumentsTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> FOLDERS = List.of("docs", "findings", "ansible");
    private static final List<String> MODULES = List.of("core", "daemon", "demo", "it");

    /** A link to something in the repository, without its anchor. */
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#\\s]+)(?:#[^)]*)?\\)");

    /** A type, perhaps with one of its members: {@code `PeerLookup.findHolder`}. */
    private static final Pattern TYPE = Pattern.compile("`([A-Z][a-z]+(?:[A-Z][a-z0-9]+)+)(?:\\.[a-z]\\w*)?`");

    /** A type and one of its members. */
    private static final Pattern MEMBER = Pattern.compile("`([A-Z]\\w*[a-z]\\w*\\.[a-z]\\w*)`");

    /** A path, or one whose middle is left out: {@code core/.../handoff/NextHop.java}. */
    private static final Pattern FILE = Pattern.compile("`((?:core|daemon|demo|it|build)/[\\w./-]+)`");

    private static final Pattern CODE = Pattern.compile("`(\\w+)`");

    /** A key that a class writes into JSON. */
    private static final Pattern KEY = Pattern.compile("(?:write\\w*Property\\w*|put\\w*)\\(\\s*\"(\\w+)\"");

    /** Settings of systemd and Apache look like types. */
    private static final Set<String> NOT_TYPES = Set.of("NoNewPrivileges", "RevokeCertByApplicant", "RevokeCertByKey");

    private static final Set<String> FILE_ENDINGS = Set.of(".java", ".md", ".toml", ".xml", ".key", ".json");

    static Stream<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        try (Stream<Path> top = Files.list(ROOT)) {
            top.filter(DocumentsTest::isDocument).forEach(documents::add);
        }
        for (String folder : FOLDERS) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
                files.filter(DocumentsTest::isDocument).forEach(documents::add);
            }
        }
        return documents.stream().sorted();
    }

    private static boolean isDocument(Path file) {
        return file.toString().endsWith(".md");
    }

    @Test
    void findsTheDocuments() throws IOException {
        assertThat(documents())
                .contains(ROOT.resolve("README.md"), ROOT.resolve("docs/DESIGN.md"), ROOT.resolve("CONTRIBUTING.md"));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void linksLeadToFilesThatExist(Path document) throws IOException {
        assertThat(matches(LINK, document))
                .allSatisfy(link -> assertThat(document.resolveSibling(link)).exists());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void namesOnlyTypesThatExist(Path document) throws IOException {
        Set<String> types = new TreeSet<>(matches(TYPE, document));
        types.removeAll(NOT_TYPES);
        assertThat(sourceNames()).containsAll(types);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void namesOnlyMembersThatExist(Path document) throws IOException {
        for (String member : matches(MEMBER, document)) {
            if (!FILE_ENDINGS.contains(member.substring(member.indexOf('.')))) {
                String type = member.substring(0, member.indexOf('.')) + ".java";
                Path source = sources().stream()
                        .filter(file -> file.endsWith(type))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no type for " + member));
                assertThat(Files.readString(source))
                        .as(member)
                        .contains(" " + member.substring(member.indexOf('.') + 1) + "(");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void namesOnlySourceFilesThatExist(Path document) throws IOException {
        for (String file : matches(FILE, document)) {
            if (file.contains("...")) {
                String end = file.substring(file.lastIndexOf("...") + 3);
                try (Stream<Path> files = Files.walk(
                        ROOT.resolve(file.substring(0, file.indexOf('/'))).resolve("src"))) {
                    assertThat(files.map(found -> found + (Files.isDirectory(found) ? "/" : "")))
                            .as(file)
                            .anySatisfy(found -> assertThat(found).endsWith(end));
                }
            } else {
                assertThat(ROOT.resolve(file)).exists();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MatrixJson", "StatusJson"})
    void listsEveryKeyOfTheStatus(String writer) throws IOException {
        Path source = ROOT.resolve("daemon/src/main/java/org/ringcert/daemon/status/" + writer + ".java");
        List<String> documented = Stream.concat(
                        matches(CODE, ROOT.resolve("docs/commands.md")).stream(),
                        matches(CODE, ROOT.resolve("docs/visitors.md")).stream())
                .toList();
        assertThat(matches(KEY, source))
                .isNotEmpty()
                .allSatisfy(key -> assertThat(documented).contains(key));
    }

    private static Set<String> sourceNames() throws IOException {
        return sources().stream()
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        return sources;
    }

    private static List<String> matches(Pattern pattern, Path document) throws IOException {
        return pattern.matcher(Files.readString(document))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
