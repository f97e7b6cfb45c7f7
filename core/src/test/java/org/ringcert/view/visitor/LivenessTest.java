package org.ringcert.view.visitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.view.visitor.Flaw.Kind;

class LivenessTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:15:00Z");
    private static final VisitorTarget SITE = Cells.target("www.example.org", "web0.example.org");
    private static final VisitorTarget EC =
            Cells.target("www.example.org", Optional.of(KeyAlgorithm.EC), "web0.example.org");
    private static final VisitorTarget RSA =
            Cells.target("www.example.org", Optional.of(KeyAlgorithm.RSA), "web0.example.org");

    @Test
    void aGoodCertificateIsLive() {
        assertThat(Liveness.of(List.of(Cells.good(SITE, NOW)), NOW).isLive()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"HANDSHAKE_FAILED", "SELF_SIGNED", "WRONG_NAME", "CHAIN_INCOMPLETE"})
    void whatEveryVisitorRefusesIsNot(Kind kind) {
        Liveness liveness = Liveness.of(List.of(Cells.withFlaws(SITE, NOW, Cells.flaw(kind))), NOW);

        assertThat(liveness.reasons()).extracting(Liveness.Reason::kind).containsExactly(kind);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"ROOT_NOT_TRUSTED", "CHAIN_REFUSED", "OLDER_THAN_ON_DISK", "EXPIRES_SOON"})
    void whatVisitorsDoNotNoticeNeverCountsHoweverSevere(Kind kind) {
        assertThat(Liveness.of(List.of(Cells.withFlaws(SITE, NOW, Cells.flaw(kind))), NOW)
                        .isLive())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"UNREACHABLE", "REFUSED", "HANDSHAKE_FAILED", "KIND_MISSING"})
    void aServerThatPresentsNothingIsNotLive(Kind kind) {
        assertThat(Liveness.of(List.of(Cells.nothing(SITE, NOW, kind)), NOW).isLive())
                .isFalse();
    }

    @Test
    void anIncompleteChainOfACaThatBrowsersDoNotKnowDoesNotCount() {
        assertThat(Liveness.of(List.of(Cells.withFlaws(SITE, NOW, Cells.warning(Kind.CHAIN_INCOMPLETE))), NOW)
                        .isLive())
                .isTrue();
    }

    @Test
    void anIssuerThatHasExpiredDoesNotCount() {
        assertThat(Liveness.of(List.of(Cells.withFlaws(SITE, NOW, Cells.flaw(Kind.EXPIRED))), NOW)
                        .isLive())
                .isTrue();
    }

    @Test
    void aCertificateThatHasExpiredSinceTheLookIsNotLive() {
        List<Cell> cells = List.of(Cells.good(SITE, Cells.NOT_AFTER.minusSeconds(5)));

        assertThat(Liveness.of(cells, Cells.NOT_AFTER).isLive()).isTrue();
        assertThat(Liveness.of(cells, Cells.NOT_AFTER.plusMillis(1)).reasons())
                .extracting(Liveness.Reason::kind)
                .containsExactly(Kind.EXPIRED);
    }

    @Test
    void aCertificateIsNotLiveBeforeItIsValidAndLiveAfter() {
        Instant seen = Cells.NOT_BEFORE.minusSeconds(1);
        List<Cell> cells = List.of(Cells.withFlaws(SITE, seen, Cells.flaw(Kind.NOT_YET_VALID)));

        assertThat(Liveness.of(cells, seen).reasons())
                .extracting(Liveness.Reason::kind)
                .containsExactly(Kind.NOT_YET_VALID);
        assertThat(Liveness.of(cells, seen.plus(Duration.ofSeconds(1))).isLive())
                .isTrue();
    }

    @Test
    void aBadCertificateOfEitherKindCounts() {
        assertThat(Liveness.of(
                                List.of(Cells.good(EC, NOW), Cells.withFlaws(RSA, NOW, Cells.flaw(Kind.SELF_SIGNED))),
                                NOW)
                        .isLive())
                .isFalse();
    }

    @Test
    void aKindThatTheServerDoesNotPresentDoesNotCountBesidesAGoodOne() {
        assertThat(Liveness.of(List.of(Cells.good(EC, NOW), Cells.nothing(RSA, NOW, Kind.KIND_MISSING)), NOW)
                        .isLive())
                .isTrue();
    }

    @Test
    void aServerThatPresentsNoKindIsNotLive() {
        Liveness liveness =
                Liveness.of(List.of(Cells.nothing(EC, NOW, Kind.REFUSED), Cells.nothing(RSA, NOW, Kind.REFUSED)), NOW);

        assertThat(liveness.reasons()).hasSize(2);
    }

    @Test
    void noCertificateIsNeverLiveEvenWithoutAFlaw() {
        Cell nothing = new Cell(SITE.key(), Optional.empty(), List.of(), NOW);

        assertThat(Liveness.of(List.of(nothing), NOW).reasons())
                .extracting(Liveness.Reason::kind)
                .containsExactly(Kind.HANDSHAKE_FAILED);
    }

    @Test
    void nothingSeenIsNoAnswer() {
        assertThatThrownBy(() -> Liveness.of(List.of(), NOW)).isInstanceOf(IllegalArgumentException.class);
    }
}
