package org.ringcert.simulate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;

/**
 * What happened in a simulation. Immutable.
 *
 * @param start the first moment
 * @param issued how many certificates the CA has issued
 * @param refused how many orders it has refused because of a limit
 * @param refusedAgain how many of those within a week after another refusal of the same node and names
 * @param expired how many certificates expired at a running node before they were replaced
 * @param invalid the time for which running nodes presented expired or revoked certificates, all added up
 * @param missing the time for which running nodes had no certificate yet, all added up
 * @param longestWait the longest time that a running node has waited for a good certificate; empty if none has
 * @param longestWaitOfLeaders the longest time that visitors have waited: that at a node to which the site's name leads
 * @param rollout how long it took until each node had all certificates for the first time; empty if some never came
 * @param load of the CA
 * @param faults what went wrong
 */
public record SimulationResult(
        Instant start,
        long issued,
        long refused,
        long refusedAgain,
        long expired,
        Duration invalid,
        Duration missing,
        Optional<Wait> longestWait,
        Duration longestWaitOfLeaders,
        Optional<Duration> rollout,
        HourlyLoad load,
        List<FaultPeriod> faults) {

    public SimulationResult {
        faults = List.copyOf(faults);
    }

    /**
     * A time without a good certificate.
     *
     * @param time how long, while the node was running
     * @param since when it began
     * @param node where
     * @param site of which site
     */
    public record Wait(Duration time, Instant since, HostName node, HostName site) {}

    /**
     * The requests and certificates of each hour. The steady state has neither the first rollout and the first renewals
     * after it, which come close to each other, nor the week after a fault.
     *
     * @param steadyHours how many hours of the steady state there are
     * @param average the average number of requests in an hour of the steady state
     * @param most the most requests in an hour of the steady state
     * @param worstHour the hour with the most, counted from the start
     * @param mostOrders the most certificates that were issued in an hour of the steady state
     * @param mostOfFirstRenewals the most requests in an hour after the first rollout and before the steady state
     * @param mostAfterFaults the most requests in an hour during a fault or in the week after it
     * @param mostAtAll the most requests in any hour
     * @param certificatesByDay how many certificates were issued on each day
     */
    public record HourlyLoad(
            int steadyHours,
            double average,
            double most,
            int worstHour,
            int mostOrders,
            double mostOfFirstRenewals,
            double mostAfterFaults,
            double mostAtAll,
            List<Integer> certificatesByDay) {

        public HourlyLoad {
            certificatesByDay = List.copyOf(certificatesByDay);
        }
    }
}
