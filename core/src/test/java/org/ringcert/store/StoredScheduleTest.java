package org.ringcert.store;

import static org.assertj.core.api.Assertions.assertThat;

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

/** How renewal schedules are stored beside the versions that they belong to. */
class StoredScheduleTest {

    private static final RenewalSchedule.Suggestion SUGGESTION = new RenewalSchedule.Suggestion(
            Sample.NOW.plusSeconds(100),
            Sample.NOW.plusSeconds(300),
            Optional.of("https://ca.example.org/why"),
            Sample.NOW.plusSeconds(222));
    private static final RenewalSchedule SCHEDULE =
            new RenewalSchedule(Optional.of(SUGGESTION), Sample.NOW.plusSeconds(21_600), 3);

    @TempDir
    private Path folder;

    private Store store;
    private CertificateVersion version;

    @BeforeEach
    void open() throws StoreException {
        store = storeAt(Sample.NOW);
        version = Sample.install(store);
    }

    private Store storeAt(Instant now) throws StoreException {
        return Store.open(folder.resolve("store"), Clock.fixed(now, ZoneOffset.UTC));
    }

    private Path file() {
        return version.directory().resolve("renewal.json");
    }

    @Test
    void aScheduleIsReadAsItWasSaved() throws Exception {
        assertThat(store.renewalSchedule(version)).isEqualTo(RenewalSchedule.UNKNOWN);

        for (RenewalSchedule schedule : List.of(
                SCHEDULE,
                new RenewalSchedule(Optional.of(SUGGESTION.withExplanation(Optional.empty())), Sample.NOW, 0),
                new RenewalSchedule(Optional.empty(), Sample.NOW, 1))) {
            store.saveRenewalSchedule(version, schedule);
            assertThat(storeAt(Sample.NOW).renewalSchedule(version)).isEqualTo(schedule);
        }
    }

    @Test
    void aScheduleBelongsToOneVersion() throws Exception {
        store.saveRenewalSchedule(version, SCHEDULE);

        CertificateVersion next = Sample.install(store);

        assertThat(store.renewalSchedule(next)).isEqualTo(RenewalSchedule.UNKNOWN);
        assertThat(store.renewalSchedule(version)).isEqualTo(SCHEDULE);
        assertThat(store.current(CertificateName.first(Sample.SITE))).contains(next);
    }

    @Test
    void anUnreadableScheduleIsUnknown() throws Exception {
        store.saveRenewalSchedule(version, SCHEDULE);
        String intact = Files.readString(file());
        for (String damaged : List.of(
                "",
                "{",
                "{}",
                "[]",
                "null",
                intact.replace("chosen", "other"),
                intact.replace("10:18:42", "x"),
                intact.replaceAll("(\"failedPolls\" : )3", "$1-3"),
                "x".repeat(2 << 20))) {
            Files.writeString(file(), damaged);
            assertThat(store.renewalSchedule(version)).isEqualTo(RenewalSchedule.UNKNOWN);
            assertThat(store.current(CertificateName.first(Sample.SITE))).contains(version);
        }
        Files.delete(file());
        Files.createDirectory(file());
        assertThat(store.renewalSchedule(version)).isEqualTo(RenewalSchedule.UNKNOWN);
    }

    @Test
    void aRequestTooFarInTheFutureIsDueNow() throws Exception {
        Instant nextPoll = Sample.NOW.plus(RenewalSchedule.MAX_POLL_INTERVAL);
        store.saveRenewalSchedule(version, new RenewalSchedule(Optional.of(SUGGESTION), nextPoll, 2));
        assertThat(store.renewalSchedule(version).nextPoll()).isEqualTo(nextPoll);

        Instant setBack = Sample.NOW.minus(Duration.ofSeconds(1));

        assertThat(storeAt(setBack).renewalSchedule(version))
                .isEqualTo(new RenewalSchedule(Optional.of(SUGGESTION), setBack, 2));
    }

    @Test
    void timesOfAnyYearAreReadAsTheyWereSaved() throws Exception {
        RenewalSchedule.Suggestion extreme =
                new RenewalSchedule.Suggestion(Instant.MIN, Instant.MAX, Optional.empty(), Instant.MIN);
        store.saveRenewalSchedule(version, new RenewalSchedule(Optional.of(extreme), Sample.NOW, 0));

        assertThat(store.renewalSchedule(version).suggestion()).contains(extreme);
    }

    @Test
    void theFileContainsNoSecretAndIsReadable() throws Exception {
        store.saveRenewalSchedule(version, SCHEDULE);

        assertThat(Sample.mode(file()))
                .isEqualTo(Sample.mode(version.directory().resolve("origin.json")));
    }
}
