package org.ringcert.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;

class CanaryTest {

    private static final HostName WEB0 = new HostName("web0.example.org");
    private static final HostName WEB1 = new HostName("web1.example.org");
    private static final HostName WEB2 = new HostName("web2.example.org");
    private static final List<HostName> NODES = List.of(WEB0, WEB1, WEB2);

    @Test
    void isTheFirstNodeWithoutVisitors() {
        assertThat(Canary.of(NODES, Set.of(WEB0))).contains(WEB1);
        assertThat(Canary.of(NODES, Set.of(WEB1))).contains(WEB0);
        assertThat(Canary.of(NODES, Set.of(WEB2))).contains(WEB0);
        assertThat(Canary.of(NODES, Set.of(WEB0, WEB1))).contains(WEB2);
    }

    @Test
    void isTheSecondNodeIfAllHaveVisitorsOrNothingIsKnown() {
        assertThat(Canary.of(NODES, Set.copyOf(NODES))).contains(WEB1);
        assertThat(Canary.of(NODES, Set.of())).contains(WEB1);
    }

    @Test
    void aNodeWithoutPeersHasTheWholeWindow() {
        assertThat(Canary.of(List.of(WEB0), Set.of())).isEmpty();
        assertThat(Canary.share(WEB0, Optional.empty())).isEqualTo(WindowShare.WHOLE);
    }

    @Test
    void theCanaryHasTheFirstQuarterAndTheOthersTheRest() {
        assertThat(Canary.share(WEB1, Optional.of(WEB1))).isEqualTo(WindowShare.FIRST_QUARTER);
        assertThat(Canary.share(WEB0, Optional.of(WEB1))).isEqualTo(WindowShare.REST);
    }

    @Test
    void thePlacesOfAClusterAreEvenlySpread() {
        Instant start = Instant.parse("2026-11-23T10:15:00Z");
        Instant end = start.plus(Duration.ofHours(40));
        List<Instant> canaries = new ArrayList<>();
        List<Instant> others = new ArrayList<>();
        for (int certificate = 0; certificate < 10; certificate++) {
            for (HostName node : NODES) {
                WindowPlace place = Canary.place(node, NODES, Optional.of(WEB1), certificate, 10);
                (place.share() == WindowShare.FIRST_QUARTER ? canaries : others).add(place.in(start, end));
            }
        }

        assertEven(canaries, 10, Duration.ofHours(10));
        assertEven(others, 20, Duration.ofHours(30));
    }

    private static void assertEven(List<Instant> times, int count, Duration width) {
        List<Instant> sorted = times.stream().sorted().toList();
        assertThat(sorted).hasSize(count);
        for (int i = 1; i < count; i++) {
            assertThat(Duration.between(sorted.get(i - 1), sorted.get(i)))
                    .isBetween(width.multipliedBy(9).dividedBy(10L * count), width.dividedBy(count));
        }
    }

    @Test
    void aPlaceIsTheSameInEachWindow() {
        WindowPlace place = Canary.place(WEB0, NODES, Optional.of(WEB1), 3, 10);

        assertThat(Canary.place(WEB0, NODES, Optional.of(WEB1), 3, 10)).isEqualTo(place);
        assertThat(Canary.place(WEB2, NODES, Optional.of(WEB1), 3, 10)).isNotEqualTo(place);
        assertThat(Canary.place(WEB0, List.of(WEB0), Optional.empty(), 0, 1)).isEqualTo(WindowPlace.MIDDLE);
    }
}
