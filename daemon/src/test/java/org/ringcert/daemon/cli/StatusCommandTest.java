package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.SmallConfiguration;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Origin;
import org.ringcert.store.Postponement;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ringcert status} with one site. */
class StatusCommandTest {

    private static final URI CA = URI.create("http://127.0.0.1:1/dir");
    private static final HostName WWW = new HostName("www.example.org");

    @TempDir
    private Path folder;

    private final Instant now = Instant.now();

    @BeforeEach
    void configure() throws Exception {
        Files.writeString(folder.resolve("ringcert.toml"), SmallConfiguration.text(List.of("web0.example.org"), CA));
    }

    private CommandRun status(String... options) {
        List<String> all = new ArrayList<>(List.of("status"));
        all.addAll(List.of(options));
        all.addAll(List.of(
                "--config", folder.resolve("ringcert.toml").toString(),
                "--node", "web0.example.org",
                "--store", folder.resolve("store").toString()));
        return CommandRun.of(all.toArray());
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(status("--json").out());
    }

    private Store store() throws StoreException {
        return Store.open(folder.resolve("store"), Clock.systemUTC());
    }

    private Store install(Instant notBefore, Duration lifetime) throws StoreException {
        Store store = store();
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        store.install(
                CertificateName.first(WWW),
                key,
                List.of(SelfSignedCertificate.create(key, List.of(WWW), notBefore, notBefore.plus(lifetime))),
                new Origin.IssuedByCa(CA, Optional.of(CA.resolve("/account/1")), Optional.empty()));
        return store;
    }

    @Test
    void createsNoStore() {
        assertThat(status().out()).contains("no certificate yet");
        assertThat(folder.resolve("store")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, P90D, 89 days",
        "PT0S, P6D, 5 days",
        "PT0S, PT49H, 2 days",
        "PT0S, PT48H, 47 hours",
        "PT0S, PT24H, 23 hours",
        "PT0S, PT12H, 11 hours",
        "PT0S, PT2H, 119 minutes",
        "PT-96M, PT2H, 23 minutes"
    })
    void showsShortLifetimesInHoursOrMinutes(Duration begin, Duration lifetime, String shown) throws Exception {
        install(now.plus(begin), lifetime);
        assertThat(status().out()).containsPattern("  " + shown + "  +\\d{4}-");
        long secondsRemaining = json().path("sites").path(0).path("secondsLeft").asLong();
        assertThat(Duration.ofSeconds(secondsRemaining))
                .isBetween(begin.plus(lifetime).minusMinutes(1), begin.plus(lifetime));
    }

    @ParameterizedTest
    @CsvSource({
        "P63D, P90D, true",
        "P61D, P90D, false",
        "PT15H30M, PT24H, true",
        "PT14H30M, PT24H, false",
    })
    void reportsAnOverdueRenewal(Duration age, Duration lifetime, boolean overdue) throws Exception {
        Store store = install(now.minus(age), lifetime);
        CommandRun result = status();
        assertThat(result.status()).isEqualTo(overdue ? 1 : 0);
        assertThat(result.out().contains("its renewal has been overdue since")).isEqualTo(overdue);

        store.saveProgress(
                CertificateName.first(WWW),
                Progress.NONE.with(Progress.NONE
                        .at(CA)
                        .withFailure(new Progress.Failure(1, now, now.plusSeconds(60), "no route"))));
        assertThat(status().out()).contains("no route").doesNotContain("overdue");
    }

    @Test
    void reportsACertificateThatIsNotValidYetWithTheClock() throws Exception {
        install(now.plus(Duration.ofHours(3)), Duration.ofDays(90));
        CommandRun result = status();
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).contains("is not valid before", "clock says", "timedatectl");
        assertThat(Instant.parse(json().path("sites").path(0).path("notBefore").asString()))
                .isAfter(now);
    }

    @Test
    void reportsAPostponedOrderToPeopleAndPrograms() throws Exception {
        Store store = install(now.minus(Duration.ofDays(65)), Duration.ofDays(90));
        Instant orderAt = now.plus(Duration.ofMinutes(50));
        store.saveProgress(
                CertificateName.first(WWW),
                Progress.NONE.with(Progress.NONE
                        .at(CA)
                        .withPostponement(Optional.of(new Postponement(
                                now.minus(Duration.ofMinutes(10)), 4, now, now.plusSeconds(300), orderAt, "dead")))));

        assertThat(status().out()).contains("waits with its order", "ringcert renew at once", "dead");
        JsonNode postponed = json().path("sites").path(0).path("postponed");
        assertThat(postponed.path("since").asString())
                .isEqualTo(now.minus(Duration.ofMinutes(10)).toString());
        assertThat(postponed.path("nextLook").asString())
                .isEqualTo(now.plusSeconds(300).toString());
        assertThat(postponed.path("orderAt").asString()).isEqualTo(orderAt.toString());
        assertThat(postponed.path("reason").asString()).isEqualTo("dead");

        store.saveProgress(CertificateName.first(WWW), Progress.NONE);
        assertThat(json().path("sites").path(0).has("postponed")).isFalse();
    }

    @Test
    void doesNotReportRenewalsInVainAsFailedOrders() throws Exception {
        Store store = install(now.minus(Duration.ofDays(65)), Duration.ofDays(90));
        store.saveProgress(
                CertificateName.first(WWW),
                Progress.NONE.with(Progress.NONE
                        .at(CA)
                        .withFailure(Progress.Failure.dueWhenIssued(
                                2, now, now.plus(Duration.ofHours(10)), "the clock or the CA"))));
        assertThat(status().out())
                .contains("issued certificates that were already due (2 times in a row)", "the clock or the CA")
                .doesNotContain("failed", "overdue");
    }

    @Test
    void ignoresAWaitRecordedByAWrongClock() throws Exception {
        Instant far = now.plus(Duration.ofDays(400));
        install(now, Duration.ofDays(90))
                .saveProgress(
                        CertificateName.first(WWW),
                        Progress.NONE.with(Progress.NONE
                                .at(CA)
                                .withFailure(new Progress.Failure(1, far, far.plusSeconds(60), "no route"))));
        assertThat(status().status()).as("records from the future do not count").isZero();
        assertThat(Instant.parse(
                        json().path("sites").path(0).path("nextRenewal").asString()))
                .isBefore(now.plus(Duration.ofDays(90)));
    }

    @Test
    void saysThatAProcessIsGettingTheFirstCertificate() throws Exception {
        try (Store.Lock _ = store().tryLock(WWW).orElseThrow()) {
            assertThat(status().out())
                    .contains("www.example.org: there is no certificate yet; process "
                            + ProcessHandle.current().pid() + " has been working on it since ")
                    .doesNotContain("gets one");
        }
    }

    @Test
    void reportsAProcessThatHoldsTheLockForHoursButNotForAMoment() throws Exception {
        install(now, Duration.ofDays(90));
        try (Store.Lock _ = store().tryLock(WWW).orElseThrow()) {
            assertThat(status().status()).isZero();
            assertThat(Instant.parse(
                            json().path("sites").path(0).path("inWorkSince").asString()))
                    .isBetween(now, Instant.now());
        }
        Clock behind = Clock.offset(Clock.systemUTC(), Duration.ofHours(-2));
        try (Store.Lock _ =
                Store.open(folder.resolve("store"), behind).tryLock(WWW).orElseThrow()) {
            CommandRun result = status();
            assertThat(result.status()).isEqualTo(1);
            assertThat(result.out())
                    .contains("process " + ProcessHandle.current().pid() + " has been working on it since", "hangs");
        }
        assertThat(status().status()).isZero();
        assertThat(json().path("sites").path(0).has("inWorkSince")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"orders", "certs", "versions", "challenges", "accounts"})
    void reportsAReadOnlyStoreAndShowsTheRest(String part) throws Exception {
        install(now, Duration.ofDays(90));
        assertThat(status().status()).isZero();
        Path readOnly = folder.resolve("store").resolve(part);
        assumeTrue(chattr("+i", readOnly), "chattr +i is not available here");
        try {
            CommandRun result = status();
            assertThat(result.status()).isEqualTo(1);
            assertThat(result.out()).contains("The store cannot be written", readOnly.toString(), "89 days");
            assertThat(json().path("troubles")).hasSize(1);
        } finally {
            chattr("-i", readOnly);
        }
    }

    private static boolean chattr(String what, Path file) throws Exception {
        return new ProcessBuilder("chattr", what, file.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
