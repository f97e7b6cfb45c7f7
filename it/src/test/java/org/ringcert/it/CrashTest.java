package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.front.Front;
import org.ringcert.daemon.front.FrontListener;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.handoff.HandoffListener;

/** An issuance is killed at each of its steps, and the next {@code ringcert renew} completes it. */
@UsesPebble
class CrashTest {

    /** The one order that cannot be resumed: the CA has created it, but its URL was not saved yet. */
    static final String ORDER_LOST = "after order 1";

    static final List<String> CRASH_POINTS = List.of(
            "before order 1",
            ORDER_LOST,
            "in Ordered 1",
            "before authorization 1",
            "after authorization 2",
            "in ChallengeReady 1",
            "before respond 1",
            "after respond 1",
            "in ChallengeReady 2",
            "after respond 2",
            "before awaitValidation 1",
            "after awaitValidation 1",
            "in Validated 1",
            "in Validated 2",
            "before finalize 1",
            "after finalize 1",
            "before certificate 1",
            "after certificate 1",
            "in Installed 1",
            "before renewalInfo 1",
            "after renewalInfo 1");

    static final List<String> ACCOUNT_CRASH_POINTS =
            List.of("before register 1", "after register 1", "in Registered 1");

    /** More would only wait for each other. */
    private static final int PARALLEL = 2;

    @TempDir
    private Path folder;

    /** The challenges are served by this JVM, as they are by a web server or a daemon that uses the port. */
    @Test
    void theNextRunResumesAnOrderKilledAtAnyStepAndNothingIsValidatedTwice() throws Exception {
        String[] sites = IntStream.range(0, CRASH_POINTS.size())
                .mapToObj(i -> "a%d.example.org b%d.example.org".formatted(i, i))
                .toArray(String[]::new);
        try (Testbed testbed = Testbed.start(folder, 1, sites)) {
            try (Front _ = frontOf(testbed)) {
                for (int i = 0; i < CRASH_POINTS.size(); i += PARALLEL) {
                    List<ChildProcess> crashing = new ArrayList<>();
                    for (int j = i; j < Math.min(i + PARALLEL, CRASH_POINTS.size()); j++) {
                        crashing.add(startCrashing(testbed, 0, j, CRASH_POINTS.get(j)));
                    }
                    awaitCrashes(crashing);
                }
                assertThat(testbed.runCommand(0, 0, "renew")).doesNotContain("failed");
            }
            for (int i = 0; i < CRASH_POINTS.size(); i++) {
                StoredVersion.verified(testbed, 0, i);
            }
            CaLog log = CaLog.of(testbed.ca());
            assertThat(log.accounts()).isEqualTo(1);
            assertThat(log.orders()).isEqualTo(CRASH_POINTS.size() + 1);
            assertThat(log.failedValidations()).isEmpty();
            assertThat(log.validatedNames()).isEqualTo(2 * CRASH_POINTS.size());
            assertThat(log.certificates()).isEqualTo(CRASH_POINTS.size());
        }
    }

    @Test
    void theNextRunFindsAnAccountByItsKeyAfterACrashDuringRegistration() throws Exception {
        int nodes = ACCOUNT_CRASH_POINTS.size();
        String[] sites = IntStream.range(0, nodes)
                .mapToObj(i -> "a%d.example.org".formatted(i))
                .toArray(String[]::new);
        try (Testbed testbed = Testbed.start(folder, nodes, sites)) {
            List<ChildProcess> crashing = new ArrayList<>();
            for (int i = 0; i < nodes; i++) {
                crashing.add(startCrashing(testbed, i, i, ACCOUNT_CRASH_POINTS.get(i)));
            }
            awaitCrashes(crashing);
            for (int i = 0; i < nodes; i++) {
                testbed.runCommand(
                        i, 0, "renew", testbed.cluster().sites().get(i).toString());
                StoredVersion.verified(testbed, i, i);
            }
            CaLog log = CaLog.of(testbed.ca());
            assertThat(log.accounts()).isEqualTo(nodes);
            assertThat(log.orders()).isEqualTo(nodes);
            assertThat(log.failedValidations()).isEmpty();
        }
    }

    /** The CA has been asked to validate and must not be asked again: the newest Pebble rejects that. */
    @ParameterizedTest
    @EnumSource
    void theNextRunWaitsForAValidationInProgress(PebbleRelease release) throws Exception {
        UnaryOperator<PebbleOptions> slow = options -> options.withValidationDelay(Duration.ofSeconds(8));
        try (Testbed testbed = Testbed.start(folder, release, slow, 1, "a0.example.org b0.example.org");
                Front _ = frontOf(testbed)) {
            awaitCrashes(List.of(startCrashing(testbed, 0, 0, "after respond 2")));

            testbed.runCommand(0, 0, "renew");

            StoredVersion.verified(testbed, 0, 0);
            CaLog log = CaLog.of(testbed.ca());
            assertThat(log.orders()).isEqualTo(1);
            assertThat(log.failedValidations()).isEmpty();
        }
    }

    /** Starts a front in this JVM that serves the challenges in the node's store. */
    static Front frontOf(Testbed testbed) throws Exception {
        return new LocalNode(
                        ConfigurationLoader.load(testbed.cluster().configuration())
                                .withStore(testbed.cluster().store(0)),
                        testbed.cluster().node(0))
                .startFront(HandoffListener.NONE, FrontListener.NONE);
    }

    private ChildProcess startCrashing(Testbed testbed, int node, int site, String point) throws IOException {
        return CrashingRenewal.start(
                testbed, folder, node, site, point, testbed.ca().directory());
    }

    private static void awaitCrashes(List<ChildProcess> crashing) throws IOException {
        for (ChildProcess process : crashing) {
            CrashingRenewal.awaitCrash(process);
        }
    }
}
