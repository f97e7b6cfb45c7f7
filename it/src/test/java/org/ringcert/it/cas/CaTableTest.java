package org.ringcert.it.cas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.it.cas.CaReport.Facts;
import org.ringcert.it.cas.CaReport.Outcome;
import org.ringcert.it.cas.CaReport.Status;

/** The table that {@code ./test cas} writes, without any CA. */
class CaTableTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 12, 24);
    private static final CaProgram STEP_CA = new StubProgram("step-ca", Map.of());
    private static final CaProgram CADDY = new StubProgram("caddy", Map.of());
    private static final Facts FOLLOWS_NINE = new Facts(9, "agent", OtherWebServers.SECOND_RECORDER.value());

    @TempDir
    private Path folder;

    private Path document;
    private CaTable table;

    @BeforeEach
    void writeDocument() throws IOException {
        document = folder.resolve("cas.md");
        table = new CaTable(document);
        Files.writeString(document, """
                Before.

                <!-- table of ./test cas: begin -->
                <!-- table of ./test cas: end -->

                After.
                """);
    }

    @Test
    void changesOnlyTheRowOfTheCaThatRan() throws IOException {
        table.replace(CADDY, report(FOLLOWS_NINE), TODAY.minusDays(1));
        table.replace(STEP_CA, report(FOLLOWS_NINE), TODAY.minusDays(1));
        List<String> before = rows();
        table.replace(CADDY, report(new Facts(0, "", "")), TODAY);

        assertThat(rows())
                .containsExactly(
                        before.getFirst(),
                        "| caddy | 1.0 | no | none | – | any `handoff`; `cn_enforce` | – | 2026-12-24 |");
        assertThat(Files.readString(document)).startsWith("Before.\n").endsWith("\nAfter.\n");
    }

    @Test
    void showsWhatFailsWithTheReason() throws IOException {
        CaProgram known = new StubProgram("caddy", Map.of(Scenario.REDIRECT, "It follows no redirect."));
        CaReport report = report(new Facts(0, "agent", ""), Scenario.REDIRECT, Scenario.KILLED);
        table.replace(known, report, TODAY);

        assertThat(rows().getFirst())
                .contains(" | `handoff = \"relay\"`; `cn_enforce` | ")
                .contains("all four certificates in mode redirect: It follows no redirect.")
                .contains("kill -9 in the middle of an order: the words of the CA");
    }

    @Test
    void textFromOutsideStaysInItsCell() throws IOException {
        table.replace(CADDY, report(new Facts(40, "a|b`<script>\n| step-ca |", "other.example")), TODAY);

        assertThat(rows())
                .containsExactly("| caddy | 1.0 | yes, 40 in a row and more | `a b script step-ca` | `other.example` |"
                        + " any `handoff`; `cn_enforce` | – | 2026-12-24 |");
    }

    @Test
    void listsACaThatCannotBeHadUnlessItHasRunBefore() throws IOException {
        table.replace(CADDY, report(FOLLOWS_NINE), TODAY);
        List<String> before = rows();
        table.addMissing(CADDY, "no Go");
        table.addMissing(STEP_CA, "no Go in PATH");

        assertThat(rows()).hasSize(2).contains(before.getFirst());
        assertThat(rows().getFirst())
                .isEqualTo("| step-ca | – | – | – | – | – | could not be installed: no Go in PATH | not run |");
    }

    @Test
    void refusesADocumentWithoutThePlaceForTheTable() throws IOException {
        Files.writeString(document, "Nothing.\n");
        assertThatThrownBy(() -> table.replace(CADDY, report(FOLLOWS_NINE), TODAY))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("table of ./test cas: begin");
    }

    private List<String> rows() throws IOException {
        return Files.readString(document)
                .lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| CA "))
                .toList();
    }

    private static CaReport report(Facts facts, Scenario... failing) {
        List<Outcome> outcomes = Stream.of(Scenario.values())
                .map(scenario -> Arrays.asList(failing).contains(scenario)
                        ? new Outcome(scenario, Status.FAILED, 1, "the words of the CA")
                        : new Outcome(scenario, Status.PASSED, 1, ""))
                .toList();
        return new CaReport(outcomes, List.of(facts));
    }

    private record StubProgram(String name, Map<Scenario, String> knownFailures) implements CaProgram {

        @Override
        public String version() {
            return "1.0";
        }

        @Override
        public String setting() {
            return "`cn_enforce`";
        }

        @Override
        public void install(Consumer<String> progress) {}

        @Override
        public RunningCa start(Path directory) throws IOException {
            throw new IOException("it is a stub");
        }
    }
}
