package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.renew.RenewalResult;
import tools.jackson.databind.JsonNode;

/** A second real CA behind one that fails. */
@UsesPebble
class SecondCaTest {

    private static final String WWW = "www.example.org";

    /** How long ago the first three tries are made. They are further apart than the back-off after each. */
    private static final Duration[] THREE_TRIES = {
        Duration.ofMinutes(62), Duration.ofMinutes(60), Duration.ofMinutes(45)
    };

    private static final String KEY_ID = "kid-1";
    private static final String KEY = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
    private static final String WRONG_KEY = "b10lLJs8l1GPIzsLP0s6pMt8O0XVGnfTaCeROxQM0BIt2XrJMDHJZBM5NuQmQJQH";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"/order-plz, 429, rateLimited, 0", "/, 503, serverInternal, 1"})
    void issuesInTheSamePassIfTheFirstAsksToWaitForHours(String path, int error, String type, int expectedStatus)
            throws Exception {
        try (TwoCaTestbed cas = TwoCaTestbed.start(folder, WWW)) {
            cas.first().refuse(path, error, type, TwoCaTestbed.LONG_WAIT);
            ChildProcess daemon = cas.testbed().startDaemon(0);

            daemon.awaitLine(line -> line.contains(WWW + ": renewed"), Testbed.TIMEOUT);

            X509Certificate certificate = cas.verifiedFromSecond(0);
            assertThat(cas.orders()).containsExactly(0, 1);
            String second = cas.second().name();
            assertThat(daemon.output().lines().filter(line -> line.contains("falls back to")))
                    .singleElement()
                    .asString()
                    .contains(
                            "WARN",
                            WWW + ": falls back to " + second,
                            "because " + cas.first().name() + " is not asked again before ",
                            "refused by the test");
            assertThat(daemon.output()).contains("issued by " + second);

            // Without an account at the first CA, only the second one is left.
            String text = cas.testbed().runCommand(0, expectedStatus, "status");
            assertThat(text)
                    .containsPattern(WWW + " .* good")
                    .contains("its certificate is from " + second + ", not from "
                            + cas.first().name());
            JsonNode site = cas.status(expectedStatus).path("sites").path(0);
            assertThat(site.path("good").asBoolean()).isTrue();
            assertThat(site.path("ca").asString()).isEqualTo(second);
            assertThat(site.path("notes").path(0).asString())
                    .contains(cas.first().name());

            cas.first().allow(path);
            returnsToTheFirst(cas, certificate, expectedStatus);
        }
    }

    private static void returnsToTheFirst(TwoCaTestbed cas, X509Certificate certificate, int expectedStatus)
            throws Exception {
        assertThat(cas.testbed().runCommand(0, 0, "renew")).contains(WWW + ": not due, next renewal ");
        assertThat(cas.verifiedFromSecond(0)).isEqualTo(certificate);
        assertThat(cas.status(expectedStatus).path("sites").path(0).path("good").asBoolean())
                .isTrue();

        assertThat(cas.testbed().runCommand(0, 0, "renew", "--force"))
                .contains(WWW + ": renewed", "issued by " + cas.first().name());
        cas.verifiedFromFirst(0);
        assertThat(cas.orders()).containsExactly(1, 1);
        JsonNode site = cas.status(0).path("sites").path(0);
        assertThat(site.path("ca").asString()).isEqualTo(cas.first().name());
        assertThat(site.path("notes")).isEmpty();
    }

    @Test
    void isAskedWhenTheFirstHasBeenUnreachableForAnHourAndNotBefore() throws Exception {
        try (TwoCaTestbed cas = TwoCaTestbed.start(folder, WWW)) {
            cas.testbed().ca().stop();
            assertThat(cas.passesWithClocksBehind(THREE_TRIES))
                    .hasSize(3)
                    .allMatch(RenewalResult.Failed.class::isInstance)
                    .last()
                    .satisfies(result -> assertThat(result.next())
                            .isBetween(
                                    Instant.now().minus(Duration.ofMinutes(45)),
                                    Instant.now().minus(Duration.ofMinutes(35))));
            assertThat(cas.passesWithClocksBehind(Duration.ofMinutes(42)))
                    .singleElement()
                    .isInstanceOf(RenewalResult.Waiting.class);
            assertThat(cas.passesWithClocksBehind(Duration.ofMinutes(10)))
                    .singleElement()
                    .isInstanceOf(RenewalResult.Failed.class);
            assertThat(CaLog.of(cas.secondCa()).orders()).isZero();

            assertThat(cas.testbed().runCommand(0, 0, "renew"))
                    .contains(WWW + ": renewed", "issued by " + cas.second().name());

            X509Certificate certificate = cas.verifiedFromSecond(0);
            cas.testbed().ca().restart();
            assertThat(cas.testbed().runCommand(0, 0, "renew")).contains(WWW + ": not due");
            assertThat(cas.verifiedFromSecond(0)).isEqualTo(certificate);
            cas.testbed().runCommand(0, 0, "renew", "--force");
            cas.verifiedFromFirst(0);
        }
    }

    @Test
    void isNotAskedInTheFirstHourOfAnUnreachableCa() throws Exception {
        try (TwoCaTestbed cas = TwoCaTestbed.start(folder, WWW)) {
            cas.testbed().ca().stop();
            Instant begin = Instant.now();

            String output = cas.testbed().runCommand(0, 1, "renew");

            assertThat(output).contains(WWW + ": failed, next try after ").doesNotContain("falls back");
            assertThat(cas.testbed().runCommand(0, 1, "renew"))
                    .contains(WWW + ": failed once at " + cas.first().name());
            JsonNode site = cas.status(1).path("sites").path(0);
            assertThat(site.path("caFailures")).hasSize(1);
            JsonNode failure = site.path("caFailures").path(0);
            assertThat(failure.path("ca").asString()).isEqualTo(cas.first().name());
            assertThat(Instant.parse(failure.path("outageSince").asString())).isAfter(begin);
            assertThat(CaLog.of(cas.secondCa()).orders()).isZero();
        }
    }

    @Test
    void issuesAfterAnHourIfTheFirstRefusesTheExternalAccountBinding() throws Exception {
        try (TwoCaTestbed cas =
                new TwoCaTestbed(folder, SecondCaTest::requiringBinding, UnaryOperator.identity(), 1, WWW)) {
            cas.second().addTo(cas.testbed());
            bindWrongly(cas, cas.first());
            assertThat(cas.passesWithClocksBehind(THREE_TRIES)).allMatch(RenewalResult.Failed.class::isInstance);
            assertThat(CaLog.of(cas.secondCa()).orders()).isZero();

            ChildProcess daemon = cas.testbed().startDaemon(0);
            daemon.awaitLine(line -> line.contains(WWW + ": renewed"), Testbed.TIMEOUT);

            cas.verifiedFromSecond(0);
            assertAccountProblem(cas, daemon.output(), cas.first());
        }
    }

    @Test
    void aRefusedExternalAccountBindingIsReportedWhileTheFirstCaIssues() throws Exception {
        try (TwoCaTestbed cas =
                new TwoCaTestbed(folder, UnaryOperator.identity(), SecondCaTest::requiringBinding, 1, WWW)) {
            cas.second().addTo(cas.testbed());
            bindWrongly(cas, cas.second());
            ChildProcess daemon = cas.testbed().startDaemon(0);
            daemon.awaitLine(line -> line.contains(WWW + ": renewed"), Testbed.TIMEOUT);
            daemon.awaitLine(line -> line.contains("could not make an account at"), Testbed.TIMEOUT);

            cas.verifiedFromFirst(0);
            assertThat(CaLog.of(cas.secondCa()).orders()).isZero();
            assertAccountProblem(cas, daemon.output(), cas.second());
        }
    }

    private static PebbleOptions requiringBinding(PebbleOptions options) {
        return options.withExternalAccountKeys(Map.of(KEY_ID, KEY));
    }

    private void bindWrongly(TwoCaTestbed cas, CaProxy ca) throws Exception {
        Path file = Files.writeString(folder.resolve("ca.eab"), "kid = %s\nhmac = %s\n".formatted(KEY_ID, WRONG_KEY));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        String directory = "directory = \"" + ca.directory() + "\"";
        cas.testbed()
                .editConfiguration(text -> text.replace(directory, "%s\neab-file = \"%s\"".formatted(directory, file)));
    }

    private static void assertAccountProblem(TwoCaTestbed cas, String log, CaProxy refusing) throws Exception {
        String ca = refusing.name();
        assertThat(log.lines().filter(line -> line.contains("could not make an account at " + ca)))
                .singleElement()
                .asString()
                .contains("ERROR", KEY_ID, "eab-file");
        assertThat(cas.testbed().runCommand(0, 1, "status"))
                .contains("There is no account at " + ca, KEY_ID, "ringcert renew --prepare");
        JsonNode status = cas.status(1);
        assertThat(status.path("sites").path(0).path("good").asBoolean()).isTrue();
        assertThat(status.path("accounts"))
                .filteredOn(account -> account.path("ca").asString().equals(ca))
                .singleElement()
                .satisfies(account ->
                        assertThat(account.path("problem").asString()).contains(KEY_ID));
        assertThat(log).doesNotContain(WRONG_KEY);
    }

    @Test
    void isNeverAskedForASiteThatLeadsNowhere() throws Exception {
        try (TwoCaTestbed cas = TwoCaTestbed.start(folder, WWW)) {
            cas.testbed().ca().clearAddress(new HostName(WWW));
            assertThat(cas.passesWithClocksBehind(THREE_TRIES)).allMatch(RenewalResult.Failed.class::isInstance);

            assertThat(cas.testbed().runCommand(0, 1, "renew"))
                    .contains("failed", "could not validate " + WWW)
                    .doesNotContain("falls back");
            assertThat(cas.testbed().runCommand(0, 1, "renew", "--force")).contains("could not validate " + WWW);

            assertThat(CaLog.of(cas.secondCa()).orders()).isZero();
            assertThat(cas.second().requests()).noneMatch(request -> request.contains(TwoCaTestbed.NEW_ORDER));
        }
    }
}
