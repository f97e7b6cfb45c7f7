package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @Test
    void readsANumberAndItsUnit() {
        assertThat(DurationText.parse("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(DurationText.parse("5s")).isEqualTo(Duration.ofSeconds(5));
        assertThat(DurationText.parse("10m")).isEqualTo(Duration.ofMinutes(10));
        assertThat(DurationText.parse("12h")).isEqualTo(Duration.ofHours(12));
        assertThat(DurationText.parse("2d")).isEqualTo(Duration.ofDays(2));
        Duration longest = DurationText.parse("999999999d");
        assertThat(DurationText.parse(DurationText.of(Duration.ofDays(2)))).isEqualTo(Duration.ofDays(2));
        assertThat(longest).isPositive();
        assertThat(DurationText.of(Duration.ofMillis(1_500))).isEqualTo("1500ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "d", "-5s", "5 s", "5S", "1.5d", "5w", "9999999999d", "٥s"})
    void refusesEverythingElse(String written) {
        assertThatThrownBy(() -> DurationText.parse(written))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"12h\" or \"2d\"");
    }
}
