package org.ringcert.issue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.store.FailureKind;
import org.ringcert.store.Progress.Tally;

class BackOffTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:15:00Z");

    private static Instant in(long minutes) {
        return NOW.plus(Duration.ofMinutes(minutes));
    }

    private static Optional<Duration> minutes(Long minutes) {
        return Optional.ofNullable(minutes).map(Duration::ofMinutes);
    }

    @ParameterizedTest
    @CsvSource({
        "1, , 1",
        "2, , 10",
        "3, , 100",
        "4, , 1440",
        "5, , 1440",
        "2147483647, , 1440",
        "1, 0, 1",
        "1, 1, 1",
        "1, 2, 2",
        "2, 9, 10",
        "3, 2040, 2040",
        "4, 60, 1440",
        "4, 2040, 2040",
        "4, 99999, 10080"
    })
    void whatALimitCountsWaitsOneTenAndAHundredMinutesThenADay(int failures, Long retryAfter, long minutes) {
        Tally tally = new Tally(FailureKind.COUNTED, failures, 0);

        assertThat(BackOff.next(tally, minutes(retryAfter), NOW)).isEqualTo(in(minutes));
    }

    @ParameterizedTest
    @CsvSource({"1, , 1", "2, , 2", "3, , 5", "4, , 10", "5, , 10", "1000, , 10", "1000, 11, 11", "1, 2040, 2040"})
    void whatNoLimitCountsWaitsTenMinutesAtMostUnlessTheCaAsksForMore(int failures, Long retryAfter, long minutes) {
        for (FailureKind kind : new FailureKind[] {FailureKind.UNREACHABLE, FailureKind.UNCOUNTED}) {
            assertThat(BackOff.next(new Tally(kind, 99, failures), minutes(retryAfter), NOW))
                    .isEqualTo(in(minutes));
        }
    }

    @ParameterizedTest
    @CsvSource({", 10", "0, 1", "1, 1", "2, 2", "2040, 2040", "99999, 10080"})
    void aRateLimitWaitsForAsLongAsTheCaSays(Long retryAfter, long minutes) {
        Tally tally = new Tally(FailureKind.RATE_LIMITED, 99, 0);

        assertThat(BackOff.next(tally, minutes(retryAfter), NOW)).isEqualTo(in(minutes));
    }

    @Test
    void timesAreRoundedUpToAWholeSecond() {
        assertThat(BackOff.ROLLOUT.next(1, NOW.minusMillis(1))).isEqualTo(in(1));
        assertThat(BackOff.ROLLOUT.next(1, NOW)).isEqualTo(in(1));
    }
}
