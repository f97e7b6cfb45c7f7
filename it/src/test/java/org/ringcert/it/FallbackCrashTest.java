package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.daemon.front.Front;
import org.ringcert.demo.ChildProcess;

/**
 * An issuance that has fallen back to the second CA is killed at each of its steps, and the next {@code ringcert renew}
 * completes it there.
 */
@UsesPebble
class FallbackCrashTest {

    private static final List<String> CRASH_POINTS = Stream.concat(
                    Stream.of("in FallsBack 1"), CrashTest.CRASH_POINTS.stream())
            .toList();

    /** More would only wait for each other. */
    private static final int PARALLEL = 2;

    @TempDir
    private Path folder;

    @Test
    void theNextRunResumesTheOrderAtTheSecondCaAndNothingIsValidatedTwice() throws Exception {
        String[] sites = IntStream.range(0, CRASH_POINTS.size())
                .mapToObj(i -> "a%d.example.org b%d.example.org".formatted(i, i))
                .toArray(String[]::new);
        try (TwoCaTestbed cas = TwoCaTestbed.start(folder, sites)) {
            // Both accounts exist, so that all sites fail at the same step of the first CA.
            cas.testbed().runCommand(0, 0, "renew", "--prepare");
            cas.refuseOrdersAtTheFirst();
            try (Front _ = CrashTest.frontOf(cas.testbed())) {
                for (int i = 0; i < CRASH_POINTS.size(); i += PARALLEL) {
                    List<ChildProcess> crashing = new ArrayList<>();
                    for (int j = i; j < Math.min(i + PARALLEL, CRASH_POINTS.size()); j++) {
                        crashing.add(startCrashing(cas, 0, j, CRASH_POINTS.get(j)));
                    }
                    for (ChildProcess process : crashing) {
                        CrashingRenewal.awaitCrash(process);
                    }
                }
                assertThat(cas.testbed().runCommand(0, 0, "renew")).doesNotContain("failed");
            }
            for (int i = 0; i < CRASH_POINTS.size(); i++) {
                cas.verifiedFromSecond(i);
            }
            assertThat(CaLog.of(cas.testbed().ca()).orders()).isZero();
            assertThat(cas.first().requests())
                    .as("the wait that the first CA asked for outlives the process")
                    .filteredOn(request -> request.contains(TwoCaTestbed.NEW_ORDER))
                    .hasSize(CRASH_POINTS.size());
            CaLog log = CaLog.of(cas.secondCa());
            assertThat(log.accounts()).isEqualTo(1);
            assertThat(log.orders()).as("one is lost").isEqualTo(CRASH_POINTS.size() + 1);
            assertThat(log.failedValidations()).isEmpty();
            assertThat(log.validatedNames()).isEqualTo(2 * CRASH_POINTS.size());
            assertThat(log.certificates()).isEqualTo(CRASH_POINTS.size());
        }
    }

    @Test
    void theNextRunFindsTheAccountAtTheSecondCaAfterACrashDuringRegistration() throws Exception {
        List<String> points = CrashTest.ACCOUNT_CRASH_POINTS;
        String[] sites = IntStream.range(0, points.size())
                .mapToObj(i -> "a%d.example.org".formatted(i))
                .toArray(String[]::new);
        try (TwoCaTestbed cas =
                new TwoCaTestbed(folder, UnaryOperator.identity(), UnaryOperator.identity(), points.size(), sites)) {
            cas.second().addTo(cas.testbed());
            cas.first().refuse("/", 503, "serverInternal", TwoCaTestbed.LONG_WAIT);
            for (int i = 0; i < points.size(); i++) {
                CrashingRenewal.awaitCrash(startCrashing(cas, i, i, points.get(i)));
            }
            for (int i = 0; i < points.size(); i++) {
                cas.testbed()
                        .runCommand(
                                i,
                                0,
                                "renew",
                                cas.testbed().cluster().sites().get(i).toString());
                Certificates.verified(cas.secondCa(), cas.testbed(), i, i);
            }
            CaLog log = CaLog.of(cas.secondCa());
            assertThat(log.accounts()).isEqualTo(points.size());
            assertThat(log.orders()).isEqualTo(points.size());
            assertThat(log.failedValidations()).isEmpty();
        }
    }

    private ChildProcess startCrashing(TwoCaTestbed cas, int node, int site, String point) throws Exception {
        return CrashingRenewal.start(
                cas.testbed(), folder, node, site, point, cas.second().directory());
    }
}
