package org.ringcert.handoff;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits how many lookups without a result a node makes, so that a flood of invented tokens at one node does not flood
 * its peers. Each source has a limit (an IPv4 /24 or IPv6 /48 counts as one), and all sources have one together. So one
 * source cannot use up what the others need. Thread-safe.
 *
 * <p>A lookup for a CA finds the token and costs nothing. Without a result, one source can make 20 lookups at once and
 * then 20 a minute, and all sources together 200 at once and then 10 a second. That is enough for a person who tries
 * things out. It is harmless to the peers, because a lookup sends each of them a single small request.
 */
public final class LookupBudget {

    private static final TokenBucket.Limit PER_SOURCE = new TokenBucket.Limit(20, Duration.ofSeconds(3));
    private static final TokenBucket.Limit OVERALL = new TokenBucket.Limit(200, Duration.ofMillis(100));

    /** How many sources are remembered. The least recent is forgotten first: its bucket has refilled the most. */
    private static final int MAX_SOURCES = 4096;

    private final InstantSource clock;
    private final TokenBucket overall;
    private final Map<String, TokenBucket> sources = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
            return size() > MAX_SOURCES;
        }
    };

    public LookupBudget(InstantSource clock) {
        this.clock = clock;
        this.overall = new TokenBucket(OVERALL, clock.instant());
    }

    /** Returns whether a lookup may be made for that source. */
    public synchronized boolean allows(InetAddress source) {
        Instant now = clock.instant();
        return bucket(source, now).available(now) > 0 && overall.available(now) > 0;
    }

    /**
     * Charges a lookup that found no holder. Lookups that run at the same time may all be allowed before the first is
     * charged; then the budget goes below zero and must refill from there.
     */
    public synchronized void chargeMiss(InetAddress source) {
        Instant now = clock.instant();
        bucket(source, now).take();
        overall.take();
    }

    private TokenBucket bucket(InetAddress source, Instant now) {
        return sources.computeIfAbsent(network(source), _ -> new TokenBucket(PER_SOURCE, now));
    }

    private static String network(InetAddress source) {
        byte[] address = source.getAddress();
        return HexFormat.of().formatHex(Arrays.copyOf(address, source instanceof Inet4Address ? 3 : 6));
    }

    /** A token bucket, which begins full. */
    private static final class TokenBucket {

        /** @param refill how long it takes until one token is added */
        record Limit(int capacity, Duration refill) {}

        private final Limit limit;
        private int tokens;
        private Instant refilled;

        TokenBucket(Limit limit, Instant now) {
            this.limit = limit;
            this.tokens = limit.capacity();
            this.refilled = now;
        }

        /** Adds the tokens that are due and returns how many there are. */
        int available(Instant now) {
            long added = Math.max(0, Duration.between(refilled, now).dividedBy(limit.refill()));
            tokens = (int) Math.min(limit.capacity(), tokens + added);
            // A part of the refill time that has passed is kept, unless the bucket is full or the clock was set back.
            boolean restart = tokens == limit.capacity() || now.isBefore(refilled);
            refilled = restart ? now : refilled.plus(limit.refill().multipliedBy(added));
            return tokens;
        }

        void take() {
            tokens--;
        }
    }
}
