package org.ringcert.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

class SpreadTest {

    private static final Instant START = Instant.parse("2026-11-27T12:00:00Z");
    private static final Duration LIFETIME = Duration.ofDays(90);
    private static final Limit LIMIT =
            new Limit(LimitKind.CERTIFICATES_PER_NAME_SET, 5, Duration.ofDays(7).dividedBy(5));

    @Test
    void fewAreRenewedBetweenTwoThirdsAndFiveSixths() {
        Spread spread = new Spread(3, Optional.of(LIMIT));

        assertThat(List.of(days(spread, 0), days(spread, 1), days(spread, 2))).containsExactly(62.5, 67.5, 72.5);
    }

    @Test
    void manyAreRenewedAsEarlyAsTheLimitNeeds() {
        Spread spread = new Spread(20, Optional.of(LIMIT));

        assertThat(spread.width(LIFETIME)).isEqualTo(LIMIT.interval().multipliedBy(16));
        assertThat(days(spread, 0)).isBetween(75 - 22.4, 75 - 21.8);
        assertThat(days(spread, 19)).isBetween(74.0, 75.0);
    }

    @Test
    void withoutALimitTheNumberDoesNotMatter() {
        assertThat(new Spread(500, Optional.empty()).width(LIFETIME)).isEqualTo(LIFETIME.dividedBy(6));
        assertThat(new Spread(500, Optional.empty()).fits(LIFETIME)).isTrue();
    }

    @Test
    void renewedCertificatesKeepTheirDistances() {
        Spread spread = new Spread(3, Optional.of(LIMIT));
        Instant previous = spread.first(1, START, LIFETIME);

        assertThat(spread.next(previous, 1, previous.plusSeconds(60), LIFETIME))
                .isEqualTo(previous.plus(Duration.ofHours(1620)));
    }

    @Test
    void aPlanThatDoesNotSuitTheNewCertificateIsReplaced() {
        Spread spread = new Spread(3, Optional.of(LIMIT));
        Instant forced = START.plus(Duration.ofDays(20));
        Instant previous = spread.first(1, START, LIFETIME);

        assertThat(spread.next(previous, 1, forced, LIFETIME)).isEqualTo(spread.first(1, forced, LIFETIME));
        Instant late = previous.plus(Duration.ofDays(23));
        assertThat(spread.next(previous, 1, late, LIFETIME)).isEqualTo(spread.first(1, late, LIFETIME));
    }

    @Test
    void saysWhetherTheLimitAllowsAllRenewals() {
        assertThat(new Spread(42, Optional.of(LIMIT)).fits(LIFETIME)).isTrue();
        assertThat(new Spread(43, Optional.of(LIMIT)).fits(LIFETIME)).isFalse();
        assertThat(new Spread(3, Optional.of(LIMIT)).fits(Duration.ofHours(160)))
                .isTrue();
        assertThat(new Spread(4, Optional.of(LIMIT)).fits(Duration.ofHours(160)))
                .isFalse();
    }

    /** Every number of nodes and every lifetime that fit, rolled out as the limit allows, over ten years. */
    @Test
    void whateverFitsIsRenewedInTime() {
        for (Duration lifetime :
                List.of(Duration.ofDays(90), Duration.ofDays(64), Duration.ofDays(45), Duration.ofHours(160))) {
            for (int orders = 1; new Spread(orders, Optional.of(LIMIT)).fits(lifetime); orders++) {
                assertThat(leastRemaining(new Spread(orders, Optional.of(LIMIT)), lifetime))
                        .as("%s certificates of %s", orders, lifetime)
                        .isGreaterThan(lifetime.dividedBy(12));
            }
        }
    }

    /** Returns how much of the lifetime the latest renewal leaves. */
    private static Duration leastRemaining(Spread spread, Duration lifetime) {
        TokenBucket bucket = TokenBucket.full(LIMIT);
        PriorityQueue<Renewal> renewals = new PriorityQueue<>(Comparator.comparing(Renewal::at));
        for (int i = 0; i < spread.orders(); i++) {
            Instant issued = bucket.earliest(2, START);
            bucket = bucket.spend(issued);
            renewals.add(new Renewal(i, spread.first(i, issued, lifetime), issued.plus(lifetime)));
        }
        List<Duration> remaining = new ArrayList<>(List.of(lifetime));
        while (renewals.peek().at().isBefore(START.plus(Duration.ofDays(3653)))) {
            Renewal renewal = renewals.poll();
            Instant issued = bucket.earliest(renewal.at());
            bucket = bucket.spend(issued);
            remaining.add(Duration.between(issued, renewal.notAfter()));
            renewals.add(new Renewal(
                    renewal.index(),
                    spread.next(renewal.at(), renewal.index(), issued, lifetime),
                    issued.plus(lifetime)));
        }
        return remaining.stream().min(Duration::compareTo).orElseThrow();
    }

    private record Renewal(int index, Instant at, Instant notAfter) {}

    private static double days(Spread spread, int index) {
        return Duration.between(START, spread.first(index, START, LIFETIME)).toMinutes() / 1440.0;
    }
}
