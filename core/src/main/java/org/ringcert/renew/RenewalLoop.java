package org.ringcert.renew;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ringcert.issue.CertificateSpec;

/** Passes over all sites for as long as the daemon lives: what is due now, then again when something is due. */
public final class RenewalLoop {

    /** What commands changed on disk, and a clock that was set, are noticed after this long. */
    private static final Duration LONGEST_NAP = Duration.ofMinutes(10);

    private static final Duration SHORTEST_NAP = Duration.ofSeconds(1);

    private final Renewals renewals;
    private final InstantSource clock;
    private final Consumer<RenewalResult> listener;
    private final Semaphore calls = new Semaphore(0);
    private volatile boolean ended;

    /** @param listener is told what each pass did for each site */
    public RenewalLoop(Renewals renewals, InstantSource clock, Consumer<RenewalResult> listener) {
        this.renewals = renewals;
        this.clock = clock;
        this.listener = listener;
    }

    /** Runs until the thread is interrupted, or {@link #stop}. */
    public void run(Collection<CertificateSpec> specs) {
        while (!ended && !Thread.currentThread().isInterrupted()) {
            List<RenewalResult> results = renewals.pass(specs, RenewalMode.DUE_ONLY);
            results.forEach(listener);
            Instant now = clock.instant();
            Duration nap = results.stream()
                    .map(result -> Duration.between(now, result.next()))
                    .min(Duration::compareTo)
                    .orElse(LONGEST_NAP);
            nap = nap.compareTo(LONGEST_NAP) > 0 ? LONGEST_NAP : nap;
            nap = nap.compareTo(SHORTEST_NAP) < 0 ? SHORTEST_NAP : nap;
            nap(nap);
        }
    }

    /**
     * No other pass begins; one that is under way goes to its end, and nothing in it is disturbed. Called by any
     * thread.
     */
    public void stop() {
        ended = true;
        wake();
    }

    /** The next pass begins at once, or when the one that is under way has ended. Called by any thread. */
    public void wake() {
        calls.release();
    }

    private void nap(Duration atMost) {
        try {
            boolean _ = calls.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
            calls.drainPermits();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
