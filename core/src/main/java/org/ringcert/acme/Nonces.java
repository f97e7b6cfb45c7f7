package org.ringcert.acme;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Unused nonces from earlier replies (RFC 8555, section 6.5). Thread-safe. */
final class Nonces {

    private static final int MAX_STORED = 64;

    /** CAs forget old nonces, and each forgotten one would cost a rejected request. */
    private static final Duration LIFETIME = Duration.ofMinutes(10);

    private record StoredNonce(String value, Instant receivedAt) {}

    private final Deque<StoredNonce> stored = new ArrayDeque<>();
    private final Clock clock;

    Nonces(Clock clock) {
        this.clock = clock;
    }

    synchronized void put(String nonce) {
        if (stored.size() == MAX_STORED) {
            stored.removeLast();
        }
        stored.addFirst(new StoredNonce(nonce, clock.instant()));
    }

    /** Removes and returns the newest nonce that has not expired. */
    synchronized Optional<String> take() {
        StoredNonce newest = stored.pollFirst();
        if (newest == null) {
            return Optional.empty();
        }
        if (newest.receivedAt().plus(LIFETIME).isBefore(clock.instant())) {
            stored.clear();
            return Optional.empty();
        }
        return Optional.of(newest.value());
    }
}
