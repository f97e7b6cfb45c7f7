package org.ringcert.view.visitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.handoff.PeerClient;
import org.ringcert.handoff.PeerReply;
import org.ringcert.issue.ManualClock;

class SightLoopTest {

    private static final String SELF = "web0.example.org";

    private final ManualClock clock = new ManualClock();
    private final List<Instant> peerRequests = new ArrayList<>();
    private final Map<CellKey, List<Instant>> looks = new LinkedHashMap<>();
    private boolean isPeerUp = true;
    private final Map<VisitorTarget, Flaw> flaws = new HashMap<>();
    private boolean isBroken;

    private final PeerClient client = new PeerClient() {
        @Override
        public PeerReply ask(Node peer, Token token) {
            throw new AssertionError("nothing asks for tokens");
        }

        @Override
        public boolean isUp(Node peer) {
            peerRequests.add(clock.instant());
            return isPeerUp;
        }
    };

    private Cell look(VisitorTarget target) {
        looks.computeIfAbsent(target.key(), _ -> new ArrayList<>()).add(clock.instant());
        if (!target.node().value().equals(SELF)) {
            peerRequests.add(clock.instant());
        }
        if (isBroken) {
            return Cells.nothing(target, clock.instant(), Flaw.Kind.REFUSED);
        }
        Flaw flaw = flaws.get(target);
        return flaw == null ? Cells.good(target, clock.instant()) : Cells.withFlaws(target, clock.instant(), flaw);
    }

    private Sight sight(List<VisitorTarget> own, List<VisitorTarget> peers, String... nodes) {
        List<Node> peerNodes = Stream.of(nodes)
                .map(name -> new Node(new HostName(name), "127.0.0.1", 80))
                .toList();
        return new Sight(new SightTargets(own, peers, peerNodes), this::look, client, clock, Runnable::run);
    }

    /** Lets the loop run for a time on the clock, without any real time. */
    private void run(SightLoop loop, Duration time) {
        run(loop, time, () -> {});
    }

    private void run(SightLoop loop, Duration time, Runnable beforeEachStep) {
        Instant end = clock.instant().plus(time);
        while (clock.instant().isBefore(end)) {
            beforeEachStep.run();
            Duration pause = loop.step();
            assertThat(pause).isPositive();
            clock.move(pause);
        }
    }

    private List<Instant> looksAt(VisitorTarget target) {
        return looks.getOrDefault(target.key(), List.of());
    }

    @Test
    void aSiteThatNobodyAsksAboutIsLookedAtEveryTenMinutes() {
        VisitorTarget own = Cells.target("www.example.org", SELF);
        SightLoop loop = new SightLoop(sight(List.of(own), List.of()), clock);

        run(loop, Duration.ofMinutes(35));

        assertThat(looksAt(own)).hasSize(4);
    }

    @Test
    void noQuestionMeetsALookOlderThanTenSecondsAndNoneCausesALook() throws InterruptedException {
        VisitorTarget own = Cells.target("www.example.org", SELF);
        Sight sight = sight(List.of(own), List.of());
        SightLoop loop = new SightLoop(sight, clock);
        sight.ownCells(own.site().name());

        run(loop, Duration.ofMinutes(10), () -> {
            int before = looksAt(own).size();
            Cell cell = ask(sight, own);
            assertThat(Duration.between(cell.seen(), clock.instant())).isLessThanOrEqualTo(Sight.MAX_OWN_AGE);
            assertThat(looksAt(own)).hasSize(before);
        });

        assertThat(looksAt(own)).hasSizeBetween(60, 76);
    }

    private static Cell ask(Sight sight, VisitorTarget target) {
        try {
            return sight.ownCells(target.site().name()).getFirst();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void fiveMinutesAfterTheLastQuestionTheRoundsAreLongAgain() throws InterruptedException {
        VisitorTarget own = Cells.target("www.example.org", SELF);
        Sight sight = sight(List.of(own), List.of());
        SightLoop loop = new SightLoop(sight, clock);
        sight.ownCells(own.site().name());
        run(loop, Duration.ofMinutes(6));
        int looksThen = looksAt(own).size();

        run(loop, Duration.ofMinutes(30));

        assertThat(looksAt(own)).hasSizeLessThanOrEqualTo(looksThen + 4);
    }

    @Test
    void whatIsBrokenIsLookedAtEveryMinute() {
        isBroken = true;
        VisitorTarget own = Cells.target("www.example.org", SELF);
        SightLoop loop = new SightLoop(sight(List.of(own), List.of()), clock);

        run(loop, Duration.ofMinutes(10));

        assertThat(looksAt(own)).hasSizeBetween(9, 11);
    }

    @Test
    void anOlderCertificateThanOnDiskIsLookedAtEveryMinuteButAnUnknownRootIsNot() {
        VisitorTarget old = Cells.target("old.example.org", SELF);
        VisitorTarget staging = Cells.target("staging.example.org", SELF);
        flaws.put(old, Cells.warning(Flaw.Kind.OLDER_THAN_ON_DISK));
        flaws.put(staging, Cells.warning(Flaw.Kind.ROOT_NOT_TRUSTED));
        SightLoop loop = new SightLoop(sight(List.of(old, staging), List.of()), clock);

        run(loop, Duration.ofMinutes(9));

        assertThat(looksAt(old)).hasSizeBetween(8, 10);
        assertThat(looksAt(staging)).hasSize(1);
    }

    @Test
    void peersGetFiveRequestsASecondAtMostHoweverManyCellsThereAre() {
        List<VisitorTarget> peers = Cells.targets(2_000, "web1.example.org", "web2.example.org");
        SightLoop loop = new SightLoop(sight(List.of(), peers, "web1.example.org", "web2.example.org"), clock);

        // A round takes longer than the ten minutes after which the first cells are due again.
        run(loop, Duration.ofMinutes(15));

        Map<Long, Long> perSecond =
                peerRequests.stream().collect(Collectors.groupingBy(Instant::getEpochSecond, Collectors.counting()));
        assertThat(perSecond.values()).allMatch(count -> count <= 5);
        assertThat(looks).hasSize(4_000);
        assertThat(looks.values()).allMatch(times -> times.size() == 1 || tenMinutesApart(times));
    }

    private static boolean tenMinutesApart(List<Instant> times) {
        return Duration.between(times.getFirst(), times.getLast()).compareTo(Duration.ofMinutes(10)) >= 0;
    }

    @Test
    void whileSomebodyWatchesTheRoundsFollowOneAnother() {
        List<VisitorTarget> peers = Cells.targets(100, "web1.example.org");
        Sight sight = sight(List.of(), peers, "web1.example.org");
        SightLoop loop = new SightLoop(sight, clock);
        run(loop, Duration.ofMinutes(1));
        peerRequests.clear();

        run(loop, Duration.ofMinutes(1), sight::watch);
        assertThat(peerRequests).hasSizeBetween(295, 300);

        run(loop, Duration.ofMinutes(2));
        peerRequests.clear();
        run(loop, Duration.ofMinutes(1));
        assertThat(peerRequests).hasSizeLessThan(5);
    }

    @Test
    void aWatchedCellIsNotLookedAtMoreOftenThanEveryTenSeconds() {
        VisitorTarget own = Cells.target("www.example.org", SELF);
        VisitorTarget peer = Cells.target("www.example.org", "web1.example.org");
        Sight sight = sight(List.of(own), List.of(peer), "web1.example.org");

        run(new SightLoop(sight, clock), Duration.ofMinutes(10), sight::watch);

        assertThat(looksAt(own)).hasSizeBetween(50, 60);
        assertThat(looksAt(peer)).hasSizeBetween(50, 60);
    }

    @Test
    void aSilentPeerIsAskedEveryMinute() {
        isPeerUp = false;
        Sight sight = sight(List.of(), List.of(), "web1.example.org");

        run(new SightLoop(sight, clock), Duration.ofMinutes(10));

        assertThat(peerRequests.stream().distinct()).hasSizeBetween(9, 11);
        assertThat(sight.peers().getFirst().silentSince()).contains(peerRequests.getFirst());
    }

    @Test
    void aClockThatIsSetBackStopsNothing() {
        VisitorTarget own = Cells.target("www.example.org", SELF);
        VisitorTarget peer = Cells.target("www.example.org", "web1.example.org");
        SightLoop loop = new SightLoop(sight(List.of(own), List.of(peer)), clock);
        run(loop, Duration.ofMinutes(1));

        clock.move(Duration.ofDays(-1));
        run(loop, Duration.ofSeconds(10));

        assertThat(looksAt(own)).hasSize(2);
        assertThat(looksAt(peer)).hasSize(2);
    }

    @Test
    void aStartIsNoBurst() {
        List<VisitorTarget> own = Cells.targets(1_000, SELF);
        SightLoop loop = new SightLoop(sight(own, List.of()), clock);

        run(loop, Duration.ofSeconds(10));
        assertThat(looks).hasSizeBetween(190, 210);

        run(loop, Duration.ofSeconds(50));
        assertThat(looks).hasSize(1_000);
    }

    @Test
    void stopsWhenItIsTold() {
        CountDownLatch stop = new CountDownLatch(1);
        stop.countDown();

        new SightLoop(sight(List.of(), List.of()), clock).run(stop);
    }
}
