package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.daemon.status.TestCells.NOW;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.status.MatrixRow;
import org.ringcert.daemon.status.MatrixView;
import org.ringcert.daemon.status.TestCells;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.CellKey;
import org.ringcert.view.visitor.Flaw;
import org.ringcert.view.visitor.Flaw.Kind;
import org.ringcert.view.visitor.Flaw.Severity;

/** The matrix as {@code ringcert status --all} prints it. */
class MatrixTextTest {

    private static final HostName WEB0 = new HostName("web0.example.org");
    private static final HostName WEB1 = new HostName("web1.example.org");
    private static final MatrixRow WWW = TestCells.row("www.example.org");
    private static final MatrixRow SHOP = TestCells.row("shop.example.org");
    private static final Duration LONG = Duration.ofDays(63);
    private static final Screen COLORS = new Screen(true, true, true, 80, 24);

    private static MatrixView matrix(List<MatrixRow> rows, List<HostName> nodes, List<Cell> cells) {
        Map<CellKey, Cell> byKey = cells.stream().collect(Collectors.toMap(Cell::key, cell -> cell));
        return new MatrixView(nodes.getFirst(), rows, nodes, byKey);
    }

    private static MatrixView small(Cell... cells) {
        return matrix(List.of(WWW, SHOP), List.of(WEB0, WEB1), Arrays.asList(cells));
    }

    private static Cell good(MatrixRow row, HostName node) {
        return TestCells.cell(row, node, NOW.plus(LONG));
    }

    @Test
    void showsCertificatesByServersAndAParagraphForEachFlaw() {
        Flaw expired = new Flaw(Kind.EXPIRED, Severity.FAILURE, "the certificate expired 3 days ago", "Reload it.");
        MatrixView matrix = small(
                good(WWW, WEB0),
                TestCells.cell(WWW, WEB1, NOW.minusSeconds(1), expired),
                good(SHOP, WEB0),
                TestCells.cell(SHOP, WEB1, TestCells.flaw(Kind.REFUSED, Severity.FAILURE)));
        assertThat(MatrixText.of(matrix, NOW, Screen.PIPE)).isEqualTo("""
                What visitors get from each server

                SITE              web0  web1
                www.example.org   63 d  expired
                shop.example.org  63 d  refused

                failure  shop.example.org at web1.example.org: The certificate is refused. Do something about it.

                failure  www.example.org at web1.example.org: The certificate expired 3 days ago. Reload it.

                2 certificates at 2 servers: 2 good, 0 with a warning, 2 with a failure
                """);
    }

    @Test
    void marksWarningsAndGroupsThem() {
        Flaw staging = TestCells.flaw(Kind.ROOT_NOT_TRUSTED, Severity.WARNING);
        MatrixView matrix = small(
                TestCells.cell(WWW, WEB0, NOW.plus(LONG), staging),
                TestCells.cell(WWW, WEB1, NOW.plus(LONG), staging),
                TestCells.cell(SHOP, WEB0, NOW.plus(LONG), staging),
                TestCells.cell(SHOP, WEB1, NOW.plus(LONG), staging));
        assertThat(MatrixText.of(matrix, NOW, Screen.PIPE))
                .contains("www.example.org   63 d*  63 d*\n")
                .containsOnlyOnce("warning  ")
                .contains("warning  all sites at all servers: ")
                .contains("0 good, 4 with a warning (* after the time), 0 with a failure");
    }

    @Test
    void namesTheServersWhereTheSameSitesHaveAFlaw() {
        Flaw expired = TestCells.flaw(Kind.EXPIRED, Severity.FAILURE);
        MatrixView matrix = small(
                TestCells.cell(WWW, WEB0, NOW, expired),
                TestCells.cell(WWW, WEB1, NOW, expired),
                TestCells.cell(SHOP, WEB1, NOW, expired));
        assertThat(MatrixText.of(matrix, NOW, Screen.PIPE))
                .contains("failure  www.example.org at web0.example.org: ")
                .contains("failure  all sites at web1.example.org: ")
                .contains("shop.example.org  ?        expired");
    }

    @Test
    void colorsCellsOnATerminalThatWantsIt() {
        MatrixView matrix =
                small(good(WWW, WEB0), TestCells.cell(WWW, WEB1, NOW, TestCells.flaw(Kind.EXPIRED, Severity.FAILURE)));
        assertThat(MatrixText.of(matrix, NOW, COLORS))
                .contains("\u001b[32m63 d\u001b[0m  \u001b[31mexpired\u001b[0m\n")
                .contains("\u001b[31mfailure\u001b[0m  www.example.org");
        assertThat(MatrixText.of(matrix, NOW, new Screen(true, false, true, 80, 24)))
                .doesNotContain("\u001b");
    }

    @Test
    void breaksAWideMatrixIntoBlocksThatFitTheScreen() {
        List<HostName> nodes = IntStream.range(0, 50)
                .mapToObj(i -> new HostName("web" + i + ".example.org"))
                .toList();
        List<Cell> cells = new ArrayList<>();
        nodes.forEach(node -> cells.add(good(WWW, node)));
        MatrixView matrix = matrix(List.of(WWW), nodes, cells);

        String wrapped = MatrixText.of(matrix, NOW, new Screen(true, false, true, 60, 24));
        assertThat(wrapped.lines()).allMatch(line -> line.length() <= 60 || line.startsWith("1 certificates"));
        assertThat(wrapped.lines().filter(line -> line.startsWith("SITE"))).hasSizeGreaterThan(5);
        nodes.forEach(node -> assertThat(wrapped).contains("  " + node.firstLabel()));

        String piped = MatrixText.of(matrix, NOW, Screen.PIPE);
        assertThat(piped.lines().filter(line -> line.startsWith("SITE"))).hasSize(1);
        assertThat(piped.lines().filter(line -> line.startsWith("www.example.org")))
                .singleElement()
                .satisfies(line -> assertThat(line.split("63 d", -1)).hasSize(51));
    }

    @Test
    void countsFurtherParagraphsOfOneKind() {
        List<MatrixRow> rows = IntStream.range(0, 200)
                .mapToObj(i -> TestCells.row("site" + i + ".example.org"))
                .toList();
        List<Cell> cells = new ArrayList<>();
        rows.forEach(row -> cells.add(TestCells.cell(
                row,
                WEB0,
                NOW.plus(LONG),
                new Flaw(Kind.WRONG_NAME, Severity.FAILURE, "not for " + row.certificate(), "Fix it."))));
        String text = MatrixText.of(matrix(rows, List.of(WEB0), cells), NOW, Screen.PIPE);
        assertThat(text.lines().filter(line -> line.startsWith("failure  "))).hasSize(10);
        assertThat(text).contains("\"wrong name\": 190 more paragraphs");
    }
}
