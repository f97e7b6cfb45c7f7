package org.ringcert.daemon.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.NodeStatusReader;
import org.ringcert.daemon.SmallConfiguration;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Origin;
import org.ringcert.store.PendingRollout;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** Nothing announces that certificates are no longer renewed, until visitors see errors. */
class RenewalThatFailsUnnoticedTest {

    private static final URI CA = URI.create("http://127.0.0.1:1/dir");
    private static final HostName SELF = new HostName("web0.example.org");
    private static final HostName SITE = new HostName("www.example.org");
    private static final CertificateName NAME = CertificateName.first(SITE);
    private static final Instant ISSUED = Instant.parse("2026-09-01T00:00:00Z");

    @TempDir
    private Path folder;

    private LocalNode node;
    private Store store;
    private Instant now = ISSUED;
    private final AlertBook book = new AlertBook(List.of());

    @BeforeEach
    void open() throws Exception {
        Path file =
                Files.writeString(folder.resolve("ringcert.toml"), SmallConfiguration.text(List.of(SELF.value()), CA));
        Configuration configuration = ConfigurationLoader.load(file).withStore(folder.resolve("store"));
        node = new LocalNode(configuration, SELF, new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        });
        store = node.store();
    }

    private void issue() throws StoreException {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        store.install(
                NAME,
                key,
                List.of(SelfSignedCertificate.create(key, List.of(SITE), ISSUED, ISSUED.plus(Duration.ofDays(90)))),
                new Origin.IssuedByCa(CA, Optional.empty(), Optional.empty()));
    }

    private void fail(Optional<Progress.Outage> outage) throws StoreException {
        Progress.Failure failure =
                new Progress.Failure(1, now, now.plusSeconds(60), "The CA said no.").withOutage(outage);
        store.saveProgress(NAME, Progress.NONE.with(Progress.NONE.at(CA).withFailure(failure)));
    }

    private List<String> survey() throws StoreException {
        Map<CertificateName, PendingRollout> rollouts = store.progress(NAME)
                .rollout()
                .map(rollout -> Map.of(NAME, rollout))
                .orElse(Map.of());
        List<String> lines = new ArrayList<>();
        book.update(OwnConditions.of(
                        NodeStatusReader.read(node), rollouts, NodeStatusReader.caNames(node.configuration()), now))
                .forEach(change ->
                        lines.add(change.phase() + " " + change.condition().text()));
        return lines;
    }

    /** Surveys each minute until something begins or ends, and returns how long that took. */
    private Duration untilChange(String phase, Duration limit) throws StoreException {
        Instant start = now;
        while (Duration.between(start, now).compareTo(limit) < 0) {
            List<String> lines = survey();
            if (!lines.isEmpty()) {
                assertThat(lines)
                        .singleElement()
                        .asString()
                        .startsWith(phase + " www.example.org on web0.example.org: ");
                return Duration.between(start, now);
            }
            now = now.plus(Duration.ofMinutes(1));
        }
        return limit;
    }

    @Test
    void aRefusedRenewalIsToldAfterAnHour() throws Exception {
        issue();
        now = ISSUED.plus(Duration.ofDays(61));
        fail(Optional.empty());
        assertThat(untilChange("BEGIN", Duration.ofDays(1))).isEqualTo(Duration.ofHours(1));
        fail(Optional.empty());
        assertThat(untilChange("BEGIN", Duration.ofHours(2))).as("once").isEqualTo(Duration.ofHours(2));
        issue();
        store.saveProgress(NAME, Progress.NONE);
        now = ISSUED.plus(Duration.ofDays(1));
        assertThat(survey()).singleElement().asString().startsWith("END ");
    }

    @Test
    void anOutageOfTheCaWakesNobodyOnTheFirstDay() throws Exception {
        issue();
        now = ISSUED.plus(Duration.ofDays(61));
        fail(Optional.of(new Progress.Outage(now, 1, Duration.ZERO)));
        assertThat(untilChange("BEGIN", Duration.ofDays(2))).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void aSiteThatNeverGetsItsFirstCertificateIsToldAfterAnHour() throws Exception {
        fail(Optional.of(new Progress.Outage(now, 1, Duration.ZERO)));
        assertThat(untilChange("BEGIN", Duration.ofDays(2))).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void aMaintenanceOfTheCaOfTwentyMinutesIsNeverTold() throws Exception {
        fail(Optional.of(new Progress.Outage(now, 1, Duration.ZERO)));
        assertThat(untilChange("BEGIN", Duration.ofMinutes(20))).isEqualTo(Duration.ofMinutes(20));
        issue();
        store.saveProgress(NAME, Progress.NONE);
        assertThat(survey()).isEmpty();
        assertThat(book.entries()).isEmpty();
    }

    @Test
    void aDeploymentThatHasNotFailedIsNoProblem() throws Exception {
        issue();
        store.saveProgress(
                NAME, Progress.NONE.withRollout(new PendingRollout.Undeployed(Progress.PendingTask.from(now))));
        assertThat(untilChange("BEGIN", Duration.ofHours(3))).isEqualTo(Duration.ofHours(3));
        assertThat(book.entries()).isEmpty();
    }

    @Test
    void aCertificateAtRiskIsToldSoon() throws Exception {
        issue();
        now = ISSUED.plus(Duration.ofDays(80));
        fail(Optional.of(new Progress.Outage(now, 1, Duration.ZERO)));
        assertThat(untilChange("BEGIN", Duration.ofDays(2))).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void aFailureThatEndsByItselfIsNotTold() throws Exception {
        issue();
        now = ISSUED.plus(Duration.ofDays(61));
        fail(Optional.empty());
        assertThat(untilChange("BEGIN", Duration.ofMinutes(59))).isEqualTo(Duration.ofMinutes(59));
        now = ISSUED.plus(Duration.ofDays(1));
        store.saveProgress(NAME, Progress.NONE);
        assertThat(survey()).isEmpty();
        assertThat(book.entries()).isEmpty();
    }

    @Test
    void aCertificateThatIsNotDeployedIsItsOwnProblem() throws Exception {
        issue();
        now = ISSUED.plus(Duration.ofDays(1));
        store.saveProgress(
                NAME,
                Progress.NONE.withRollout(new PendingRollout.Undeployed(
                        new Progress.PendingTask(1, now, now.plusSeconds(60), "The deploy command failed."))));
        assertThat(untilChange("BEGIN", Duration.ofDays(1))).isEqualTo(Duration.ofHours(1));
        assertThat(book.entries())
                .singleElement()
                .satisfies(
                        entry -> assertThat(entry.condition().subject().kind()).isEqualTo(AlertKind.DEPLOYMENT));
    }

    @Test
    void aStoreThatCannotBeReadIsToldAndEndsNothing() throws Exception {
        issue();
        now = ISSUED.plus(Duration.ofDays(80));
        fail(Optional.empty());
        untilChange("BEGIN", Duration.ofDays(1));
        for (int minute = 0; minute <= 10; minute++) {
            List<AlertChange> changes =
                    book.update(OwnConditions.ofUnreadableStore(SELF, node.specs(), "The disk is gone.", now));
            assertThat(changes).hasSize(minute < 10 ? 0 : 1);
            changes.forEach(
                    change -> assertThat(change.condition().text()).isEqualTo("web0.example.org: The disk is gone."));
            now = now.plus(Duration.ofMinutes(1));
        }
    }
}
