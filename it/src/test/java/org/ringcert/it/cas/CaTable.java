package org.ringcert.it.cas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.it.cas.CaReport.Facts;
import org.ringcert.it.cas.CaReport.Outcome;
import org.ringcert.it.cas.CaReport.Status;

/**
 * The table of CAs in {@code docs/cas.md}, between two comments. A run changes only the rows of the CAs that ran.
 *
 * @param document the file
 */
record CaTable(Path document) {

    private static final String BEGIN = "<!-- table of ./test cas: begin -->";
    private static final String END = "<!-- table of ./test cas: end -->";
    private static final String HEADING = """
            | CA | version | follows redirects | User-Agent of its requests | Host after a redirect | works with | fails | run |
            |---|---|---|---|---|---|---|---|
            """;
    private static final String NOTHING = "–";
    private static final int MAX_TEXT = 120;
    private static final Pattern UNPRINTABLE = Pattern.compile("([^\\x21-\\x7E]|[|`<>])+");

    /** Replaces the row of a CA that has been run. */
    void replace(CaProgram program, CaReport report, LocalDate today) throws IOException {
        Facts facts = report.facts().getFirst();
        put(
                program,
                List.of(
                        program.name(),
                        program.version(),
                        redirects(facts),
                        userAgent(facts),
                        host(facts),
                        worksWith(program, report),
                        failures(program, report),
                        today.toString()));
    }

    /** Adds a row for a CA that cannot be installed, unless an earlier run has made one. */
    void addMissing(CaProgram program, String reason) throws IOException {
        String content = Files.readString(document);
        if (rows(content).stream().noneMatch(row -> isOf(row, program))) {
            List<String> cells = new ArrayList<>(List.of(program.name()));
            cells.addAll(List.of(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING));
            cells.addAll(List.of("could not be installed: " + plain(reason), "not run"));
            put(program, cells);
        }
    }

    private static String redirects(Facts facts) {
        if (facts.redirects() <= 0) {
            return facts.redirects() == 0 ? "no" : NOTHING;
        }
        return facts.redirects() >= OtherWebServers.MAX_HOPS
                ? "yes, %d in a row and more".formatted(facts.redirects())
                : "yes, %d in a row".formatted(facts.redirects());
    }

    private static String userAgent(Facts facts) {
        if (facts.redirects() < 0) {
            return NOTHING;
        }
        return facts.userAgent().isEmpty() ? "none" : code(facts.userAgent());
    }

    private static String host(Facts facts) {
        if (facts.redirects() <= 0) {
            return NOTHING;
        }
        if (facts.hostAfterRedirect().equals(OtherWebServers.SECOND_RECORDER.value())) {
            return "the new one";
        }
        return facts.hostAfterRedirect().equals(CaProbe.SITES.getFirst().value())
                ? "the first one"
                : code(facts.hostAfterRedirect());
    }

    private static String worksWith(CaProgram program, CaReport report) {
        boolean byRedirect = report.passed(Scenario.REDIRECT);
        boolean byRelay = report.passed(Scenario.RELAY);
        if (!byRedirect && !byRelay) {
            return "nothing";
        }
        String handoff = byRedirect ? byRelay ? "any `handoff`" : "`handoff = \"redirect\"`" : "`handoff = \"relay\"`";
        return program.setting().isEmpty() ? handoff : handoff + "; " + program.setting();
    }

    private static String failures(CaProgram program, CaReport report) {
        String failures = report.outcomes().stream()
                .filter(outcome -> outcome.status() != Status.PASSED)
                .map(outcome -> outcome.scenario().title() + ": " + reason(program, outcome))
                .collect(Collectors.joining("; "));
        return failures.isEmpty() ? NOTHING : failures;
    }

    private static String reason(CaProgram program, Outcome outcome) {
        return Optional.ofNullable(program.knownFailures().get(outcome.scenario()))
                .orElseGet(() -> plain(outcome.detail()));
    }

    private static String code(String text) {
        return "`" + plain(text) + "`";
    }

    /** Makes text from outside one short piece of a table's cell. */
    private static String plain(String text) {
        String printable = UNPRINTABLE.matcher(text).replaceAll(" ").strip();
        return printable.length() > MAX_TEXT ? printable.substring(0, MAX_TEXT) + " ..." : printable;
    }

    private void put(CaProgram program, List<String> cells) throws IOException {
        String content = Files.readString(document);
        List<String> rows = new ArrayList<>(rows(content));
        rows.removeIf(row -> isOf(row, program));
        rows.add("| " + String.join(" | ", cells) + " |");
        // In the order of the programs. A row of a CA that is no longer known is dropped.
        String table = CaPrograms.all().stream()
                .flatMap(known -> rows.stream().filter(row -> isOf(row, known)))
                .map(row -> row + "\n")
                .collect(Collectors.joining());
        Files.writeString(
                document,
                content.substring(0, begin(content)) + "\n" + HEADING + table + content.substring(end(content)));
    }

    private List<String> rows(String content) throws IOException {
        Stream<String> lines = content.substring(begin(content), end(content)).lines();
        return lines.filter(line -> line.startsWith("| ") && !HEADING.startsWith(line))
                .toList();
    }

    private static boolean isOf(String row, CaProgram program) {
        return row.startsWith("| " + program.name() + " |");
    }

    private int begin(String content) throws IOException {
        return find(content, BEGIN) + BEGIN.length();
    }

    private int end(String content) throws IOException {
        return find(content, END);
    }

    private int find(String content, String marker) throws IOException {
        int index = content.indexOf(marker);
        if (index < 0) {
            throw new IOException(document + " has no line \"" + marker + "\"");
        }
        return index;
    }
}
