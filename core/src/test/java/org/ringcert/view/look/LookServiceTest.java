package org.ringcert.view.look;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.view.look.SampleViews.PROBE;
import static org.ringcert.view.look.SampleViews.SITE;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.challenge.Challenges;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.handoff.HandoffHint;
import org.ringcert.handoff.LookupBudget;
import org.ringcert.handoff.PeerClient;
import org.ringcert.handoff.PeerReply;
import org.ringcert.store.Store;
import org.ringcert.view.ca.Disclosure;
import org.ringcert.view.ca.Entry;
import org.ringcert.view.ca.NameView;

/** When a node looks for a peer, and when it does not. */
@Timeout(120)
class LookServiceTest {

    private static final Node WEB0 = new Node(new HostName("web0.example.org"), "192.0.2.10", 80);
    private static final Node WEB1 = new Node(new HostName("web1.example.org"), "192.0.2.11", 80);
    private static final InetAddress SOURCE = InetAddress.ofLiteral("198.51.100.7");
    private static final InetAddress OTHER_SOURCE = InetAddress.ofLiteral("203.0.113.7");
    private static final int BUDGET_OF_A_SOURCE = 20;

    @TempDir
    Path directory;

    private final Clock clock = Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC);
    private final LookupBudget budget = new LookupBudget(clock);
    private final Queue<String> questions = new ConcurrentLinkedQueue<>();
    private final Queue<String> looks = new ConcurrentLinkedQueue<>();
    private Function<Token, PeerReply> peer = _ -> new PeerReply.DoesNotHold();
    private LookService.NameObserver observer = (_, _, _, _) -> SampleViews.everything();
    private Challenges challenges;
    private LookService service;

    @BeforeEach
    void start() throws Exception {
        challenges = new Challenges(Store.open(directory, clock), List.of(), clock);
        PeerClient peers = new PeerClient() {
            @Override
            public PeerReply ask(Node asked, Token token) {
                questions.add(asked + " " + token);
                return peer.apply(token);
            }

            @Override
            public boolean isUp(Node asked) {
                throw new AssertionError("nobody is watched");
            }
        };
        LookService.NameObserver recording = (name, probe, entry, timeout) -> {
            looks.add(name + " " + probe + " " + entry);
            return observer.look(name, probe, entry, timeout);
        };
        service = new LookService(
                new Cluster(List.of(WEB0, WEB1), WEB0.name()), challenges, peers, budget, new LookSlots(), recording);
    }

    private static LookRequest request(Token token, Node at, HostName name) {
        return new LookRequest(token, at, name, SOURCE);
    }

    private static LookRequest request() {
        return request(PROBE.token(), WEB1, SITE);
    }

    private static Token token(int number) {
        return new Token("invented-token-number-" + number);
    }

    private static PeerReply holds(Token token) {
        return new PeerReply.Holds(new KeyAuthorization(token, PROBE.thumbprint()), HandoffHint.NONE);
    }

    @Test
    void asksTheNodeFirstAndLooksForItsAnswer() {
        peer = LookServiceTest::holds;
        assertThat(service.look(request()))
                .isEqualTo(new LookAnswer.Report(LookJson.write(Disclosure.of(SampleViews.everything()))));
        assertThat(questions).containsExactly("web1.example.org " + PROBE.token());
        assertThat(looks).containsExactly(SITE + " " + PROBE + " ANY_NODE");
    }

    @Test
    void looksForATokenOfItsOwnWithoutAQuestion() throws Exception {
        challenges.publish(PROBE);
        assertThat(service.look(request(PROBE.token(), WEB0, SITE))).isInstanceOf(LookAnswer.Report.class);
        assertThat(questions).isEmpty();
        assertThat(looks).containsExactly(SITE + " " + PROBE + " ANY_NODE");
    }

    /** The name of a node must lead to that node alone, so nothing may be handed over. */
    @Test
    void looksAtTheNameOfTheHolderItself() throws Exception {
        peer = LookServiceTest::holds;
        challenges.publish(PROBE);
        service.look(request(PROBE.token(), WEB1, WEB1.name()));
        service.look(request(PROBE.token(), WEB1, WEB0.name()));
        service.look(request(PROBE.token(), WEB0, WEB0.name()));
        assertThat(looks)
                .containsExactly(
                        WEB1 + " " + PROBE + " HOLDER_ONLY",
                        WEB0 + " " + PROBE + " ANY_NODE",
                        WEB0 + " " + PROBE + " HOLDER_ONLY");
    }

    @Test
    void doesNotLookIfTheNodeDoesNotSayThatItHoldsTheToken() {
        for (PeerReply reply : List.of(new PeerReply.DoesNotHold(), new PeerReply.Unclear("no answer"))) {
            peer = _ -> reply;
            assertThat(service.look(request())).isEqualTo(new LookAnswer.NotHeld());
        }
        assertThat(service.look(request(PROBE.token(), WEB0, SITE))).isEqualTo(new LookAnswer.NotHeld());
        assertThat(looks).isEmpty();
    }

    @Test
    void asksNobodyOnceTheBudgetOfTheSourceIsSpent() {
        IntStream.range(0, BUDGET_OF_A_SOURCE).forEach(i -> {
            Node at = i % 2 == 0 ? WEB0 : WEB1;
            assertThat(service.look(request(token(i), at, SITE))).isEqualTo(new LookAnswer.NotHeld());
        });
        questions.clear();
        assertThat(service.look(request())).isEqualTo(new LookAnswer.Busy());
        assertThat(questions).isEmpty();
        assertThat(looks).isEmpty();

        peer = LookServiceTest::holds;
        assertThat(service.look(new LookRequest(PROBE.token(), WEB1, SITE, OTHER_SOURCE)))
                .as("others are not concerned")
                .isInstanceOf(LookAnswer.Report.class);
    }

    /** Both kinds of questions reach the peers in the same way. */
    @Test
    void sharesTheBudgetWithChallenges() {
        IntStream.range(0, BUDGET_OF_A_SOURCE).forEach(_ -> budget.chargeMiss(SOURCE));
        assertThat(service.look(request())).isEqualTo(new LookAnswer.Busy());
        assertThat(questions).isEmpty();
    }

    @Test
    void chargesNothingForTokensThatAreHeld() {
        peer = LookServiceTest::holds;
        IntStream.range(0, 3 * BUDGET_OF_A_SOURCE)
                .forEach(_ -> assertThat(service.look(request())).isInstanceOf(LookAnswer.Report.class));
        assertThat(budget.allows(SOURCE)).isTrue();
    }

    @Test
    void looksOnceForATokenAtATime() throws Exception {
        peer = LookServiceTest::holds;
        try (BlockedLooks blocked = new BlockedLooks(1)) {
            blocked.start(() -> service.look(request()));
            blocked.awaitLooking();

            assertThat(service.look(request())).isEqualTo(new LookAnswer.Busy());
            assertThat(questions).hasSize(1);
            assertThat(blocked.finish()).containsOnly(LookAnswer.Report.class);
        }
        assertThat(service.look(request())).isInstanceOf(LookAnswer.Report.class);
    }

    @Test
    void looksFourTimesAtATime() throws Exception {
        peer = LookServiceTest::holds;
        try (BlockedLooks blocked = new BlockedLooks(4)) {
            for (int i = 0; i < 4; i++) {
                Token token = token(i);
                blocked.start(() -> service.look(request(token, WEB1, SITE)));
            }
            blocked.awaitLooking();

            assertThat(service.look(request(token(4), WEB1, SITE))).isEqualTo(new LookAnswer.Busy());
            assertThat(questions).hasSize(4);
            assertThat(blocked.finish()).containsOnly(LookAnswer.Report.class);
        }
        assertThat(service.look(request(token(4), WEB1, SITE))).isInstanceOf(LookAnswer.Report.class);
    }

    /** Whatever a stranger invents, no more than four questions are on the way. */
    @Test
    void asksFourTimesAtATime() throws Exception {
        CountDownLatch asking = new CountDownLatch(4);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        peer = _ -> {
            asking.countDown();
            await(mayAnswer);
            return new PeerReply.Unclear("no answer");
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<LookAnswer>> flood = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Token token = token(i);
                flood.add(threads.submit(() -> service.look(request(token, WEB1, SITE))));
            }
            asking.await();
            for (int i = 4; i < 100; i++) {
                assertThat(service.look(request(token(i), WEB1, SITE))).isEqualTo(new LookAnswer.Busy());
            }
            assertThat(questions).hasSize(4);
            mayAnswer.countDown();
            for (Future<LookAnswer> each : flood) {
                assertThat(each.get()).isEqualTo(new LookAnswer.NotHeld());
            }
        }
        assertThat(looks).isEmpty();
    }

    @Test
    void looksAgainAfterAFailure() {
        peer = LookServiceTest::holds;
        observer = (_, _, _, _) -> {
            throw new IllegalStateException("a bug");
        };
        IntStream.range(0, 10)
                .forEach(_ -> assertThat(failure(() -> service.look(request()))).hasMessage("a bug"));
        observer = (_, _, _, _) -> SampleViews.everything();
        assertThat(service.look(request())).isInstanceOf(LookAnswer.Report.class);
    }

    @Test
    void leavesALookTheTimeThatTheQuestionHasNotTaken() {
        Queue<Duration> timeouts = new ConcurrentLinkedQueue<>();
        peer = LookServiceTest::holds;
        observer = (_, _, _, timeout) -> {
            timeouts.add(timeout);
            return SampleViews.everything();
        };
        service.look(request());
        assertThat(timeouts)
                .singleElement()
                .satisfies(timeout ->
                        assertThat(timeout).isLessThan(LookService.TIMEOUT).isPositive());
        assertThat(LookService.TIMEOUT).isLessThan(Duration.ofSeconds(4));
    }

    private static Throwable failure(Callable<?> action) {
        try {
            action.call();
            throw new AssertionError("nothing failed");
        } catch (Exception e) {
            return e;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Looks that wait until the test has seen them. */
    private final class BlockedLooks implements AutoCloseable {

        private final CountDownLatch looking;
        private final CountDownLatch maySee = new CountDownLatch(1);
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final List<Future<LookAnswer>> answers = new ArrayList<>();

        BlockedLooks(int count) {
            looking = new CountDownLatch(count);
            observer = (HostName _, KeyAuthorization _, Entry _, Duration _) -> see();
        }

        private NameView see() {
            looking.countDown();
            await(maySee);
            return SampleViews.everything();
        }

        void start(Callable<LookAnswer> look) {
            answers.add(threads.submit(look));
        }

        void awaitLooking() throws InterruptedException {
            looking.await();
        }

        List<Class<?>> finish() throws Exception {
            maySee.countDown();
            List<Class<?>> classes = new ArrayList<>();
            for (Future<LookAnswer> each : answers) {
                classes.add(each.get().getClass());
            }
            return classes;
        }

        @Override
        public void close() {
            maySee.countDown();
            threads.close();
        }
    }
}
