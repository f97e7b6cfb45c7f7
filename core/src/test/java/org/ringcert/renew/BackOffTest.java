package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackOffTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:15:00Z");

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
        "4, 2040, 2040"
    })
    void waitsOneTenAndAHundredMinutesThenADayUnlessTheCaAsksForMore(int failures, Long retryAfter, long minutes) {
        Optional<Duration> requested = Optional.ofNullable(retryAfter).map(Duration::ofMinutes);

        assertThat(BackOff.next(failures, requested, NOW)).isEqualTo(NOW.plus(Duration.ofMinutes(minutes)));
    }
}
