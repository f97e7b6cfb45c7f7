package org.ringcert.daemon.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.daemon.status.TestCells.NOW;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.ValidityPeriod;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.CertificateFlaws;
import org.ringcert.view.visitor.Flaw;
import org.ringcert.view.visitor.Flaw.Kind;
import org.ringcert.view.visitor.Flaw.Severity;

/** The words for cells, flaws and ages. */
class CellWordsTest {

    private static final MatrixRow WWW = TestCells.row("www.example.org");
    private static final HostName WEB0 = new HostName("web0.example.org");

    @ParameterizedTest
    @CsvSource({
        "P63DT5H, 63 d",
        "P2D, 2 d",
        "PT47H59M, 47 h",
        "PT2H, 2 h",
        "PT119M, 119 min",
        "PT90S, 90 s",
        "PT1S, 1 s"
    })
    void showsTheRemainingTimeInTheUnitThatSaysMost(Duration remaining, String shown) {
        assertThat(CellWords.brief(TestCells.cell(WWW, WEB0, NOW.plus(remaining)), NOW))
                .isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "PT9H40M, 9 h*, 9 hours",
        "PT47H59M, 47 h*, 47 hours",
        "P2DT23H, 2 d*, 2 days",
        "PT119M59S, 119 min*, 119 minutes",
        "PT119S, 119 s*, 119 seconds",
    })
    void aCellSaysTheSameTimeAsItsFlaw(Duration remaining, String shown, String text) {
        Instant end = NOW.plus(remaining);
        Flaw soon = new CertificateFlaws(WWW.site(), 443, NOW)
                .ofDates(new ValidityPeriod(NOW.minus(Duration.ofDays(80)), end))
                .orElseThrow();
        assertThat(soon.text()).isEqualTo("the certificate expires in " + text);
        assertThat(CellWords.brief(TestCells.cell(WWW, WEB0, end, soon), NOW)).isEqualTo(shown);
    }

    @Test
    void showsTheWorstFlawInsteadOfTheTime() {
        Cell expired = TestCells.cell(
                WWW,
                WEB0,
                NOW.minusSeconds(1),
                TestCells.flaw(Kind.EXPIRED, Severity.FAILURE),
                TestCells.flaw(Kind.ROOT_NOT_TRUSTED, Severity.WARNING));
        assertThat(CellWords.brief(expired, NOW)).isEqualTo("expired");
        assertThat(CellVerdict.of(expired, NOW)).isEqualTo(CellVerdict.FAILURE);
    }

    @Test
    void marksTheTimeOfACertificateFromACaThatNoBrowserTrusts() {
        Flaw warning = TestCells.flaw(Kind.ROOT_NOT_TRUSTED, Severity.WARNING);
        Cell staging = TestCells.cell(WWW, WEB0, NOW.plus(Duration.ofDays(63)), warning);
        assertThat(CellWords.brief(staging, NOW)).isEqualTo("63 d*");
        assertThat(CellVerdict.of(staging, NOW)).isEqualTo(CellVerdict.WARNING);

        Flaw failure = TestCells.flaw(Kind.ROOT_NOT_TRUSTED, Severity.FAILURE);
        Cell untrusted = TestCells.cell(WWW, WEB0, NOW.plus(Duration.ofDays(63)), failure);
        assertThat(CellWords.brief(untrusted, NOW)).isEqualTo("untrusted");
    }

    @Test
    void showsAnOldCertificateAlsoWithACaThatNoBrowserTrusts() {
        Cell old = TestCells.cell(
                WWW,
                WEB0,
                NOW.plusSeconds(7200),
                TestCells.flaw(Kind.ROOT_NOT_TRUSTED, Severity.WARNING),
                TestCells.flaw(Kind.OLDER_THAN_ON_DISK, Severity.WARNING));
        assertThat(CellWords.brief(old, NOW)).isEqualTo("old");
    }

    @Test
    void noticesThatACertificateHasExpiredSinceTheLook() {
        Flaw soon = TestCells.flaw(Kind.EXPIRES_SOON, Severity.WARNING);
        Cell cell = TestCells.cell(WWW, WEB0, NOW, soon);
        assertThat(CellWords.brief(cell, NOW.minusSeconds(5))).isEqualTo("5 s*");
        assertThat(CellVerdict.of(cell, NOW.minusSeconds(5))).isEqualTo(CellVerdict.WARNING);

        Instant later = NOW.plusMillis(1);
        assertThat(CellWords.brief(cell, later)).isEqualTo("expired");
        assertThat(CellVerdict.of(cell, later)).isEqualTo(CellVerdict.FAILURE);
        assertThat(CellVerdict.flaws(cell, later)).extracting(Flaw::kind).containsExactly(Kind.EXPIRED);
    }

    @Test
    void hasAShortWordForEveryFlaw() {
        List<String> words = Arrays.stream(Kind.values()).map(CellWords::brief).toList();
        assertThat(words).doesNotHaveDuplicates().allMatch(word -> word.length() <= 11);
        assertThat(CellWords.label(Kind.WRONG_NAME)).isEqualTo("wrong-name");
        assertThat(CellWords.label(Severity.FAILURE)).isEqualTo("failure");
    }

    @Test
    void makesSentences() {
        assertThat(CellWords.sentence(new Flaw(Kind.EXPIRED, Severity.FAILURE, "it has expired", "Reload it.")))
                .isEqualTo("It has expired. Reload it.");
    }

    @ParameterizedTest
    @CsvSource({"PT12S, seen 12 s ago", "PT-3S, seen 0 s ago", "PT9M, seen 9 min ago", "PT3H, seen 3 h ago"})
    void saysHowOldALookIs(Duration age, String shown) {
        assertThat(CellWords.age(NOW.minus(age), NOW)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "web0.example.org web1.example.org, web0 web1",
        "web0.example.org web0.example.net, web0.example.org web0.example.net",
        "a.north.example.org a.south.example.org, a.north a.south",
        "example.org web1.example.org, example web1.example",
        "web0.example.org, web0",
    })
    void shortensNamesToWhatDistinguishesThem(String names, String shortened) {
        List<HostName> all = Arrays.stream(names.split(" ")).map(HostName::new).toList();
        NodeNames brief = new NodeNames(all);
        assertThat(all.stream().map(brief::brief)).containsExactly(shortened.split(" "));
    }
}
