package org.ringcert.simulate;

import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Follows a cluster through years of virtual time. The nodes decide with the daemon's own code when they order; the CA
 * is a model. Used once, by one thread.
 */
public final class Simulation {

    /** The same for each run, so that each run of a scenario has the same result. */
    private static final Instant START = Instant.parse("2027-01-01T00:00:00Z");

    /** How long after a fault the CA's load is not that of the steady state. */
    private static final long DISTURBED = Duration.ofDays(7).toMillis();

    /** How long after the first rollout its requests may last. */
    private static final long AFTER_ROLLOUT = Duration.ofDays(1).toMillis();

    /** After this time, certificates that were issued together have been renewed four times or more. */
    private static final int LIFETIMES_OF_FIRST_RENEWALS = 3;

    private final Scenario scenario;
    private final long start = START.toEpochMilli();
    private final long end;
    private final EventQueue events = new EventQueue();
    private final ModelCa ca;
    private final World world;
    private final CaLoad load;
    private final Counters counters;
    private final NodeWork work;
    private final FaultEvents faults;
    private long disturbedUntil;
    private long rolloutUntil;

    private Simulation(Scenario scenario) {
        this.scenario = scenario;
        this.end = start + scenario.time().toMillis();
        this.rolloutUntil = start + AFTER_ROLLOUT;
        SplittableRandom random = new SplittableRandom(scenario.seed());
        List<FaultPeriod> chosen = new Faults(scenario, START, random.split()).choose();
        this.ca = new ModelCa(scenario.limits(), scenario.lifetime(), random.split());
        this.world = new World(scenario, ca, start);
        this.load = new CaLoad(start, (int) scenario.time().toHours());
        this.counters = new Counters(start, scenario, sitesAddedLater(chosen), world::isLeader, load);
        this.work = new NodeWork(scenario, world, ca, events, counters, random.split());
        this.faults = new FaultEvents(chosen, world, ca, work, events, counters, random.split());
    }

    private static BitSet sitesAddedLater(List<FaultPeriod> faults) {
        BitSet sites = new BitSet();
        faults.stream().filter(fault -> fault.kind() == FaultKind.ROLLOUT).forEach(fault -> sites.set(fault.subject()));
        return sites;
    }

    /** Returns what happens in a scenario. */
    public static SimulationResult run(Scenario scenario) {
        return new Simulation(scenario).run();
    }

    private SimulationResult run() {
        faults.schedule(start);
        for (SimulatedNode node : world.nodes()) {
            work.startAll(node, start);
        }
        events.add(start + CaLoad.HOUR, SimulatedEvent.HOUR.of(0));
        while (!events.isEmpty() && events.firstTime() < end) {
            long now = events.firstTime();
            handle(events.remove(), now);
        }
        for (NodeCertificate certificate : world.certificates()) {
            if (certificate.node().knowsSite(certificate.site())) {
                counters.endOfNeed(certificate, end);
            }
        }
        return counters.result(faults.all());
    }

    private void handle(long event, long now) {
        int index = SimulatedEvent.index(event);
        switch (SimulatedEvent.type(event)) {
            case WAKE -> work.wake(world.certificates().get(index), now);
            case ISSUE -> work.finishOrder(world.certificates().get(index), now);
            case FAULT_BEGINS -> {
                faults.begin(index, now);
                disturbedUntil = Math.max(disturbedUntil, faults.end(index) + DISTURBED);
            }
            case FAULT_ENDS -> faults.end(index, now);
            case NEW_FILE -> faults.newFile(index, now);
            case RECALL -> work.noticeRecall(world.certificates().get(index), now);
            case HOUR -> endOfHour(now);
        }
    }

    /** Adds the polls of the past hour, each of which would have got the same answer as the one before. */
    private void endOfHour(long now) {
        long hour = now - CaLoad.HOUR;
        if (scenario.renewalInfo() == Scenario.RenewalInfoSupport.OFFERED && !ca.isDown()) {
            load.polls(hour, work.certificatesInUse() * (double) CaLoad.HOUR / ModelCa.POLL_INTERVAL.toMillis());
        }
        if (!counters.isRolloutOver()) {
            rolloutUntil = now + AFTER_ROLLOUT;
        }
        load.setPhase(hour, phase(hour));
        events.add(now + CaLoad.HOUR, SimulatedEvent.HOUR.of(0));
    }

    private CaLoad.Phase phase(long hour) {
        if (hour < disturbedUntil) {
            return CaLoad.Phase.AFTER_FAULT;
        }
        if (hour < rolloutUntil) {
            return CaLoad.Phase.FIRST_ROLLOUT;
        }
        long steadyFrom = rolloutUntil + scenario.lifetime().toMillis() * LIFETIMES_OF_FIRST_RENEWALS;
        return hour < steadyFrom ? CaLoad.Phase.FIRST_RENEWALS : CaLoad.Phase.STEADY;
    }
}
