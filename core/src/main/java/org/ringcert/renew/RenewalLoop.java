package org.ringcert.renew;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.ringcert.issue.CertificateSpec;

/** Renews all sites for as long as the daemon runs: one pass after the other, each when something may be due. */
public final class RenewalLoop {

    /** The longest pause between passes. What commands change on disk, or a corrected clock, is noticed after it. */
    private static final Duration MAX_PAUSE = Duration.ofMinutes(10);

    private static final Duration MIN_PAUSE = Duration.ofSeconds(1);

    private final Renewals renewals;
    private final InstantSource clock;
    private final RenewalListener listener;
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile boolean stopped;

    /** @param listener receives the results of each pass */
    public RenewalLoop(Renewals renewals, InstantSource clock, RenewalListener listener) {
        this.renewals = renewals;
        this.clock = clock;
        this.listener = listener;
    }

    /** Runs until the thread is interrupted or {@link #stop} is called. */
    public void run(Collection<CertificateSpec> specs) {
        while (!stopped && !Thread.currentThread().isInterrupted()) {
            List<RenewalResult> results = renewals.pass(specs, RenewalMode.DUE_ONLY);
            results.forEach(listener::onResult);
            pause(timeToNextPass(results));
        }
    }

    /** Starts no further pass. A pass that is in progress is completed undisturbed. May be called by any thread. */
    public void stop() {
        stopped = true;
        wake();
    }

    /** Starts the next pass now, or as soon as the current one has ended. May be called by any thread. */
    public void wake() {
        wakeUps.release();
    }

    private Duration timeToNextPass(List<RenewalResult> results) {
        Instant now = clock.instant();
        Duration time = results.stream()
                .map(result -> Duration.between(now, result.next()))
                .min(Duration::compareTo)
                .orElse(MAX_PAUSE);
        if (time.compareTo(MAX_PAUSE) > 0) {
            return MAX_PAUSE;
        }
        return time.compareTo(MIN_PAUSE) < 0 ? MIN_PAUSE : time;
    }

    private void pause(Duration atMost) {
        try {
            boolean _ = wakeUps.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
            wakeUps.drainPermits();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
