package org.ringcert.view.visitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.handoff.PeerClient;
import org.ringcert.handoff.PeerReply;
import org.ringcert.issue.ManualClock;

class SightTest {

    private static final HostName SITE = new HostName("www.example.org");
    private static final VisitorTarget OWN = Cells.target(SITE.value(), "web0.example.org");
    private static final Node PEER = new Node(new HostName("web1.example.org"), "127.0.0.2", 80);

    private final ManualClock clock = new ManualClock();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger questions = new AtomicInteger();
    private volatile boolean isPeerUp = true;
    private final Sight sight = new Sight(targets(OWN), this::look, client(), clock, Runnable::run);

    private static SightTargets targets(VisitorTarget... own) {
        return new SightTargets(List.of(own), List.of(), List.of(PEER));
    }

    private Cell look(VisitorTarget target) {
        looks.incrementAndGet();
        return Cells.good(target, clock.instant());
    }

    private PeerClient client() {
        return new PeerClient() {
            @Override
            public PeerReply ask(Node peer, Token token) {
                throw new AssertionError("nothing asks for tokens");
            }

            @Override
            public boolean isUp(Node peer) {
                questions.incrementAndGet();
                return isPeerUp;
            }
        };
    }

    @Test
    void looksAtOnceAtWhatHasNotBeenSeen() throws InterruptedException {
        assertThat(sight.ownCells(SITE)).extracting(Cell::seen).containsExactly(clock.instant());
        assertThat(sight.matrix().cell(OWN.key())).isPresent();
    }

    @Test
    void looksAgainOnlyWhenTheLastLookIsOlderThanTenSeconds() throws InterruptedException {
        sight.ownCells(SITE);
        clock.move(Duration.ofSeconds(10));
        sight.ownCells(SITE);
        assertThat(looks).hasValue(1);

        clock.move(Duration.ofMillis(1));
        sight.ownCells(SITE);
        assertThat(looks).hasValue(2);
    }

    @Test
    void looksAgainWhenTheClockHasBeenSetBack() throws InterruptedException {
        sight.ownCells(SITE);
        clock.move(Duration.ofHours(-1));
        sight.ownCells(SITE);

        assertThat(looks).hasValue(2);
    }

    @Test
    void aSiteIsLookedAtAgainIfItChangesDuringALook() throws Exception {
        Queue<Runnable> tasks = new ArrayDeque<>();
        Sight slow = new Sight(targets(OWN), this::look, client(), clock, tasks::add);
        slow.refreshOwn(SITE);
        slow.refreshOwn(SITE);
        assertThat(tasks).hasSize(1);

        tasks.remove().run();
        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        assertThat(tasks).isEmpty();
        assertThat(looks).hasValue(2);
    }

    @Test
    void nobodyJoinsALookFromBeforeTheTargetsChanged() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        Sight slow = new Sight(targets(OWN), this::look, client(), clock, tasks::add);
        slow.refresh(OWN);
        slow.retarget(targets(OWN), this::look, client());
        slow.refresh(OWN);
        assertThat(tasks).hasSize(2);

        tasks.remove().run();
        assertThat(slow.isActive(OWN)).isTrue();
        tasks.remove().run();
        assertThat(slow.isActive(OWN)).isFalse();
    }

    @Test
    void anUnknownSiteHasNoCells() throws InterruptedException {
        assertThat(sight.ownCells(new HostName("other.example.org"))).isEmpty();
        assertThat(sight.isAnythingAsked()).isFalse();
    }

    @Test
    void callersAtTheSameTimeShareOneLook() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Sight slow = new Sight(targets(OWN), target -> lookAfter(answer, target), client(), clock);
            List<Future<List<Cell>>> callers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                callers.add(executor.submit(() -> slow.ownCells(SITE)));
            }
            answer.countDown();
            for (Future<List<Cell>> caller : callers) {
                assertThat(caller.get()).hasSize(1);
            }
        }
        assertThat(looks).hasValue(1);
    }

    @Test
    void anInterruptedCallerDoesNotEndTheLookOfTheOthers() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Sight slow = new Sight(targets(OWN), target -> lookAfter(answer, target), client(), clock);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> slow.ownCells(SITE)).isInstanceOf(InterruptedException.class);
            Future<List<Cell>> other = executor.submit(() -> slow.ownCells(SITE));
            answer.countDown();

            assertThat(other.get()).extracting(Cell::flaws).containsExactly(List.of());
        }
        assertThat(looks).hasValue(1);
    }

    private Cell lookAfter(CountDownLatch answer, VisitorTarget target) {
        try {
            answer.await();
        } catch (InterruptedException e) {
            throw new AssertionError("the look was interrupted", e);
        }
        return look(target);
    }

    @Test
    void keepsWhatWasSeenOfTargetsThatStay() throws InterruptedException {
        VisitorTarget other = Cells.target("other.example.org", "web0.example.org");
        sight.retarget(targets(OWN, other), this::look, client());
        sight.ownCells(SITE);
        sight.ownCells(other.site().name());
        sight.startAsking(PEER);

        VisitorTarget moved = new VisitorTarget(other.site(), other.kind(), other.node(), "127.0.0.9", 443);
        sight.retarget(targets(OWN, moved), this::look, client());

        assertThat(sight.matrix().cell(OWN.key())).isPresent();
        assertThat(sight.matrix().cell(other.key())).isEmpty();
        assertThat(sight.peers()).extracting(peer -> peer.asked().isPresent()).containsExactly(true);
    }

    @Test
    void forgetsALookWhoseTargetChangedMeanwhile() throws InterruptedException {
        List<Runnable> pending = new ArrayList<>();
        Sight slow = new Sight(targets(OWN), this::look, client(), clock, pending::add);
        slow.refreshOwn(SITE);
        slow.retarget(targets(), this::look, client());
        pending.forEach(Runnable::run);

        assertThat(slow.matrix().cell(OWN.key())).isEmpty();
    }

    @Test
    void aFailedLookReachesTheCallerAndTheNextCallLooksAgain() {
        Sight broken = new Sight(
                targets(OWN),
                _ -> {
                    looks.incrementAndGet();
                    throw new IllegalStateException("a bug");
                },
                client(),
                clock,
                Runnable::run);

        assertThatThrownBy(() -> broken.ownCells(SITE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> broken.ownCells(SITE)).isInstanceOf(IllegalStateException.class);
        assertThat(looks).hasValue(2);
    }

    @Test
    void aPeerIsSilentSinceTheFirstQuestionInVain() {
        assertThat(sight.peers()).containsExactly(PeerSight.notAsked(PEER));

        isPeerUp = false;
        sight.startAsking(PEER);
        assertThat(questions).hasValue(2);
        var since = clock.instant();
        clock.move(Duration.ofMinutes(1));
        sight.startAsking(PEER);
        assertThat(sight.peers().getFirst().silentSince()).contains(since);
        assertThat(sight.peers().getFirst().asked()).contains(clock.instant());

        isPeerUp = true;
        sight.startAsking(PEER);
        assertThat(sight.peers().getFirst().silentSince()).isEmpty();
    }
}
