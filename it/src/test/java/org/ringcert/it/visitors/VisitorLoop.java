package org.ringcert.it.visitors;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.ringcert.cluster.HostName;
import org.ringcert.it.Testbed;

/** Visitors who come to a site one after the other, until it is closed. Thread-safe. */
final class VisitorLoop implements AutoCloseable {

    private static final int PAUSE_MILLIS = 20;

    private final Visitor visitor;
    private final HostName site;
    private final Directions directions;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final List<Visit> visits = new ArrayList<>();

    /** Where visitors go. */
    @FunctionalInterface
    interface Directions {

        /** Returns where the next visitor goes. */
        InetSocketAddress next() throws IOException;
    }

    /**
     * One visit.
     *
     * @param start when the visitor set out
     * @param error empty if the visitor saw the page
     * @param body of the page
     */
    record Visit(Instant start, String error, String body) {

        boolean isServed() {
            return error.isEmpty();
        }
    }

    private VisitorLoop(Visitor visitor, HostName site, Directions directions) {
        this.visitor = visitor;
        this.site = site;
        this.directions = directions;
    }

    static VisitorLoop start(Visitor visitor, HostName site, Directions directions) {
        VisitorLoop loop = new VisitorLoop(visitor, site, directions);
        var _ = loop.thread.scheduleWithFixedDelay(loop::visit, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        return loop;
    }

    private void visit() {
        Instant start = Instant.now();
        Visit visit;
        try {
            visit = new Visit(start, "", visitor.visit(directions.next(), site).body());
        } catch (IOException | RuntimeException e) {
            visit = new Visit(start, e.toString(), "");
        }
        synchronized (visits) {
            visits.add(visit);
        }
    }

    List<Visit> visits() {
        synchronized (visits) {
            return List.copyOf(visits);
        }
    }

    /** Returns the visits of those who did not see the page. */
    List<Visit> failures() {
        return visits().stream().filter(visit -> !visit.isServed()).toList();
    }

    /** Waits until a visitor who sets out from now on sees the page of the given server. */
    void awaitPageOf(String server) {
        Instant now = Instant.now();
        await().atMost(Testbed.TIMEOUT)
                .until(() -> visits().stream()
                        .anyMatch(visit ->
                                visit.start().isAfter(now) && visit.body().equals(server)));
    }

    @Override
    public void close() {
        thread.close();
    }
}
