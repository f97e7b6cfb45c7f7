package org.ringcert.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A hundred times wider than measured, so that only a change of order fails it. */
class CalendarSpeedTest {

    @Test
    void plansFiftyServersWithAThousandSitesInAMoment() {
        Layout layout = PlanFixture.layout(
                50,
                IntStream.range(0, 1000)
                        .mapToObj(i -> PlanFixture.site("s" + i + ".d" + i % 200 + ".org", 50))
                        .toArray(PlannedSite[]::new));
        PlanFixture knowledge = new PlanFixture();

        long start = System.nanoTime();
        int turns = knowledge.calendar(layout, PlanFixture.START).turns().size();
        Duration taken = Duration.ofNanos(System.nanoTime() - start);

        System.out.println("SPEED " + taken);
        assertThat(turns).isEqualTo(50_000);
        assertThat(taken).isLessThan(Duration.ofSeconds(100));
    }
}
