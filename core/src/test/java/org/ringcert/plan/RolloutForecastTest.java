package org.ringcert.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.plan.PlanFixture.DOMAINS;
import static org.ringcert.plan.PlanFixture.DOMAIN_INTERVAL;
import static org.ringcert.plan.PlanFixture.DOMAIN_LIMIT;
import static org.ringcert.plan.PlanFixture.DOMAIN_SLACK;
import static org.ringcert.plan.PlanFixture.LIMITS;
import static org.ringcert.plan.PlanFixture.SET_INTERVAL;
import static org.ringcert.plan.PlanFixture.SET_LIMIT;
import static org.ringcert.plan.PlanFixture.START;
import static org.ringcert.plan.PlanFixture.node;
import static org.ringcert.plan.PlanFixture.nodes;
import static org.ringcert.plan.PlanFixture.site;
import static org.ringcert.plan.PlanFixture.slackAfter;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;

class RolloutForecastTest {

    private static List<RolloutForecast> forecasts(int nodes, List<PlannedSite> sites, RenewalLimit renewals) {
        LayoutIndex index = new LayoutIndex(new Layout(nodes(nodes), sites), DOMAINS);
        return RolloutForecast.of(index, LIMITS, renewals, _ -> Optional.empty(), START);
    }

    private static List<PlannedSite> sites(int count, int nodes, int perDomain) {
        return IntStream.range(0, count)
                .mapToObj(i -> site("s" + i + ".d" + i / perDomain + ".org", nodes))
                .toList();
    }

    @Test
    void fiveServersWaitForNobody() {
        assertThat(forecasts(5, sites(3, 5, 3), RenewalLimit.EXEMPT)).isEmpty();
    }

    @Test
    void theLastOfEightServersWaitsAsInTheCalendar() {
        assertThat(forecasts(8, sites(2, 8, 2), RenewalLimit.EXEMPT))
                .containsExactly(new RolloutForecast(
                        SET_LIMIT,
                        "s0.d0.org",
                        8,
                        HostName.of("s0.d0.org"),
                        START.plus(SET_INTERVAL.multipliedBy(3)).plus(slackAfter(7))));
    }

    @Test
    void withoutRenewalInformationTheFifthWaitsToo() {
        assertThat(forecasts(5, sites(1, 5, 1), RenewalLimit.COUNTED))
                .singleElement()
                .satisfies(forecast -> assertThat(forecast.last())
                        .isEqualTo(START.plus(SET_INTERVAL).plus(slackAfter(4))));
    }

    @Test
    void newSetsOfADomainWaitForItsLimit() {
        assertThat(forecasts(1, sites(52, 1, 52), RenewalLimit.EXEMPT))
                .containsExactly(new RolloutForecast(
                        DOMAIN_LIMIT,
                        "d0.org",
                        52,
                        HostName.of("s51.d0.org"),
                        START.plus(DOMAIN_INTERVAL.multipliedBy(2)).plus(DOMAIN_SLACK)));
    }

    @Test
    void ordersOfOneAccountWaitUnlessOtherServersOrderFirst() {
        List<PlannedSite> sites = sites(400, 2, 40);
        assertThat(forecasts(2, sites, RenewalLimit.EXEMPT))
                .singleElement()
                .satisfies(forecast -> assertThat(forecast.last()).isAfter(START.plus(Duration.ofHours(1))));

        LayoutIndex index = new LayoutIndex(new Layout(nodes(2), sites), DOMAINS);
        assertThat(RolloutForecast.of(
                        index,
                        LIMITS,
                        RenewalLimit.EXEMPT,
                        site -> Optional.of(node(site.hashCode() % 2 == 0 ? 0 : 1)),
                        START))
                .isEmpty();
    }
}
