package org.ringcert.acme;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Nonces that came with answers and wait for their request (RFC 8555, section 6.5). Safe for threads. */
final class Nonces {

    private static final int MOST = 64;

    /** CAs forget nonces; each forgotten one would cost a refused request. */
    private static final Duration FRESH = Duration.ofMinutes(10);

    private record Kept(String nonce, Instant since) {}

    private final Deque<Kept> kept = new ArrayDeque<>();
    private final Clock clock;

    Nonces(Clock clock) {
        this.clock = clock;
    }

    synchronized void keep(String nonce) {
        if (kept.size() == MOST) {
            kept.removeLast();
        }
        kept.addFirst(new Kept(nonce, clock.instant()));
    }

    /** The newest, which then is no longer here. */
    synchronized Optional<String> take() {
        Kept newest = kept.pollFirst();
        if (newest == null) {
            return Optional.empty();
        }
        if (newest.since().plus(FRESH).isBefore(clock.instant())) {
            kept.clear();
            return Optional.empty();
        }
        return Optional.of(newest.nonce());
    }
}
