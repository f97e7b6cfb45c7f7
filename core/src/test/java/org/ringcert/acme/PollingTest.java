package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.ringcert.acme.Polling.Snapshot;

class PollingTest {

    @Test
    void pollsFrequentlyAtFirst() throws AcmeException {
        List<Duration> waits = new ArrayList<>();
        Queue<String> states = new ArrayDeque<>(List.of("no", "no", "no", "yes"));

        new Polling(waits::add, Deadline.after(Duration.ofMinutes(1)))
                .until(
                        "yes"::equals,
                        new Snapshot<>("no", Optional.empty()),
                        () -> new Snapshot<>(states.remove(), Optional.empty()),
                        state -> state);

        assertThat(waits)
                .containsExactly(
                        Duration.ofMillis(100), Duration.ofMillis(150), Duration.ofMillis(225), Duration.ofMillis(250));
    }

    @Test
    void slowsDownToOneAndTwoSeconds() {
        assertThat(Polling.nextInterval(Duration.ofMillis(250), Duration.ofSeconds(6)))
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(Polling.nextInterval(Duration.ofSeconds(1), Duration.ofSeconds(31)))
                .isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void waitsAsLongAsTheCaAsks() throws AcmeException {
        List<Duration> waits = new ArrayList<>();

        new Polling(waits::add, Deadline.after(Duration.ofMinutes(1)))
                .until(
                        "yes"::equals,
                        new Snapshot<>("no", Optional.of(Duration.ofSeconds(7))),
                        () -> new Snapshot<>("yes", Optional.empty()),
                        state -> state);

        assertThat(waits).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void failsAtOnceOnARetryAfterBeyondTheDeadline() {
        List<Duration> waits = new ArrayList<>();

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> new Polling(waits::add, Deadline.after(Duration.ofMinutes(1)))
                        .until(
                                "yes"::equals,
                                new Snapshot<>("no", Optional.of(Duration.ofHours(3))),
                                () -> new Snapshot<>("yes", Optional.empty()),
                                _ -> "undecided"))
                .withMessageContaining("check again in 3 h")
                .satisfies(e -> assertThat(e.retryAfter()).contains(Duration.ofHours(3)));
        assertThat(waits).isEmpty();
    }
}
