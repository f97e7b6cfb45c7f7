package org.ringcert.daemon.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.DateFormatter;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;

class HttpDateTest {

    @Test
    void formatsAsInTheRfc() {
        assertThat(HttpDate.format(Instant.parse("1994-11-06T08:49:37.999Z")))
                .isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    }

    @Test
    void formatsLikeAnotherLibraryOnEachDayOfFourYears() {
        Instant instant = Instant.parse("2026-01-01T00:00:00Z");
        for (int day = 0; day < 4 * 366; day++) {
            assertThat(HttpDate.format(instant)).isEqualTo(DateFormatter.format(Date.from(instant)));
            instant = instant.plus(Duration.ofDays(1)).plusSeconds(59);
        }
    }
}
