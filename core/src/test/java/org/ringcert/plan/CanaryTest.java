package org.ringcert.plan;

import static org.assertj.core.api.Assertions.assertThat;

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
}
