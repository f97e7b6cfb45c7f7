package org.ringcert.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A hundred times wider than the aim of a second of CPU time, so that only another complexity fails it. */
class CalendarSpeedTest {

    @Test
    void plansFiftyServersWithAThousandSitesInAMoment() {
        Layout layout = PlanFixture.layout(
                50,
                IntStream.range(0, 1000)
                        .mapToObj(i -> PlanFixture.site("s" + i + ".d" + i % 200 + ".org", 50))
                        .toArray(PlannedSite[]::new));
        PlanFixture knowledge = new PlanFixture();

        ThreadMXBean threads = ManagementFactory.getThreadMXBean();

        long start = threads.getCurrentThreadCpuTime();
        int turns = knowledge.calendar(layout, PlanFixture.START).turns().size();
        Duration taken = Duration.ofNanos(threads.getCurrentThreadCpuTime() - start);

        assertThat(turns).isEqualTo(50_000);
        assertThat(taken).isLessThan(Duration.ofSeconds(100));
    }
}
