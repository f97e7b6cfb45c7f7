package org.ringcert.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class TimeLimitTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void closesTheResourceOnExpiryAndIgnoresItsFailureToClose() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (TimeLimit limit = TimeLimit.closeAfter(Duration.ofMillis(1), () -> {
            closed.countDown();
            throw new IOException("closed already");
        })) {
            assertThat(closed.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(limit.hasExpired()).isTrue();
        }
    }

    @Test
    void closesNothingWhenItWasClosedInTime() {
        AtomicBoolean closed = new AtomicBoolean();
        TimeLimit limit = TimeLimit.closeAfter(LONG, () -> closed.set(true));
        limit.close();
        assertThat(limit.hasExpired()).isFalse();
        assertThat(closed).isFalse();
    }
}
