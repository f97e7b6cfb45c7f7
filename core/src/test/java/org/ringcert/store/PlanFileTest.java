package org.ringcert.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;

/** Tests what is kept in {@code plan.json}. */
class PlanFileTest {

    private static final HostName WEB0 = new HostName("web0.example.org");
    private static final HostName WEB1 = new HostName("web1.example.org");
    private static final Instant EXPIRY = Sample.NOW.plus(Duration.ofDays(80));

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void locate() {
        file = folder.resolve("store/plan.json");
    }

    private Store open(Instant now) throws StoreException {
        return Store.open(folder.resolve("store"), Clock.fixed(now, ZoneOffset.UTC));
    }

    private static IssueRecord.Subject subject(HostName node) {
        return new IssueRecord.Subject(
                Sample.CA, node, CertificateName.first(Sample.SITE), List.of(new HostName("example.org"), Sample.SITE));
    }

    private static RefusalRecord refusal(Optional<HostName> domain, Instant at, Duration wait) {
        return new RefusalRecord(
                Sample.CA, domain, List.of(Sample.SITE), at, at.plus(wait), "too many \"certificates\"");
    }

    private static PlanRecords records() {
        return PlanRecords.NONE
                .with(List.of(
                        new IssueRecord(
                                subject(WEB0),
                                IssueHistory.UNKNOWN
                                        .had(Sample.NOW.minusSeconds(900))
                                        .has(Sample.NOW.minusSeconds(60), EXPIRY)),
                        new IssueRecord(subject(WEB1), IssueHistory.UNKNOWN.misses(Sample.NOW.minusSeconds(30)))))
                .with(refusal(Optional.empty(), Sample.NOW.minusSeconds(5), Duration.ofHours(34)))
                .with(refusal(
                        Optional.of(new HostName("example.org")), Sample.NOW.minusSeconds(5), Duration.ofHours(3)));
    }

    @Test
    void recordsAreReadAsTheyWereSaved() throws Exception {
        assertThat(open(Sample.NOW).plan().read()).isEqualTo(PlanRecords.NONE);

        open(Sample.NOW).plan().update(_ -> records());

        assertThat(open(Sample.NOW).plan().read()).isEqualTo(records());
        assertThat(Sample.mode(file)).isEqualTo("rw-------");
    }

    @Test
    void anotherProcessIsNoticed() throws Exception {
        PlanFile one = open(Sample.NOW).plan();
        PlanFile other = open(Sample.NOW).plan();
        one.update(_ -> records());
        assertThat(other.read()).isEqualTo(records());

        other.update(all -> all.with(List.of(
                new IssueRecord(subject(WEB1), all.history(subject(WEB1)).has(Sample.NOW, EXPIRY)))));

        assertThat(one.read().history(subject(WEB1)).isValid(Sample.NOW)).isTrue();
        assertThat(one.update(all -> all).issues()).hasSize(2);
    }

    @Test
    void nothingIsWrittenIfNothingChanges() throws Exception {
        open(Sample.NOW).plan().update(all -> all);

        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"certificates\":[{}],\"refusals\":[]}",
                "{\"certificates\":7,\"refusals\":[]}",
                "{\"certificates\":[],\"refusals\":[{\"ca\":\"a b\"}]}",
                "{\"certificates\":[{\"ca\":\"https://a/\",\"certificate\":\"../x\",\"names\":[],\"nodes\":[]}],\"refusals\":[]}"
            })
    void aDamagedFileIsSetAside(String content) throws Exception {
        Store store = open(Sample.NOW);
        Files.writeString(file, content);

        assertThatThrownBy(() -> store.plan().read())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("plan.json is damaged: ")
                .hasMessageEndingWith("move it away");
        store.plan().update(_ -> records());

        assertThat(open(Sample.NOW).plan().read()).isEqualTo(records());
        assertThat(file.resolveSibling("plan.json.damaged")).hasContent(content);
    }

    @Test
    void whatWasNotedWhileTheClockWasAheadIsForgotten() throws Exception {
        open(Sample.NOW).plan().update(_ -> records());

        PlanRecords earlier = open(Sample.NOW.minus(Duration.ofDays(3))).plan().read();

        assertThat(earlier).isEqualTo(PlanRecords.NONE);
    }

    @Test
    void refusalsAreKeptForAWeekAfterTheirEnd() throws Exception {
        open(Sample.NOW).plan().update(_ -> records());

        assertThat(open(Sample.NOW.plus(Duration.ofHours(3)).plus(Duration.ofDays(7)))
                        .plan()
                        .read()
                        .refusals())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.domain()).isEmpty());
    }

    @Test
    void aLaterRefusalReplacesAnEarlierOneOfTheSame() {
        RefusalRecord later = refusal(Optional.empty(), Sample.NOW, Duration.ofHours(1));

        assertThat(records().with(later).refusals()).hasSize(2).contains(later);
    }

    @Test
    void aRefusalCannotLastForMoreThanAWeek() throws Exception {
        PlanRecords wrong =
                PlanRecords.NONE.with(refusal(Optional.empty(), Sample.NOW.minusSeconds(5), Duration.ofDays(400)));

        open(Sample.NOW).plan().update(_ -> wrong);

        assertThat(open(Sample.NOW).plan().read().refusals()).isEmpty();
    }

    @Test
    void aNodeIsMissedOnceUntilItGetsACertificate() {
        IssueHistory missed = IssueHistory.UNKNOWN.misses(Sample.NOW);

        assertThat(missed.misses(EXPIRY)).isEqualTo(missed);
        assertThat(missed.had(Sample.NOW.minusSeconds(1)).missedSince()).contains(Sample.NOW);
        assertThat(missed.had(Sample.NOW.plusSeconds(1)).misses(EXPIRY).missedSince())
                .contains(EXPIRY);
        assertThat(missed.has(Sample.NOW, EXPIRY).missedSince()).isEmpty();
    }

    @Test
    void theLatestTenIssuesAreKept() {
        IssueHistory history = IssueHistory.UNKNOWN;
        for (int i = 0; i < 20; i++) {
            history = history.had(Sample.NOW.plusSeconds(i));
        }

        assertThat(history.issued()).hasSize(10);
        assertThat(history.latest()).contains(Sample.NOW.plusSeconds(19));
    }
}
