package org.ringcert.simulate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** Chooses when what goes wrong in a scenario. */
final class Faults {

    /** Of the mean time between two faults of a kind in a random scenario. */
    private static final Duration YEAR = Duration.ofHours(8766);

    /** Nothing goes wrong in the last part of a scenario, so that its end shows whether all was mended. */
    private static final Duration CALM_END = Duration.ofDays(60);

    private final Scenario scenario;
    private final Instant start;
    private final SplittableRandom random;
    private int addedSites;

    /** @param start the first moment of the scenario */
    Faults(Scenario scenario, Instant start, SplittableRandom random) {
        this.scenario = scenario;
        this.start = start;
        this.random = random;
    }

    /** Returns the faults in the order of their times. */
    List<FaultPeriod> choose() {
        List<FaultPeriod> faults =
                new ArrayList<>(scenario.faults().map(this::once).orElseGet(this::random));
        faults.sort(Comparator.comparing(FaultPeriod::from));
        return List.copyOf(faults);
    }

    /**
     * Returns one fault of each kind, around the middle of the time. Several follow each other. What can hinder
     * renewals happens when they are due.
     */
    private List<FaultPeriod> once(List<FaultKind> kinds) {
        List<FaultPeriod> faults = new ArrayList<>();
        for (int i = 0; i < kinds.size(); i++) {
            Duration at = scenario.time().multipliedBy(i + 1L).dividedBy(kinds.size() + 1L);
            faults.add(severe(kinds.get(i), at));
        }
        return faults;
    }

    private FaultPeriod severe(FaultKind kind, Duration at) {
        return switch (kind) {
            case OUTAGE -> aroundRenewals(kind, at, Duration.ofDays(5));
            case AWAY, BLIND -> aroundRenewals(kind, at, Duration.ofDays(30));
            case RESTART -> aroundRenewals(kind, at, Duration.ZERO);
            case MASS_REVOCATION -> fault(kind, start.plus(at), Duration.ZERO);
            case REVOCATION, CLOCK_STEP, MOVE, REBUILD, ROLLOUT -> random(kind, start.plus(at));
        };
    }

    /** Returns a fault whose middle is that of the renewals next to a time. */
    private FaultPeriod aroundRenewals(FaultKind kind, Duration at, Duration length) {
        Duration period = renewalPeriod();
        long renewal = Math.max(1, Math.round((double) at.toMillis() / period.toMillis()));
        Instant middle = start.plus(period.multipliedBy(renewal));
        return fault(kind, middle.minus(length.dividedBy(2)), length);
    }

    /** Returns the mean time from one renewal to the next: three quarters of the lifetime if the node chooses it. */
    private Duration renewalPeriod() {
        Duration lifetime = scenario.lifetime();
        if (scenario.renewalInfo() == Scenario.RenewalInfoSupport.MISSING) {
            return lifetime.multipliedBy(3).dividedBy(4);
        }
        return lifetime.compareTo(ModelCa.SHORT_LIFETIME) < 0
                ? lifetime.dividedBy(2)
                : lifetime.multipliedBy(2).dividedBy(3);
    }

    /** Returns what may go wrong: about one fault of each kind in a year, but no mass revocation. */
    private List<FaultPeriod> random() {
        List<FaultPeriod> faults = new ArrayList<>();
        for (FaultKind kind : FaultKind.values()) {
            if (kind != FaultKind.MASS_REVOCATION) {
                Instant end = start.plus(scenario.time()).minus(CALM_END);
                Instant at = start.plus(interval());
                while (at.isBefore(end) && (kind != FaultKind.ROLLOUT || addedSites < scenario.sites() / 3)) {
                    faults.add(random(kind, at));
                    at = at.plus(interval());
                }
            }
        }
        return faults;
    }

    private Duration interval() {
        return Duration.ofMillis((long) (YEAR.toMillis() * (0.5 + random.nextDouble())));
    }

    private FaultPeriod random(FaultKind kind, Instant at) {
        return switch (kind) {
            case OUTAGE -> fault(kind, at, between(Duration.ofHours(1), Duration.ofDays(5)));
            case AWAY -> fault(kind, at, between(Duration.ofHours(1), Duration.ofDays(30)));
            case BLIND -> fault(kind, at, between(Duration.ofHours(1), Duration.ofDays(30)));
            case CLOCK_STEP -> fault(kind, at, between(Duration.ofHours(1), Duration.ofDays(3)));
            case REBUILD -> fault(kind, at, Duration.ofHours(1));
            case ROLLOUT -> fault(kind, at, Duration.ofHours(6));
            case RESTART, REVOCATION, MASS_REVOCATION, MOVE -> fault(kind, at, Duration.ZERO);
        };
    }

    private FaultPeriod fault(FaultKind kind, Instant from, Duration length) {
        int subject = switch (kind) {
            case AWAY, BLIND, CLOCK_STEP, REBUILD -> random.nextInt(scenario.nodes());
            case REVOCATION -> random.nextInt(scenario.certificates());
            case MOVE -> random.nextInt(scenario.sites());
            case ROLLOUT -> scenario.sites() - ++addedSites;
            case OUTAGE, RESTART, MASS_REVOCATION -> 0;
        };
        int target = kind == FaultKind.MOVE ? random.nextInt(scenario.nodes()) : 0;
        return new FaultPeriod(
                kind, from, from.plus(length), subject, target, kind == FaultKind.CLOCK_STEP ? step() : Duration.ZERO);
    }

    /** Returns a wrong clock's error: minutes to three days, to either side. */
    private Duration step() {
        Duration size = between(Duration.ofMinutes(2), Duration.ofDays(3));
        return random.nextBoolean() ? size : size.negated();
    }

    /** Returns a random duration; short ones are as likely as long ones, by their order of magnitude. */
    private Duration between(Duration least, Duration most) {
        double factor = Math.pow((double) most.toMillis() / least.toMillis(), random.nextDouble());
        return Duration.ofMillis((long) (least.toMillis() * factor));
    }
}
