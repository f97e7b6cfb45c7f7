package org.ringcert.renew;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.CertificateSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews all sites for as long as the daemon runs, in passes. A pass begins when something may be due, and takes the
 * sites that no earlier pass is still working on. So a site whose order takes long delays no other.
 */
public final class RenewalLoop {

    private static final Logger log = LoggerFactory.getLogger(RenewalLoop.class);

    /** The longest time between two passes. What commands change on disk is noticed after it. */
    private static final Duration MAX_PAUSE = Duration.ofMinutes(10);

    private static final Duration MIN_PAUSE = Duration.ofSeconds(1);

    /**
     * How often the clock is looked at during a pause. Timed waits do not see that the clock was set, and do not count
     * the time during which the machine was suspended.
     */
    private static final Duration CLOCK_INTERVAL = Duration.ofMinutes(1);

    /** How far the clock may drift between two looks at it before it counts as set. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(30);

    private final Renewals renewals;
    private final InstantSource clock;
    private final RenewalListener listener;
    private final Duration clockInterval;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile boolean stopped;

    // What follows is used by the thread of the loop alone.

    private final Set<HostName> active = new HashSet<>();
    private final Set<HostName> wokenWhileActive = new HashSet<>();
    private final Map<HostName, Instant> next = new HashMap<>();
    private long passStartNanos;
    private ClockReading lastReading;

    private sealed interface Event {}

    /** A pass has finished with a site. */
    private record SiteDone(List<RenewalResult> results) implements Event {}

    /** A pass has ended. It has not finished with these sites, because of a bug. */
    private record PassEnded(Set<HostName> sites) implements Event {}

    private record WakeUp() implements Event {}

    /** The time by both clocks of this machine; the second one does not run while the machine is suspended. */
    private record ClockReading(Instant wall, long nanos) {}

    /** @param listener receives the results of each pass, on the thread of the loop */
    public RenewalLoop(Renewals renewals, InstantSource clock, RenewalListener listener) {
        this(renewals, clock, listener, CLOCK_INTERVAL);
    }

    RenewalLoop(Renewals renewals, InstantSource clock, RenewalListener listener, Duration clockInterval) {
        this.renewals = renewals;
        this.clock = clock;
        this.listener = listener;
        this.clockInterval = clockInterval;
        this.lastReading = readClocks();
    }

    /**
     * Runs until the thread is interrupted or {@link #stop} is called, and then until the last pass has ended. Called
     * once.
     */
    public void run(Collection<CertificateSpec> specs) {
        try (ExecutorService passes = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                while (!stopped) {
                    startPass(specs, passes);
                    awaitNextPass(specs);
                }
            } catch (InterruptedException e) {
                passes.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
        events.forEach(this::handle);
    }

    /** Starts no further pass. Passes that are in progress are completed undisturbed. May be called by any thread. */
    public void stop() {
        stopped = true;
        wake();
    }

    /**
     * Starts the next pass now. Sites that an earlier pass is still working on follow as soon as that has finished with
     * them. May be called by any thread.
     */
    public void wake() {
        events.add(new WakeUp());
    }

    private void startPass(Collection<CertificateSpec> specs, ExecutorService passes) {
        List<CertificateSpec> idle = specs.stream()
                .filter(spec -> !active.contains(spec.name().site()))
                .toList();
        Set<HostName> sites = idle.stream().map(spec -> spec.name().site()).collect(Collectors.toSet());
        active.addAll(sites);
        next.keySet().removeAll(sites);
        passStartNanos = System.nanoTime();
        lastReading = readClocks();
        passes.execute(() -> pass(idle, sites));
    }

    private void pass(List<CertificateSpec> idle, Set<HostName> sites) {
        Set<HostName> remaining = ConcurrentHashMap.newKeySet();
        remaining.addAll(sites);
        try {
            renewals.pass(idle, results -> {
                remaining.remove(results.getFirst().name().site());
                events.add(new SiteDone(results));
            });
        } catch (RuntimeException e) {
            log.error("a bug in Ringcert has ended a pass over the sites", e);
        } finally {
            events.add(new PassEnded(Set.copyOf(remaining)));
        }
    }

    private void awaitNextPass(Collection<CertificateSpec> specs) throws InterruptedException {
        boolean isWoken = false;
        while (!stopped && !(isWoken || isPassDue() || isClockSet())) {
            Event event = events.poll(timeToWait().toNanos(), TimeUnit.NANOSECONDS);
            while (event != null) {
                isWoken |= event instanceof WakeUp;
                handle(event);
                event = events.poll();
            }
            Instant now = clock.instant();
            renewals.takeRecovered(specs).forEach(spec -> wake(spec.name().site(), now));
        }
        Duration sincePassStart = Duration.ofNanos(System.nanoTime() - passStartNanos);
        if (!stopped && !isWoken && sincePassStart.compareTo(MIN_PAUSE) < 0) {
            TimeUnit.NANOSECONDS.sleep(MIN_PAUSE.minus(sincePassStart).toNanos());
        }
    }

    private void handle(Event event) {
        switch (event) {
            case SiteDone(List<RenewalResult> results) -> {
                results.forEach(listener::onResult);
                HostName site = results.getFirst().name().site();
                next.put(
                        site,
                        results.stream()
                                .map(RenewalResult::next)
                                .min(Instant::compareTo)
                                .orElseThrow());
                finish(site);
            }
            case PassEnded(Set<HostName> sites) -> sites.forEach(this::finish);
            case WakeUp() -> wokenWhileActive.addAll(active);
        }
    }

    private void finish(HostName site) {
        active.remove(site);
        if (wokenWhileActive.remove(site)) {
            next.put(site, clock.instant());
        }
    }

    private void wake(HostName site, Instant now) {
        if (active.contains(site)) {
            wokenWhileActive.add(site);
        } else {
            next.put(site, now);
        }
    }

    private boolean isPassDue() {
        return !timeToNextPass().isPositive();
    }

    private Duration timeToWait() {
        Duration time = timeToNextPass();
        return time.compareTo(clockInterval) > 0 ? clockInterval : time;
    }

    private Duration timeToNextPass() {
        Duration maximum = MAX_PAUSE.minusNanos(System.nanoTime() - passStartNanos);
        return next.values().stream()
                .min(Instant::compareTo)
                .map(time -> Duration.between(clock.instant(), time))
                .filter(time -> time.compareTo(maximum) < 0)
                .orElse(maximum);
    }

    /** Returns whether the clock was set, or the machine was suspended, since this was last asked. */
    private boolean isClockSet() {
        ClockReading reading = readClocks();
        Duration byClock = Duration.between(lastReading.wall(), reading.wall());
        Duration drift = byClock.minusNanos(reading.nanos() - lastReading.nanos());
        lastReading = reading;
        if (drift.abs().compareTo(CLOCK_TOLERANCE) <= 0) {
            return false;
        }
        log.info(
                "the clock is {} seconds {} where it would have been: it was set, or this machine was suspended",
                drift.abs().toSeconds(),
                drift.isNegative() ? "behind" : "ahead of");
        return true;
    }

    private ClockReading readClocks() {
        return new ClockReading(clock.instant(), System.nanoTime());
    }
}
