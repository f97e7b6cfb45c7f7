package org.ringcert.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringcert.simulate.Scenario.RenewalInfoSupport;

class SimulationTest {

    private static Scenario scenario(
            int nodes, int sites, int years, RenewalInfoSupport renewalInfo, long seed, FaultKind... faults) {
        return new Scenario(
                nodes,
                sites,
                1,
                1,
                0,
                years,
                Duration.ofDays(90),
                renewalInfo,
                LetsEncrypt.LIMITS,
                seed,
                Optional.of(List.of(faults)));
    }

    private static Scenario random(long seed) {
        return new Scenario(
                4,
                5,
                2,
                2,
                2,
                3,
                Duration.ofDays(45),
                RenewalInfoSupport.OFFERED,
                LetsEncrypt.LIMITS,
                seed,
                Optional.empty());
    }

    @Test
    void sameSeedHasTheSameResultAndAnotherSeedAnother() {
        SimulationResult result = Simulation.run(random(1));

        assertThat(Simulation.run(random(1))).isEqualTo(result);
        assertThat(Simulation.run(random(2))).isNotEqualTo(result);
    }

    @Test
    void eachCertificateIsRenewedAtTwoThirdsOfItsLifetime() {
        SimulationResult result = Simulation.run(scenario(1, 1, 10, RenewalInfoSupport.OFFERED, 1));

        // 3652.5 days / 60 days
        assertThat(result.issued()).isBetween(60L, 62L);
        assertThat(result.refused()).isZero();
        assertThat(result.expired()).isZero();
        assertThat(result.invalid()).isZero();
        assertThat(result.rollout().orElseThrow()).isLessThan(Duration.ofMinutes(10));
    }

    @Test
    void randomFaultsDoNotLetAnythingExpire() {
        for (long seed = 1; seed <= 5; seed++) {
            SimulationResult result = Simulation.run(random(seed));

            assertThat(result.expired()).as("seed %d", seed).isZero();
            assertThat(result.faults()).hasSizeGreaterThan(15);
        }
    }
}
