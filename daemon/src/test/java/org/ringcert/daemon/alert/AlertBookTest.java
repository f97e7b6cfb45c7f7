package org.ringcert.daemon.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.alert.AlertChange.Phase;

/** When a person is told that a problem begins or ends. */
class AlertBookTest {

    private static final HostName WEB1 = new HostName("web1.example.org");
    private static final Instant START = Instant.parse("2026-11-23T10:15:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String ID = "visitors:web1.example.org:www.example.org";

    private AlertBook book = new AlertBook(List.of());

    private static Condition condition(String text, Duration grace, Duration after) {
        return new Condition(
                new Condition.Subject(
                        AlertKind.VISITORS, WEB1, Optional.of(new HostName("www.example.org")), "www.example.org"),
                text,
                grace,
                START.plus(after));
    }

    private static Survey found(Condition... conditions) {
        return new Survey(Arrays.asList(conditions), Set.of());
    }

    private List<Phase> see(Duration after) {
        return phases(found(condition("expired", HOUR, after)));
    }

    private List<Phase> seeNothing() {
        return phases(found());
    }

    private List<Phase> phases(Survey survey) {
        return book.update(survey).stream().map(AlertChange::phase).toList();
    }

    private void tellAll() {
        for (Optional<AlertChange> next = book.pending(); next.isPresent(); next = book.pending()) {
            book.told(next.get());
        }
    }

    private void restart() {
        book = new AlertBook(AlertJson.read(AlertJson.write(book.entries())));
    }

    @Test
    void beginsOnceAfterItsGraceAndEndsOnce() {
        assertThat(see(Duration.ZERO)).isEmpty();
        assertThat(see(HOUR.minusSeconds(1))).isEmpty();
        assertThat(book.pending()).isEmpty();
        assertThat(see(HOUR)).containsExactly(Phase.BEGIN);
        assertThat(book.pending().orElseThrow().since()).isEqualTo(START);
        tellAll();
        assertThat(see(HOUR.plusSeconds(60))).isEmpty();
        assertThat(book.pending()).isEmpty();
        assertThat(seeNothing()).containsExactly(Phase.END);
        assertThat(book.pending().orElseThrow().phase()).isEqualTo(Phase.END);
        tellAll();
        assertThat(seeNothing()).isEmpty();
        assertThat(book.entries()).isEmpty();
    }

    @Test
    void whatEndsWithinItsGraceIsNeverTold() {
        see(Duration.ZERO);
        assertThat(seeNothing()).isEmpty();
        assertThat(see(HOUR)).isEmpty();
        assertThat(book.pending()).isEmpty();
    }

    @Test
    void oneLookIsNeverEnough() {
        Condition old = condition("expired", Duration.ofMinutes(10), Duration.ZERO);
        assertThat(phases(found(old))).isEmpty();
        assertThat(phases(found(old))).as("the same look").isEmpty();
        assertThat(phases(found(condition("expired", Duration.ofMinutes(10), Duration.ofMinutes(10)))))
                .containsExactly(Phase.BEGIN);
    }

    @Test
    void withoutAGraceItBeginsAtOnce() {
        assertThat(phases(found(condition("x", Duration.ZERO, Duration.ZERO)))).containsExactly(Phase.BEGIN);
    }

    @Test
    void aShorterGraceCountsFromTheFirstLook() {
        see(Duration.ZERO);
        assertThat(phases(found(condition("at risk", Duration.ofMinutes(10), Duration.ofMinutes(20)))))
                .containsExactly(Phase.BEGIN);
    }

    @Test
    void otherWordsAreNoNewAlert() {
        see(Duration.ZERO);
        see(HOUR);
        tellAll();
        assertThat(phases(found(condition("failed 4 times", HOUR, HOUR.plusSeconds(60)))))
                .isEmpty();
        assertThat(book.pending()).isEmpty();
    }

    @Test
    void anEndIsToldOnlyIfTheBeginningWas() {
        see(Duration.ZERO);
        see(HOUR);
        assertThat(seeNothing()).as("the log says both").containsExactly(Phase.END);
        assertThat(book.pending()).isEmpty();
    }

    @Test
    void whatComesBackBeforeItsEndIsToldIsNoNews() {
        see(Duration.ZERO);
        see(HOUR);
        tellAll();
        seeNothing();
        assertThat(see(HOUR.plusMinutes(5))).containsExactly(Phase.BEGIN);
        assertThat(book.pending()).isEmpty();
    }

    @Test
    void whatIsUnknownNeitherBeginsNorEnds() {
        see(Duration.ZERO);
        see(HOUR);
        tellAll();
        assertThat(phases(new Survey(List.of(), Set.of(ID)))).isEmpty();
        assertThat(book.entries()).hasSize(1);
        assertThat(seeNothing()).containsExactly(Phase.END);
    }

    @Test
    void aRestartRepeatsNothing() {
        see(Duration.ZERO);
        restart();
        assertThat(see(HOUR)).as("it waits on").containsExactly(Phase.BEGIN);
        tellAll();
        restart();
        assertThat(see(HOUR.plusSeconds(60))).isEmpty();
        assertThat(book.pending()).isEmpty();
        seeNothing();
        restart();
        assertThat(book.pending().orElseThrow().phase()).isEqualTo(Phase.END);
    }

    @Test
    void aRestartStillTellsWhatWasNotTold() {
        see(Duration.ZERO);
        see(HOUR);
        restart();
        assertThat(book.pending().orElseThrow().phase()).isEqualTo(Phase.BEGIN);
    }

    @Test
    void whatWasNotSeenForHoursIsANewProblem() {
        see(Duration.ZERO);
        restart();
        assertThat(see(Duration.ofHours(9))).isEmpty();
        assertThat(see(Duration.ofHours(10))).containsExactly(Phase.BEGIN);
    }

    @Test
    void aBeginningInTheFutureStartsAgain() {
        see(Duration.ofDays(30));
        assertThat(see(Duration.ZERO)).isEmpty();
        assertThat(see(HOUR)).containsExactly(Phase.BEGIN);
    }

    @Test
    void endsAreToldFirstAndThenTheOldestProblem() {
        see(Duration.ZERO);
        see(HOUR);
        tellAll();
        Condition silent = new Condition(
                new Condition.Subject(AlertKind.SILENT, WEB1, Optional.empty(), ""), "silent", Duration.ZERO, START);
        Condition store = new Condition(
                new Condition.Subject(AlertKind.STORE, WEB1, Optional.empty(), ""),
                "full",
                Duration.ZERO,
                START.minusSeconds(1));
        book.update(found(silent, store));
        StringBuilder order = new StringBuilder();
        for (Optional<AlertChange> next = book.pending(); next.isPresent(); next = book.pending()) {
            order.append(next.get().phase())
                    .append(' ')
                    .append(next.get().condition().subject().kind())
                    .append('\n');
            book.told(next.get());
        }
        assertThat(order).hasToString("END VISITORS\nBEGIN STORE\nBEGIN SILENT\n");
    }

    @Test
    void withoutACommandWhatHasEndedIsForgotten() {
        see(Duration.ZERO);
        see(HOUR);
        tellAll();
        seeNothing();
        book.dropEnded();
        assertThat(book.entries()).isEmpty();
    }

    @Test
    void textsFromElsewhereAreOneShortPrintableLine() {
        Condition hostile = condition("a\u001b[31m\nb\u202e" + "x".repeat(5_000), HOUR, Duration.ZERO);
        assertThat(hostile.text()).hasSizeLessThan(1_010).doesNotContain("\n", "\u001b", "\u202e");
    }
}
