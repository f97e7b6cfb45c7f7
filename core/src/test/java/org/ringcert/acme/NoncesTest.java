package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class NoncesTest {

    private static final Instant NOW = Instant.parse("2026-11-25T08:00:00Z");

    @Test
    void takesTheNewestFirstAndDropsOldOnes() {
        Instant[] now = {NOW};
        Nonces nonces = new Nonces(new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now[0];
            }
        });
        nonces.put("one");
        nonces.put("two");
        nonces.put("three");

        assertThat(nonces.take()).contains("three");
        assertThat(nonces.take()).contains("two");
        now[0] = NOW.plusSeconds(3600);
        assertThat(nonces.take()).isEmpty();
    }

    @Test
    void storesAtMostSixtyFour() {
        Nonces nonces = new Nonces(Clock.fixed(NOW, ZoneOffset.UTC));
        for (int i = 0; i < 1000; i++) {
            nonces.put("n" + i);
        }
        int kept = 0;
        while (nonces.take().isPresent()) {
            kept++;
        }
        assertThat(kept).isEqualTo(64);
    }
}
