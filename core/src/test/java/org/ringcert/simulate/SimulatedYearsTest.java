package org.ringcert.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.plan.Spread;
import org.ringcert.simulate.Scenario.RenewalInfoSupport;

/** Years in which nothing may expire, as far as the limits allow that at all. docs/limits.md has longer ones. */
class SimulatedYearsTest {

    /** A cluster of the table. */
    enum Shape {
        THREE(3, 3, 1, 0, 4),
        FIVE(5, 50, 1, 0, 1),
        TWELVE(12, 16, 1, 4, 1),
        FIFTY(50, 40, 8, 4, 1);

        private final int nodes;
        private final int sites;
        private final int domains;
        private final int groupSize;
        private final int years;

        Shape(int nodes, int sites, int domains, int groupSize, int years) {
            this.nodes = nodes;
            this.sites = sites;
            this.domains = domains;
            this.groupSize = groupSize;
            this.years = years;
        }

        Scenario scenario(Duration lifetime, RenewalInfoSupport renewalInfo, Optional<List<FaultKind>> faults) {
            return new Scenario(
                    nodes, sites, domains, 1, groupSize, years, lifetime, renewalInfo, LetsEncrypt.LIMITS, 1, faults);
        }

        /** Returns whether the limits allow all renewals if the CA counts them. */
        boolean fits(Duration lifetime) {
            return new Spread(groupSize == 0 ? nodes : groupSize, Optional.of(LetsEncrypt.PER_SET)).fits(lifetime);
        }
    }

    private static SimulationResult run(
            Shape shape, Duration lifetime, RenewalInfoSupport renewalInfo, FaultKind... faults) {
        return Simulation.run(shape.scenario(lifetime, renewalInfo, Optional.of(List.of(faults))));
    }

    private static void assertNothingExpires(SimulationResult result) {
        assertThat(result.expired()).isZero();
        assertThat(result.invalid()).isZero();
        assertThat(result.rollout()).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "THREE, PT2160H", "THREE, PT1536H", "THREE, PT1080H", "THREE, PT160H",
        "FIVE, PT2160H", "FIVE, PT1536H", "FIVE, PT1080H", "FIVE, PT160H",
        "TWELVE, PT2160H", "TWELVE, PT1536H", "TWELVE, PT1080H", "TWELVE, PT160H",
        "FIFTY, PT2160H", "FIFTY, PT1536H", "FIFTY, PT1080H", "FIFTY, PT160H"
    })
    void withRenewalInformationNothingExpiresAndNothingIsRefused(Shape shape, Duration lifetime) {
        SimulationResult result = run(shape, lifetime, RenewalInfoSupport.OFFERED);

        assertNothingExpires(result);
        assertThat(result.refused()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "THREE, PT2160H", "THREE, PT1536H", "THREE, PT1080H", "THREE, PT160H",
        "FIVE, PT2160H", "FIVE, PT1536H", "FIVE, PT1080H", "FIVE, PT160H",
        "TWELVE, PT2160H", "TWELVE, PT1536H", "TWELVE, PT1080H", "TWELVE, PT160H",
        "FIFTY, PT2160H", "FIFTY, PT1536H", "FIFTY, PT1080H"
    })
    void withoutRenewalInformationNothingExpiresIfTheLimitsAllowThat(Shape shape, Duration lifetime) {
        assumeTrue(shape.fits(lifetime), "the limits do not allow so many renewals");

        SimulationResult result = run(shape, lifetime, RenewalInfoSupport.MISSING);

        assertNothingExpires(result);
        assertThat(result.refusedAgain()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultKind.class,
            names = {"OUTAGE", "AWAY", "RESTART", "CLOCK_STEP", "MOVE", "BLIND"})
    void noFaultOfTheSurroundingsLetsAnythingExpire(FaultKind fault) {
        for (Shape shape : List.of(Shape.THREE, Shape.FIVE, Shape.TWELVE)) {
            for (RenewalInfoSupport renewalInfo : RenewalInfoSupport.values()) {
                for (int days : new int[] {90, 64, 45}) {
                    SimulationResult result = run(shape, Duration.ofDays(days), renewalInfo, fault);

                    assertThat(result.expired())
                            .as("%s %s, %d days", shape, renewalInfo, days)
                            .isZero();
                    assertThat(result.refusedAgain())
                            .as("%s %s, %d days", shape, renewalInfo, days)
                            .isZero();
                }
            }
        }
    }

    @Test
    void anOutageMeetsTheRenewals() {
        SimulationResult result = run(Shape.FIVE, Duration.ofDays(64), RenewalInfoSupport.OFFERED, FaultKind.OUTAGE);

        // Those that could not renew in their window do so when the CA is back.
        FaultPeriod outage = result.faults().getFirst();
        int firstDay = (int) Duration.between(result.start(), outage.from()).toDays() + 1;
        int lastDay = (int) Duration.between(result.start(), outage.to()).toDays();
        List<Integer> days = result.load().certificatesByDay();
        assertThat(days.subList(firstDay, lastDay)).containsOnly(0);
        assertThat(days.get(lastDay) + days.get(lastDay + 1)).isGreaterThan(200);
    }

    @Test
    void aRebuiltServerAndANewSiteGetTheirCertificatesAtOnceIfTokensAreLeft() {
        for (FaultKind fault : List.of(FaultKind.REBUILD, FaultKind.ROLLOUT)) {
            SimulationResult result = run(Shape.THREE, Duration.ofDays(90), RenewalInfoSupport.OFFERED, fault);

            assertThat(result.refused()).isZero();
            assertThat(result.longestWait().orElseThrow().time()).isLessThan(Duration.ofHours(7));
        }
    }
}
