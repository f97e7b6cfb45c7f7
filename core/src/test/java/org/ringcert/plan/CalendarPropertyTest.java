package org.ringcert.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.plan.PlanFixture.START;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;

/** What holds for nodes that plan for themselves, over many seeds. */
class CalendarPropertyTest {

    private static final int SEEDS = Integer.getInteger("plan.seeds", 75);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration TOKEN = Duration.ofHours(34);

    @Test
    void withEqualSightNothingIsRefused() {
        for (long seed = 0; seed < SEEDS; seed++) {
            ModelCluster.Scenario scenario = new RandomScenario(seed)
                    .make(DAY, RandomScenario.Forcing.NONE)
                    .withFullSight();

            assertThat(new ModelCluster(scenario).run().refusals())
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    @Test
    void nodesThatKnowTheSameComputeTheSame() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Layout layout = new RandomScenario(seed)
                    .make(DAY, RandomScenario.Forcing.NONE)
                    .layout();
            PlanFixture knowledge = randomKnowledge(layout, new Random(seed));
            List<Turn> turns = knowledge.calendar(layout, START).turns();

            for (HostName node : layout.nodes()) {
                knowledge.self = node;
                assertThat(knowledge.calendar(layout, START).turns())
                        .as("seed %d", seed)
                        .isEqualTo(turns);
            }
            for (Turn turn : turns) {
                assertThat(knowledge.calendar(layout, START).turn(turn.node(), turn.certificate()))
                        .as("seed %d", seed)
                        .contains(turn);
            }
        }
    }

    @Test
    void withAnySightARefusalIsRareAndNobodyIsLate() {
        for (long seed = 0; seed < SEEDS; seed++) {
            ModelCluster.Scenario scenario = new RandomScenario(seed).make(DAY, RandomScenario.Forcing.NONE);
            check(
                    seed,
                    startsMatter(scenario)
                            ? new RandomScenario(seed).make(HOUR, RandomScenario.Forcing.NONE)
                            : scenario,
                    TOKEN);
        }
    }

    /**
     * Whether new sets wait for the limit of a domain. A server that does not see another's first orders does not know
     * when that one began, and the tokens of a domain that have come since are many. See docs/limits.md.
     */
    private static boolean startsMatter(ModelCluster.Scenario scenario) {
        return PlanFixture.newSets(scenario.layout()).values().stream()
                .anyMatch(count -> count > PlanFixture.DOMAIN_LIMIT.capacity());
    }

    /** The hour by which the starts differ adds to the delay. */
    @Test
    void withAnySightAnOrderOutsideThePlanCostsOneRefusal() {
        for (long seed = 0; seed < SEEDS; seed++) {
            ModelCluster.Scenario scenario = new RandomScenario(seed).make(HOUR, RandomScenario.Forcing.ONE_A_WEEK);
            check(
                    seed,
                    scenario,
                    TOKEN.multipliedBy(hasTwoKinds(scenario) ? 2 : 1).plus(HOUR));
        }
    }

    /** Such nodes cannot keep to both: one refusal a week, and a delay of one token. See docs/decisions/limits.md. */
    private static boolean hasTwoKinds(ModelCluster.Scenario scenario) {
        return scenario.layout().sites().stream()
                .anyMatch(site -> site.certificates().size() > 1);
    }

    private static void check(long seed, ModelCluster.Scenario scenario, Duration late) {
        ModelCluster cluster = new ModelCluster(scenario).run();
        Map<ModelCluster.Order, Instant> full =
                new ModelCluster(scenario.withFullSight()).run().first();

        assertThat(mostInAWeek(cluster.refusals()))
                .as("refusals, seed %d", seed)
                .isLessThanOrEqualTo(1);
        cluster.first().forEach((order, at) -> {
            boolean isForced =
                    scenario.forced().stream().anyMatch(forced -> forced.order().equals(order));
            if (!isForced) {
                assertThat(Duration.between(full.get(order), at))
                        .as("delay of %s, seed %d", order, seed)
                        .isLessThanOrEqualTo(late);
            }
        });
    }

    /** Returns the most refusals of a node for one set of names in a week. */
    private static int mostInAWeek(List<ModelCluster.Refused> refusals) {
        Map<RefusedSet, List<Instant>> times = new HashMap<>();
        refusals.forEach(refused -> times.computeIfAbsent(
                        new RefusedSet(refused.order().node(), refused.set()), _ -> new ArrayList<>())
                .add(refused.at()));
        int most = 0;
        for (List<Instant> list : times.values()) {
            for (Instant time : list) {
                int count = (int) list.stream()
                        .filter(other -> !other.isBefore(time) && other.isBefore(time.plus(WEEK)))
                        .count();
                most = Math.max(most, count);
            }
        }
        return most;
    }

    private record RefusedSet(HostName node, NameSet set) {}

    private static PlanFixture randomKnowledge(Layout layout, Random random) {
        PlanFixture knowledge = new PlanFixture();
        for (PlannedSite site : layout.sites()) {
            for (int i = 0; i < layout.nodes().size(); i++) {
                for (CertificateName certificate : site.certificates()) {
                    Instant time = START.minus(Duration.ofHours(random.nextInt(1000)));
                    if (random.nextBoolean()) {
                        knowledge.has(i, certificate, time);
                    } else {
                        knowledge.missing(i, certificate, time);
                    }
                }
                if (random.nextInt(20) == 0) {
                    Instant at = START.minus(Duration.ofMinutes(random.nextInt(1000)));
                    knowledge.refused(i, site.sets().get(i), new Refusal(at, at.plusSeconds(random.nextInt(120_000))));
                }
            }
        }
        return knowledge;
    }
}
