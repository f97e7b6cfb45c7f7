package org.ringcert.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.simulate.Scenario.RenewalInfoSupport;

/** All certificates are revoked on one day: what the limits leave is used at once, and nothing is refused in vain. */
class MassRevocationTest {

    private static final Duration INTERVAL = LetsEncrypt.PER_SET.interval();

    /** The node polls the CA within this time. */
    private static final Duration POLL = Duration.ofMinutes(432);

    /** Twelve days after the renewals of certificates of 64 days, when all tokens are there again. */
    private static SimulationResult run(int nodes, int sites, long seed) {
        return run(nodes, sites, 0, Duration.ofDays(64), seed);
    }

    private static SimulationResult run(int nodes, int sites, int groupSize, Duration lifetime, long seed) {
        return Simulation.run(new Scenario(
                nodes,
                sites,
                1,
                1,
                groupSize,
                1,
                lifetime,
                RenewalInfoSupport.OFFERED,
                LetsEncrypt.LIMITS,
                seed,
                Optional.of(List.of(FaultKind.MASS_REVOCATION))));
    }

    /** Returns the invalid time that the limit forces on a cluster: five at once, then one in each interval. */
    private static Duration least(int nodes, int sites) {
        Duration sum = Duration.ZERO;
        for (int i = LetsEncrypt.PER_SET.capacity(); i < nodes; i++) {
            sum = sum.plus(INTERVAL.multipliedBy(i - LetsEncrypt.PER_SET.capacity() + 1L));
        }
        return sum.multipliedBy(sites);
    }

    /** Each has to poll before it knows, and one that waits for a token comes somewhat later than it could. */
    private static Duration most(int nodes, int sites) {
        Duration polls = POLL.multipliedBy((long) nodes * sites);
        return least(nodes, sites).multipliedBy(106).dividedBy(100).plus(polls);
    }

    @ParameterizedTest
    @CsvSource({"5, 4, 1", "5, 4, 2", "8, 4, 1", "8, 4, 2", "8, 4, 3"})
    void isReplacedAsFastAsTheLimitsAllow(int nodes, int sites, long seed) {
        SimulationResult result = run(nodes, sites, seed);

        assertThat(result.invalid()).isBetween(least(nodes, sites), most(nodes, sites));
        assertThat(result.longestWaitOfLeaders()).isLessThan(POLL.plusMinutes(5));
        assertThat(result.refusedAgain()).isZero();
        assertThat(result.expired()).isZero();
    }

    /** Certificates of 90 days were renewed in the two days before, which has taken most of the tokens. */
    @ParameterizedTest
    @CsvSource({"5, 50, 0, 1", "5, 50, 0, 2", "12, 16, 4, 1", "12, 16, 4, 2"})
    void soonAfterRenewalsServersWithVisitorsStillComeFirstAndNothingIsRefused(
            int nodes, int sites, int groupSize, long seed) {
        SimulationResult result = run(nodes, sites, groupSize, Duration.ofDays(90), seed);

        assertThat(result.refused()).isZero();
        assertThat(result.longestWaitOfLeaders()).isLessThan(POLL.plusMinutes(5));
        assertThat(result.longestWait().orElseThrow().time())
                .isLessThan(INTERVAL.multipliedBy(3).plus(POLL));
        assertThat(result.expired()).isZero();
    }
}
