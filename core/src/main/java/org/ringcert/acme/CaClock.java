package org.ringcert.acme;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What is known of a CA's clock, from the Date of its replies (RFC 9110, section 6.6.1). Thread-safe. */
final class CaClock {

    /** An older reading is not used: either clock may have been set since. */
    private static final Duration LIFETIME = Duration.ofMinutes(1);

    /** How far this machine's clock may drift from its monotonic one before it counts as set. */
    private static final Duration DRIFT = Duration.ofSeconds(10);

    private final Clock clock;
    private final AtomicReference<@Nullable Reading> latest = new AtomicReference<>();

    CaClock(Clock clock) {
        this.clock = clock;
    }

    /**
     * Both clocks when a reply was received.
     *
     * @param date by the CA's clock, to the second; empty if the reply did not say
     * @param local by this machine's clock
     * @param nanos by {@link System#nanoTime}
     */
    record Reading(Optional<Instant> date, Instant local, long nanos) {

        /** Returns how far this machine's clock is from the CA's; zero if that is not known. */
        Duration difference() {
            return date.map(time -> Duration.between(time, local).abs()).orElse(Duration.ZERO);
        }
    }

    /** Reads the CA's clock from a reply, unless that comes from a cache. */
    void read(HttpReply reply) {
        if (reply.header("Age").isEmpty()) {
            latest.set(new Reading(reply.date(), clock.instant(), System.nanoTime()));
        }
    }

    /** Returns the latest reading; empty if that is older than a minute, or this machine's clock was set since. */
    Optional<Reading> recent() {
        Reading reading = latest.get();
        if (reading == null) {
            return Optional.empty();
        }
        Duration age = Duration.ofNanos(System.nanoTime() - reading.nanos());
        Duration drift = Duration.between(reading.local(), clock.instant()).minus(age);
        return age.compareTo(LIFETIME) < 0 && drift.abs().compareTo(DRIFT) < 0
                ? Optional.of(reading)
                : Optional.empty();
    }
}
