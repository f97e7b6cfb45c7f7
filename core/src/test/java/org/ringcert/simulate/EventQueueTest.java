package org.ringcert.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EventQueueTest {

    private record Timed(long time, long event) {}

    @Test
    void returnsEventsInTheOrderOfTheirTimesAndThenOfTheirNumbers() {
        EventQueue queue = new EventQueue();
        SplittableRandom random = new SplittableRandom(7);
        List<Timed> added = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            Timed timed = new Timed(random.nextLong(300), random.nextLong(1000));
            added.add(timed);
            queue.add(timed.time(), timed.event());
        }

        List<Timed> removed = new ArrayList<>();
        while (!queue.isEmpty()) {
            long time = queue.firstTime();
            removed.add(new Timed(time, queue.remove()));
        }

        assertThat(removed)
                .isEqualTo(added.stream()
                        .sorted(Comparator.comparingLong(Timed::time).thenComparingLong(Timed::event))
                        .toList());
    }

    @Test
    void staysInOrderWhenEventsAreAddedMeanwhile() {
        EventQueue queue = new EventQueue();
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < 100; i++) {
            queue.add(random.nextLong(100), i);
        }

        long latest = 0;
        for (int i = 0; i < 10_000; i++) {
            assertThat(queue.firstTime()).isGreaterThanOrEqualTo(latest);
            latest = queue.firstTime();
            queue.add(latest + random.nextLong(50), queue.remove());
        }
    }
}
