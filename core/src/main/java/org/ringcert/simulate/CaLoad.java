package org.ringcert.simulate;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What the CA had to do in each hour. Confined to one thread. */
final class CaLoad {

    static final long HOUR = 3_600_000;

    /**
     * The requests of an order for one name: the order, its authorization, the challenge, a poll of each, the
     * certificate request, the certificate, and its first renewal information.
     */
    private static final int REQUESTS_PER_ORDER = 8;

    private final long start;
    private final int[] orders;
    private final double[] requests;
    private final Phase[] phases;

    /** What an hour belongs to. */
    enum Phase {
        FIRST_ROLLOUT,
        /** The certificates of the first rollout are renewed close to each other. */
        FIRST_RENEWALS,
        STEADY,
        AFTER_FAULT
    }

    CaLoad(long start, int hours) {
        this.start = start;
        this.orders = new int[hours];
        this.requests = new double[hours];
        this.phases = new Phase[hours];
        Arrays.fill(phases, Phase.FIRST_ROLLOUT);
    }

    void issued(long now) {
        orders[hour(now)]++;
        requests[hour(now)] += REQUESTS_PER_ORDER;
    }

    void refused(long now) {
        requests[hour(now)]++;
    }

    /** Adds the polls of an hour that change nothing, which are not simulated one by one. */
    void polls(long now, double count) {
        requests[hour(now)] += count;
    }

    /** Notes what the hour belongs to. */
    void setPhase(long now, Phase phase) {
        phases[hour(now)] = phase;
    }

    private int hour(long now) {
        return (int) Math.min((now - start) / HOUR, orders.length - 1L);
    }

    SimulationResult.HourlyLoad result() {
        double sum = 0;
        int hours = 0;
        int worst = 0;
        int mostOrders = 0;
        for (int i = 0; i < requests.length; i++) {
            if (phases[i] == Phase.STEADY) {
                hours++;
                sum += requests[i];
                mostOrders = Math.max(mostOrders, orders[i]);
                if (phases[worst] != Phase.STEADY || requests[i] > requests[worst]) {
                    worst = i;
                }
            }
        }
        return new SimulationResult.HourlyLoad(
                hours,
                hours == 0 ? 0 : sum / hours,
                most(Phase.STEADY),
                worst,
                mostOrders,
                most(Phase.FIRST_RENEWALS),
                most(Phase.AFTER_FAULT),
                Arrays.stream(requests).max().orElse(0),
                certificatesByDay());
    }

    private double most(Phase phase) {
        return IntStream.range(0, requests.length)
                .filter(hour -> phases[hour] == phase)
                .mapToDouble(hour -> requests[hour])
                .max()
                .orElse(0);
    }

    private List<Integer> certificatesByDay() {
        int[] days = new int[(orders.length + 23) / 24];
        for (int i = 0; i < orders.length; i++) {
            days[i / 24] += orders[i];
        }
        return Arrays.stream(days).boxed().toList();
    }
}
