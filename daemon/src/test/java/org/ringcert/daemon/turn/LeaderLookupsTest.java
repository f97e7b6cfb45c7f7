package org.ringcert.daemon.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.ManualClock;

class LeaderLookupsTest {

    private static final HostName WWW = new HostName("www.example.org");
    private static final HostName SHOP = new HostName("shop.example.org");
    private static final HostName WEB0 = new HostName("web0.example.org");
    private static final HostName WEB1 = new HostName("web1.example.org");
    private static final HostName WEB2 = new HostName("web2.example.org");

    private final ManualClock clock = new ManualClock();
    private final List<HostName> looked = new ArrayList<>();
    private Set<HostName> found = Set.of();
    private final LeaderLookups leaders = new LeaderLookups(List.of(WEB0, WEB1, WEB2), this::lookup, clock);

    private Set<HostName> lookup(HostName site) {
        looked.add(site);
        return found;
    }

    @Test
    void isTheFirstOfTheFileIfNamesLeadToSeveral() {
        found = Set.of(WEB2, WEB1);

        assertThat(leaders.of(WWW)).contains(WEB1);
        assertThat(leaders.all(WWW)).containsExactlyInAnyOrder(WEB1, WEB2);
    }

    @Test
    void isNotKnownIfNamesLeadToNoNode() {
        assertThat(leaders.of(WWW)).isEmpty();
        found = Set.of(new HostName("elsewhere.example.net"));
        assertThat(leaders.of(SHOP)).isEmpty();
    }

    @Test
    void isLookedUpForEachSiteAgainWithinAMinuteAndNotAtOnce() {
        found = Set.of(WEB0);
        leaders.of(WWW);
        leaders.of(SHOP);
        found = Set.of(WEB1);
        clock.move(Duration.ofSeconds(50));
        assertThat(leaders.of(WWW)).contains(WEB0);
        assertThat(looked).containsExactly(WWW, SHOP);

        clock.move(Duration.ofSeconds(1));

        assertThat(leaders.of(WWW)).contains(WEB1);
        assertThat(looked).containsExactly(WWW, SHOP, WWW);
    }

    @Test
    void isLookedUpAgainAfterTheClockWasSetBack() {
        leaders.of(WWW);
        clock.move(Duration.ofHours(-1));
        found = Set.of(WEB2);

        assertThat(leaders.of(WWW)).contains(WEB2);
    }

    /** An interrupted lookup finds nothing. */
    @Test
    void whatAnInterruptedThreadFindsIsNotKept() throws Exception {
        CompletableFuture<Boolean> isEmpty = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            Thread.currentThread().interrupt();
            isEmpty.complete(leaders.of(WWW).isEmpty());
        });
        thread.join();
        assertThat(isEmpty.get()).isTrue();
        found = Set.of(WEB0);

        assertThat(leaders.of(WWW)).contains(WEB0);
    }
}
