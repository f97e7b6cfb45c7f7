package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.daemon.status.TestCells.NOW;

import java.io.StringWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.cli.StatusReport.Scope;
import org.ringcert.daemon.cli.StatusReport.ShownStatus;
import org.ringcert.daemon.status.MatrixRow;
import org.ringcert.daemon.status.MatrixView;
import org.ringcert.daemon.status.NodeStatus;
import org.ringcert.daemon.status.TestCells;
import org.ringcert.json.JsonFormat.Layout;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.CellKey;
import org.ringcert.view.visitor.Flaw;
import org.ringcert.view.visitor.Flaw.Kind;
import org.ringcert.view.visitor.Flaw.Severity;

/** The exit status of {@code ringcert status --all}, and what is printed for users without rights. */
class StatusReportTest {

    private static final HostName SELF = new HostName("web0.example.org");
    private static final HostName PEER = new HostName("web1.example.org");
    private static final MatrixRow WWW = TestCells.row("www.example.org");
    private static final Duration LONG = Duration.ofDays(63);

    private static final ShownStatus GOOD = new ShownStatus.Visible(status(Optional.empty()));
    private static final ShownStatus PROBLEM = new ShownStatus.Visible(status(Optional.of("the disk is full")));
    private static final ShownStatus HIDDEN = new ShownStatus.Hidden("not allowed to read the store");

    private static NodeStatus status(Optional<String> problem) {
        return new NodeStatus(SELF, List.of("ca"), List.of(), List.of(), List.of(), problem, Optional.empty());
    }

    private static MatrixView matrix(Cell... cells) {
        Map<CellKey, Cell> byKey = Arrays.stream(cells).collect(Collectors.toMap(Cell::key, cell -> cell));
        return new MatrixView(SELF, List.of(WWW), List.of(SELF, PEER), byKey);
    }

    private static Cell good(HostName node) {
        return TestCells.cell(WWW, node, NOW.plus(LONG));
    }

    private static Cell flawed(HostName node, Severity severity) {
        return TestCells.cell(WWW, node, NOW.plus(LONG), TestCells.flaw(Kind.ROOT_NOT_TRUSTED, severity));
    }

    private static int exitStatus(ShownStatus status, MatrixView matrix, Scope scope) {
        return new StatusReport(status, Optional.of(matrix), NOW).exitStatus(scope);
    }

    @Test
    void speaksOfThisServer() {
        MatrixView good = matrix(good(SELF), good(PEER));
        assertThat(exitStatus(GOOD, good, Scope.THIS_SERVER)).isZero();
        assertThat(exitStatus(PROBLEM, good, Scope.THIS_SERVER)).isEqualTo(1);
        assertThat(exitStatus(HIDDEN, good, Scope.THIS_SERVER)).isEqualTo(2);

        MatrixView bad = matrix(flawed(SELF, Severity.FAILURE), good(PEER));
        assertThat(exitStatus(GOOD, bad, Scope.THIS_SERVER)).isEqualTo(1);
        assertThat(exitStatus(HIDDEN, bad, Scope.THIS_SERVER)).isEqualTo(1);
    }

    @Test
    void speaksOfPeersOnlyIfStrict() {
        MatrixView matrix = matrix(good(SELF), flawed(PEER, Severity.FAILURE));
        assertThat(exitStatus(GOOD, matrix, Scope.THIS_SERVER)).isZero();
        assertThat(exitStatus(GOOD, matrix, Scope.ALL_SERVERS)).isEqualTo(1);
    }

    @Test
    void doesNotCountWarnings() {
        MatrixView matrix = matrix(flawed(SELF, Severity.WARNING), flawed(PEER, Severity.WARNING));
        assertThat(exitStatus(GOOD, matrix, Scope.ALL_SERVERS)).isZero();
    }

    @Test
    void showsTheMatrixToAUserWhoMayNotSeeTheStore() {
        StatusReport report = new StatusReport(HIDDEN, Optional.of(matrix(good(SELF), good(PEER))), NOW);
        assertThat(report.text(Screen.PIPE))
                .startsWith("not allowed to read the store\n")
                .contains("63 d  63 d");
        StringWriter json = new StringWriter();
        report.writeJson(Layout.LINE, json);
        assertThat(json.toString()).contains("\"notSeen\":\"not allowed to read the store\"", "\"nodes\":[");
    }

    @Test
    void showsTheStatusOfThisServerAboveTheMatrix() {
        StatusReport report = new StatusReport(PROBLEM, Optional.of(matrix(good(SELF), good(PEER))), NOW);
        assertThat(report.text(Screen.PIPE))
                .containsSubsequence(
                        "Certificates of web0.example.org", "the disk is full", "What visitors get from each server");
        assertThat(new StatusReport(PROBLEM, Optional.empty(), NOW).text(Screen.PIPE))
                .doesNotContain("visitors");
    }

    @Test
    void showsWhatMattersMostFirstIfThereIsNoRoom() {
        StatusReport report =
                new StatusReport(PROBLEM, Optional.of(matrix(flawed(SELF, Severity.FAILURE), good(PEER))), NOW);

        assertThat(StatusWatch.redraw(report, new Screen(true, false, true, 80, 40)))
                .containsSubsequence("Certificates of", "the disk is full", "What visitors get", "failure  ");
        assertThat(StatusWatch.redraw(report, new Screen(true, false, true, 80, 12)))
                .containsSubsequence("with a failure", "failure  ", "What visitors get", "more lines")
                .doesNotContain("Certificates of");
    }

    @Test
    void redrawsOnlyWhatFitsTheScreen() {
        Screen screen = new Screen(true, true, true, 80, 6);
        String all = StatusWatch.redraw("one\ntwo\n", NOW, screen);
        assertThat(all).startsWith("\u001b[H2026-11-28T12:00:00Z").endsWith("two\u001b[K\n\u001b[J");

        String cut = StatusWatch.redraw("one\ntwo\nthree\nfour\nfive\n", NOW, screen);
        assertThat(cut.lines().count()).isEqualTo(6);
        assertThat(cut).contains("two", "3 more lines").doesNotContain("four");
    }

    @Test
    void keepsTheTimeTheSummaryAndTheWorstFailureOnAnyScreen() {
        String text = "the handshake fails after the certificate, " + "and this is the reason for it ".repeat(6);
        Flaw long1 = new Flaw(Kind.HANDSHAKE_FAILED, Severity.FAILURE, text.strip(), "Look at the web server's log.");
        StatusReport report =
                new StatusReport(PROBLEM, Optional.of(matrix(good(SELF), TestCells.cell(WWW, PEER, long1))), NOW);

        for (Screen screen : List.of(
                new Screen(true, false, true, 60, 20),
                new Screen(true, false, true, 80, 20),
                new Screen(true, false, true, 200, 12))) {
            List<String> rows = StatusWatch.redraw(report, screen)
                    .replaceAll("\u001b\\[[HKJ]", "")
                    .lines()
                    .toList();
            assertThat(rows).hasSizeLessThan(screen.lines()).allMatch(row -> row.length() <= screen.columns());
            assertThat(rows.getFirst()).startsWith("2026-11-28T12:00:00Z");
            assertThat(String.join(" ", rows).replaceAll(" +", " "))
                    .contains("1 with a failure", "failure www.example.org at web1", "Look at the web server's log.");
        }
    }

    @Test
    void doesNotClearTheLastCharacterOfAFullRow() {
        String frame = StatusWatch.redraw("x".repeat(80) + "\ny\n", NOW, new Screen(true, false, true, 80, 24));
        assertThat(frame).contains("x\ny\u001b[K\n");
    }

    @Test
    void printsPlainFramesWhereTheCursorCannotBeMoved() {
        StatusReport report = new StatusReport(PROBLEM, Optional.of(matrix(good(SELF), good(PEER))), NOW);
        Screen dumb = Screen.of(true, Map.of("TERM", "dumb"), () -> Optional.of(new Screen.Size(10, 80)));
        assertThat(StatusWatch.redraw(report, dumb))
                .doesNotContain("\u001b")
                .startsWith("2026-11-28T12:00:00Z")
                .contains(report.text(dumb));
    }
}
