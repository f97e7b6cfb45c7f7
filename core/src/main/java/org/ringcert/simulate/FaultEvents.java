package org.ringcert.simulate;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** Lets faults happen. Confined to one thread. */
final class FaultEvents {

    private final List<FaultPeriod> faults;
    private final World world;
    private final ModelCa ca;
    private final NodeWork work;
    private final EventQueue events;
    private final Counters counters;
    private final SplittableRandom random;
    private int outages;

    FaultEvents(
            List<FaultPeriod> faults,
            World world,
            ModelCa ca,
            NodeWork work,
            EventQueue events,
            Counters counters,
            SplittableRandom random) {
        this.faults = faults;
        this.world = world;
        this.ca = ca;
        this.work = work;
        this.events = events;
        this.counters = counters;
        this.random = random;
    }

    List<FaultPeriod> all() {
        return faults;
    }

    /** Returns when a fault is over. */
    long end(int index) {
        return faults.get(index).to().toEpochMilli();
    }

    /** Plans the events. A site that is added later is unknown to all nodes until then. */
    void schedule(long start) {
        for (int i = 0; i < faults.size(); i++) {
            FaultPeriod fault = faults.get(i);
            events.add(fault.from().toEpochMilli(), SimulatedEvent.FAULT_BEGINS.of(i));
            if (fault.to().isAfter(fault.from())) {
                events.add(fault.to().toEpochMilli(), SimulatedEvent.FAULT_ENDS.of(i));
            }
            if (fault.kind() == FaultKind.ROLLOUT) {
                world.nodes().forEach(node -> node.unknownSites().set(fault.subject()));
            }
        }
    }

    void begin(int index, long now) {
        FaultPeriod fault = faults.get(index);
        switch (fault.kind()) {
            case OUTAGE -> {
                outages++;
                ca.setDown(true);
            }
            case AWAY -> work.stop(node(fault), now);
            case REBUILD -> {
                work.stop(node(fault), now);
                loseStore(node(fault), now);
            }
            case RESTART ->
                world.nodes().stream().filter(SimulatedNode::isUp).forEach(node -> work.startAll(node, now));
            case REVOCATION -> revoke(world.certificates().get(fault.subject()), now);
            case MASS_REVOCATION -> world.certificates().forEach(certificate -> revoke(certificate, now));
            case CLOCK_STEP -> stepClock(node(fault), fault.step(), now);
            case MOVE -> work.move(fault.subject(), fault.target(), now);
            case ROLLOUT -> {
                for (SimulatedNode node : world.nodes()) {
                    long delay = random.nextLong(fault.to().toEpochMilli() - now);
                    events.add(
                            now + delay,
                            SimulatedEvent.NEW_FILE.of(index * world.nodes().size() + node.index()));
                }
            }
            case BLIND -> node(fault).beginBlindness(now);
        }
    }

    void end(int index, long now) {
        FaultPeriod fault = faults.get(index);
        switch (fault.kind()) {
            case OUTAGE -> {
                outages--;
                ca.setDown(outages > 0);
            }
            case AWAY, REBUILD -> work.start(node(fault), now);
            case CLOCK_STEP -> stepClock(node(fault), fault.step().negated(), now);
            case BLIND -> node(fault).endBlindness(now);
            case RESTART, REVOCATION, MASS_REVOCATION, MOVE, ROLLOUT -> {}
        }
    }

    /** Gives a node the file with a new site. */
    void newFile(int event, long now) {
        FaultPeriod fault = faults.get(event / world.nodes().size());
        SimulatedNode node = world.nodes().get(event % world.nodes().size());
        if (!node.knowsSite(fault.subject())) {
            node.unknownSites().clear(fault.subject());
            for (NodeCertificate certificate : world.certificatesOf(node)) {
                if (certificate.site() == fault.subject()) {
                    certificate.setNeededSince(now);
                    work.wakeAt(certificate, now);
                }
            }
        }
    }

    private SimulatedNode node(FaultPeriod fault) {
        return world.nodes().get(fault.subject());
    }

    private void loseStore(SimulatedNode node, long now) {
        node.loseStore(world.newAccount());
        for (NodeCertificate certificate : world.certificatesOf(node)) {
            if (node.knowsSite(certificate.site())) {
                counters.endOfNeed(certificate, now);
                work.lose(certificate, now);
            }
        }
    }

    private void revoke(NodeCertificate certificate, long now) {
        IssuedCertificate current = certificate.current();
        if (current != null && now < current.notAfter().toEpochMilli()) {
            current.revoke(now);
            work.revoked(certificate, now);
        }
    }

    private void stepClock(SimulatedNode node, Duration step, long now) {
        node.stepClock(step);
        work.clockStepped(node, now);
    }
}
