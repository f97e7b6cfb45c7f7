package org.ringcert.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final Duration INTERVAL = Duration.ofMinutes(2016);
    private static final Limit LIMIT = new Limit(LimitKind.CERTIFICATES_PER_NAME_SET, 5, INTERVAL);

    private final TokenBucket full = TokenBucket.full(LIMIT);

    @Test
    void isFullBeforeTheFirstOrder() {
        assertThat(full.available(NOW)).isEqualTo(5);
        assertThat(full.earliest(5, NOW)).isEqualTo(NOW);
    }

    @Test
    void aTokenComesBackAfterAnInterval() {
        TokenBucket bucket = full.spend(NOW);

        assertThat(bucket.available(NOW)).isEqualTo(4);
        assertThat(bucket.available(NOW.plus(INTERVAL).minusNanos(1))).isEqualTo(4);
        assertThat(bucket.available(NOW.plus(INTERVAL))).isEqualTo(5);
        assertThat(bucket.available(NOW.plus(Duration.ofDays(400)))).isEqualTo(5);
    }

    @Test
    void theNextComesAnIntervalAfterAllWereTaken() {
        TokenBucket bucket = TokenBucket.after(Collections.nCopies(5, NOW), LIMIT);

        assertThat(bucket.available(NOW)).isZero();
        assertThat(bucket.earliest(NOW)).isEqualTo(NOW.plus(INTERVAL));
        assertThat(bucket.earliest(2, NOW)).isEqualTo(NOW.plus(INTERVAL.multipliedBy(2)));
        assertThat(bucket.earliest(NOW.plus(INTERVAL).plusSeconds(9)))
                .isEqualTo(NOW.plus(INTERVAL).plusSeconds(9));
    }

    @Test
    void whoTakesATokenLateDoesNotDelayTheNext() {
        TokenBucket bucket = TokenBucket.after(Collections.nCopies(5, NOW), LIMIT)
                .spend(NOW.plus(INTERVAL).plus(Duration.ofHours(20)));

        assertThat(bucket.earliest(NOW)).isEqualTo(NOW.plus(INTERVAL.multipliedBy(2)));
    }

    /** As Boulder does with exempt renewals. */
    @Test
    void anOrderForWhichThereIsNoTokenTakesNone() {
        assertThat(TokenBucket.after(Collections.nCopies(9, NOW), LIMIT))
                .isEqualTo(TokenBucket.after(Collections.nCopies(5, NOW), LIMIT));
    }

    @Test
    void ordersMayBeGivenInAnyOrder() {
        Instant earlier = NOW.minus(Duration.ofDays(20));

        assertThat(TokenBucket.after(List.of(NOW, earlier), LIMIT))
                .isEqualTo(full.spend(earlier).spend(NOW));
    }

    @Test
    void afterARefusalThereIsOneTokenAtTheTimeThatTheCaNames() {
        Instant until = NOW.plus(Duration.ofHours(7));
        TokenBucket bucket = full.refusedUntil(until);

        assertThat(bucket.earliest(NOW)).isEqualTo(until);
        assertThat(bucket.available(until)).isOne();
        assertThat(bucket.spend(until).earliest(NOW)).isEqualTo(until.plus(INTERVAL));
    }

    @Test
    void aRefusalAddsNoToken() {
        TokenBucket empty = TokenBucket.after(Collections.nCopies(5, NOW), LIMIT);

        assertThat(empty.refusedUntil(NOW.plusSeconds(1))).isEqualTo(empty);
    }

    @Test
    void aLimitAllowsSomething() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Limit(LimitKind.CERTIFICATES_PER_NAME_SET, 0, INTERVAL));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Limit(LimitKind.CERTIFICATES_PER_NAME_SET, 5, Duration.ZERO));
    }

    @Test
    void theLastOfManyOrdersWaitsForTheTokensOfThoseBeforeIt() {
        assertThat(LIMIT.wait(5)).isZero();
        assertThat(LIMIT.wait(8)).isEqualTo(INTERVAL.multipliedBy(3));
        assertThat(LIMIT.period()).isEqualTo(Duration.ofDays(7));
    }

    /** Compares it with tokens that are counted one by one. */
    @Test
    void agreesWithABucketThatIsCountedSecondBySecond() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int capacity = 1 + random.nextInt(5);
            int interval = 1 + random.nextInt(20);
            TokenBucket bucket =
                    TokenBucket.full(new Limit(LimitKind.ORDERS_PER_ACCOUNT, capacity, Duration.ofSeconds(interval)));
            long parts = (long) capacity * interval;
            for (int second = 0; second < 200; second++) {
                Instant at = NOW.plusSeconds(second);
                assertThat(bucket.available(at))
                        .as("seed %d, second %d", seed, second)
                        .isEqualTo((int) (parts / interval));
                if (random.nextInt(8) == 0) {
                    parts -= parts >= interval ? interval : 0;
                    bucket = bucket.spend(at);
                }
                parts = Math.min((long) capacity * interval, parts + 1);
            }
        }
    }
}
