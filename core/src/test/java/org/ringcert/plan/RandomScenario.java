package org.ringcert.plan;

import static org.ringcert.plan.PlanFixture.DOMAINS;
import static org.ringcert.plan.PlanFixture.LIMITS;
import static org.ringcert.plan.PlanFixture.SET_INTERVAL;
import static org.ringcert.plan.PlanFixture.START;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyAlgorithm;

/** Clusters, what their nodes see of each other, and what happens outside the plan, by a seed. */
final class RandomScenario {

    private final long seed;
    private final Random random;
    private final int nodes;

    RandomScenario(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        this.nodes = 1 + random.nextInt(20);
    }

    /** @param within the longest time between the starts of two nodes */
    ModelCluster.Scenario make(Duration within, Forcing forcing) {
        Layout layout = layout();
        return new ModelCluster.Scenario(
                layout,
                LIMITS,
                DOMAINS,
                random.nextInt(4) == 0 ? RenewalLimit.COUNTED : RenewalLimit.EXEMPT,
                leaders(layout),
                starts(layout, within),
                forcing == Forcing.NONE ? List.of() : forced(layout, within),
                sight(),
                random.nextBoolean(),
                seed);
    }

    enum Forcing {
        NONE,
        ONE_A_WEEK
    }

    private Layout layout() {
        KeyAlgorithm[] secondKeys =
                random.nextInt(4) == 0 ? new KeyAlgorithm[] {KeyAlgorithm.RSA} : new KeyAlgorithm[0];
        int groupSize = List.of(1, 4, 20, 20).get(random.nextInt(4));
        int most = groupSize < nodes ? Math.max(1, 80 / nodes) : 30;
        int sites = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(Math.min(30, most));
        int domains = 1 + random.nextInt(3);
        return PlanFixture.layout(
                nodes,
                IntStream.range(0, sites)
                        .mapToObj(i -> PlanFixture.grouped(
                                "s" + i + ".d" + i % domains + ".org", nodes, groupSize, secondKeys))
                        .toArray(PlannedSite[]::new));
    }

    /** Some names lead elsewhere. */
    private Map<HostName, HostName> leaders(Layout layout) {
        Map<HostName, HostName> leaders = new HashMap<>();
        for (PlannedSite site : layout.sites()) {
            if (random.nextInt(5) > 0) {
                leaders.put(site.name(), layout.nodes().get(random.nextInt(nodes)));
            }
        }
        return leaders;
    }

    private Map<HostName, Instant> starts(Layout layout, Duration within) {
        boolean isAllOrNothing = random.nextBoolean();
        int seconds = (int) within.toSeconds();
        Map<HostName, Instant> starts = new LinkedHashMap<>();
        for (HostName node : layout.nodes()) {
            int later = isAllOrNothing ? random.nextInt(2) * seconds : random.nextInt(seconds + 1);
            starts.put(node, START.plusSeconds(later));
        }
        return starts;
    }

    /** At most one for each site in a week; many of them when a token has just come. */
    private List<ModelCluster.Forced> forced(Layout layout, Duration within) {
        List<ModelCluster.Forced> forced = new ArrayList<>();
        for (PlannedSite site : layout.sites()) {
            Instant at = firstForced(within);
            for (int i = random.nextInt(2); i >= 0; i--) {
                HostName node = layout.nodes().get(random.nextInt(nodes));
                forced.add(new ModelCluster.Forced(
                        at, new ModelCluster.Order(node, site.certificates().getFirst())));
                at = at.plus(Duration.ofDays(7)).plusSeconds(random.nextInt(100_000));
            }
        }
        return forced;
    }

    private Instant firstForced(Duration within) {
        return switch (random.nextInt(3)) {
            case 0 -> START.plusSeconds(random.nextInt(604_800));
            case 1 -> START.plusSeconds(random.nextInt(172_800));
            default ->
                START.plus(SET_INTERVAL.multipliedBy(1 + random.nextInt(5)))
                        .plusSeconds(random.nextInt(2) * within.toSeconds() + random.nextInt(5000));
        };
    }

    /** From nobody sees anybody to all see all, changing every few hours; some nodes are blind for good. */
    private ModelCluster.Sight sight() {
        double share = List.of(0.0, 0.2, 0.5, 0.8, 1.0).get(random.nextInt(5));
        double blind = random.nextBoolean() ? random.nextDouble() : 0;
        int hours = 1 + random.nextInt(100);
        return (node, peer, at) -> {
            long slice = Duration.between(START, at).toHours() / hours;
            return hash(node.value()) >= blind && hash(node + " " + peer + " " + slice) < share;
        };
    }

    private double hash(String text) {
        return new Random(seed * 31 + text.hashCode()).nextDouble();
    }
}
