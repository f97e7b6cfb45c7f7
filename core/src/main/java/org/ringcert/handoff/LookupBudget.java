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
 * How many fruitless questions a node may put to its peers, so that a flood of invented tokens at one node is none at
 * the others. Counted for each source first (/24 of IPv4, /48 of IPv6), then in all, so that one source cannot spend
 * what others need. Safe for any number of threads.
 *
 * <p>A CA asks for a token that exists and costs nothing. The figures leave a person who tries things enough to see
 * what happens, and keep the load of the peers far below what they would notice.
 */
final class LookupBudget {

    private static final Bucket.Size FOR_EACH_SOURCE = new Bucket.Size(20, Duration.ofSeconds(3));
    private static final Bucket.Size IN_ALL = new Bucket.Size(200, Duration.ofMillis(100));

    /** Sources remembered; the least recent is forgotten first, and would have been refilled most. */
    private static final int SOURCES = 4096;

    private final InstantSource clock;
    private final Bucket all;
    private final Map<String, Bucket> sources = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > SOURCES;
        }
    };

    LookupBudget(InstantSource clock) {
        this.clock = clock;
        this.all = new Bucket(IN_ALL, clock.instant());
    }

    /** Whether questions may be asked for that source. */
    synchronized boolean allows(InetAddress source) {
        Instant now = clock.instant();
        return bucket(source, now).content(now) > 0 && all.content(now) > 0;
    }

    /**
     * Questions for that source bore no fruit. What was asked before this was known makes debts, which are paid off
     * first.
     */
    synchronized void fruitless(InetAddress source) {
        Instant now = clock.instant();
        bucket(source, now).take();
        all.take();
    }

    private Bucket bucket(InetAddress source, Instant now) {
        return sources.computeIfAbsent(network(source), n -> new Bucket(FOR_EACH_SOURCE, now));
    }

    private static String network(InetAddress source) {
        byte[] address = source.getAddress();
        return HexFormat.of().formatHex(Arrays.copyOf(address, source instanceof Inet4Address ? 3 : 6));
    }

    /** A bucket of tokens that fills up again, one each {@code refill}. */
    private static final class Bucket {
        record Size(int capacity, Duration refill) {}

        private final Size size;
        private int content;
        private Instant filled;

        Bucket(Size size, Instant now) {
            this.size = size;
            this.content = size.capacity();
            this.filled = now;
        }

        int content(Instant now) {
            long more = Math.max(0, Duration.between(filled, now).dividedBy(size.refill()));
            content = (int) Math.min(size.capacity(), content + more);
            boolean full = content == size.capacity() || now.isBefore(filled);
            filled = full ? now : filled.plus(size.refill().multipliedBy(more));
            return content;
        }

        void take() {
            content--;
        }
    }
}
