package org.ringcert.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowShareTest {

    private static final Instant START = Instant.parse("2026-11-23T10:15:00Z");
    private static final int TIMES = 2_000;

    private final RandomGenerator random = new SplittableRandom(1);

    /** Windows of Let's Encrypt's certificates of 160 hours, 45 and 90 days. */
    @ParameterizedTest
    @ValueSource(strings = {"PT3H12M", "PT21H36M", "PT43H12M"})
    void choosesTimesInAllOfItsPartAndNowhereElse(Duration width) {
        Duration margin = width.dividedBy(20).compareTo(Duration.ofMinutes(10)) < 0
                ? width.dividedBy(20)
                : Duration.ofMinutes(10);
        Instant quarter = START.plus(width.dividedBy(4));

        assertReaches(WindowShare.FIRST_QUARTER, width, START.plus(margin), quarter);
        assertReaches(WindowShare.REST, width, quarter, START.plus(width).minus(margin));
        assertReaches(
                WindowShare.WHOLE, width, START.plus(margin), START.plus(width).minus(margin));
    }

    private void assertReaches(WindowShare share, Duration width, Instant earliest, Instant latest) {
        long[] times = new long[TIMES];
        for (int i = 0; i < TIMES; i++) {
            Instant time = share.choose(START, START.plus(width), random.nextDouble());
            assertThat(time).isBetween(earliest, latest);
            assertThat(share.contains(time, START, START.plus(width))).isTrue();
            times[i] = Duration.between(earliest, time).toSeconds();
        }
        long seconds = Duration.between(earliest, latest).toSeconds();
        assertThat(Arrays.stream(times).average().orElseThrow() / seconds).isBetween(0.47, 0.53);
        assertThat(Arrays.stream(times).min().orElseThrow()).isLessThan(seconds / 50);
        assertThat(Arrays.stream(times).max().orElseThrow()).isGreaterThan(seconds * 49 / 50);
    }

    @Test
    void knowsTimesOfAnotherPart() {
        Instant end = START.plus(Duration.ofHours(40));

        assertThat(WindowShare.FIRST_QUARTER.contains(START.plus(Duration.ofHours(11)), START, end))
                .isFalse();
        assertThat(WindowShare.REST.contains(START.plus(Duration.ofHours(9)), START, end))
                .isFalse();
        assertThat(WindowShare.WHOLE.contains(START.plus(Duration.ofHours(9)), START, end))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void choosesATimeInAWindowOfLessThanASecond(WindowShare share) {
        Instant start = START.plusMillis(900);

        assertThat(share.choose(start, start.plusMillis(1), random.nextDouble()))
                .isEqualTo(start);
    }
}
