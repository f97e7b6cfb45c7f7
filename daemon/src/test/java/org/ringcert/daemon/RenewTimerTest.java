package org.ringcert.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The timer for servers without a daemon. */
class RenewTimerTest {

    private static final Path TIMER = Path.of("..", "build", "package", "systemd", "ringcert-renew.timer");

    /** {@code RenewalMode.DUE_BEFORE_NEXT_RUN} relies on the interval, and on a delay that is the same at each run. */
    @Test
    void runsEveryTwoHours() throws IOException {
        assertThat(Files.readAllLines(TIMER))
                .contains("OnCalendar=*-*-* 00/2:00", "RandomizedDelaySec=2h", "FixedRandomDelay=yes");
    }
}
