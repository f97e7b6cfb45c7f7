package org.ringcert.simulate;

import java.util.Arrays;
import java.util.List;

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
    private final boolean[] isCalm;

    CaLoad(long start, int hours) {
        this.start = start;
        this.orders = new int[hours];
        this.requests = new double[hours];
        this.isCalm = new boolean[hours];
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

    /** Notes that the hour is one of the steady state: neither the first rollout nor the days after a fault. */
    void calm(long now) {
        isCalm[hour(now)] = true;
    }

    private int hour(long now) {
        return (int) Math.min((now - start) / HOUR, orders.length - 1L);
    }

    SimulationResult.HourlyLoad result() {
        double sum = 0;
        double most = 0;
        double mostAtAll = 0;
        int hours = 0;
        int worst = 0;
        for (int i = 0; i < requests.length; i++) {
            mostAtAll = Math.max(mostAtAll, requests[i]);
            if (isCalm[i]) {
                hours++;
                sum += requests[i];
                if (requests[i] > most) {
                    most = requests[i];
                    worst = i;
                }
            }
        }
        return new SimulationResult.HourlyLoad(
                hours, hours == 0 ? 0 : sum / hours, most, worst, mostAtAll, certificatesByDay());
    }

    private List<Integer> certificatesByDay() {
        int[] days = new int[(orders.length + 23) / 24];
        for (int i = 0; i < orders.length; i++) {
            days[i / 24] += orders[i];
        }
        return Arrays.stream(days).boxed().toList();
    }
}
