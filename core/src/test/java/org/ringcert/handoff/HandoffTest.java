package org.ringcert.handoff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.challenge.Challenges;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.PeerHealth;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** Tests the answers of one node, with scripted peers. */
class HandoffTest {

    private static final Token TOKEN = new Token("evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA");
    private static final KeyAuthorization ANSWER =
            new KeyAuthorization(TOKEN, "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI");
    private static final PeerReply UNCLEAR = new PeerReply.Unclear("no response");

    @TempDir
    Path directory;

    private final List<Node> nodes = new ArrayList<>();
    private final Map<Node, PeerReply> replies = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T12:00:00Z"));
    private final InstantSource clock = now::get;
    private Store store;
    private Challenges challenges;
    private final PeerHealth health = new PeerHealth(Duration.ofSeconds(30), clock);
    private HandoffMode mode = HandoffMode.REDIRECT;
    private final List<Answer> answers = new CopyOnWriteArrayList<>();
    private final List<String> questions = new CopyOnWriteArrayList<>();
    private final HandoffListener listener = new HandoffListener() {
        @Override
        public void onAnswer(ChallengeRequest request, Answer answer) {
            answers.add(answer);
        }

        @Override
        public void onPeerAsked(Node peer, PeerReply reply) {
            questions.add(peer.name() + " " + reply.getClass().getSimpleName());
        }
    };
    private Handoff handoff;

    @BeforeEach
    void threeNodes() throws StoreException {
        for (int i = 0; i < 3; i++) {
            nodes.add(new Node(new HostName("web" + i + ".example.org"), "127.0.0.1", 80));
        }
        store = Store.open(directory, Clock.systemUTC());
        challenges = new Challenges(store, List.of(), clock);
        handoff = handoff((peer, token) -> {
            requests.incrementAndGet();
            return replies.getOrDefault(peer, new PeerReply.DoesNotHold());
        });
    }

    private Handoff handoff(BiFunction<Node, Token, PeerReply> peerReply) {
        PeerClient peers = new PeerClient() {
            @Override
            public PeerReply ask(Node peer, Token token) {
                return peerReply.apply(peer, token);
            }

            @Override
            public boolean isUp(Node peer) {
                return true;
            }
        };
        Cluster cluster = new Cluster(nodes, nodes.getFirst().name());
        return new Handoff(
                mode, cluster, challenges, peers, health, new LookupBudget(clock), clock, Optional.empty(), listener);
    }

    private static ChallengeRequest request(Token token, RemainingNodes remaining, String source) {
        return new ChallengeRequest(token, remaining, InetAddress.ofLiteral(source), "");
    }

    private static ChallengeRequest request() {
        return request(TOKEN, new RemainingNodes.Unspecified(), "192.0.2.1");
    }

    private static Answer redirectTo(String host, String left) {
        return new Answer.RedirectTo("http://" + host + TOKEN.path() + "?left=" + left);
    }

    @Test
    void aTokenInMemoryIsAnsweredWithoutAskingPeers() throws IOException, StoreException {
        challenges.publish(ANSWER);
        assertThat(handoff.answerFromMemory(request())).contains(new Answer.Held(ANSWER, HandoffHint.NONE));
        assertThat(handoff.answer(request())).isEqualTo(new Answer.Held(ANSWER, HandoffHint.NONE));
        assertThat(requests).hasValue(0);
    }

    @Test
    void theListenerReceivesEachAnswerAndEachQuestionOnce() throws StoreException {
        replies.put(nodes.get(1), UNCLEAR);
        handoff.answer(request());
        assertThat(questions)
                .as("all peers are asked")
                .containsExactlyInAnyOrder("web1.example.org Unclear", "web2.example.org DoesNotHold");
        challenges.publish(ANSWER);
        handoff.answerFromMemory(request());
        handoff.answerFromMemory(
                request(new Token("another-token-0123456789"), new RemainingNodes.Unspecified(), "::1"));
        assertThat(answers)
                .containsExactly(redirectTo("web1.example.org", ""), new Answer.Held(ANSWER, HandoffHint.NONE));
        assertThat(questions).hasSize(2);
    }

    @Test
    void aFileFromAnotherProcessIsFoundAtOnce() throws IOException, StoreException {
        assertThat(handoff.answer(request())).isEqualTo(new Answer.NotFound());
        Files.writeString(store.challenges().resolve(TOKEN.value()), ANSWER.text());
        assertThat(handoff.answer(request())).isEqualTo(new Answer.Held(ANSWER, HandoffHint.NONE));
    }

    @Test
    void aHeldTokenIsAnsweredWhateverTheRemainingNodes() throws IOException, StoreException {
        challenges.publish(ANSWER);
        assertThat(handoff.answer(request(TOKEN, new RemainingNodes.Invalid(), "192.0.2.1")))
                .isEqualTo(new Answer.Held(ANSWER, HandoffHint.NONE));
        assertThat(handoff.answer(request(TOKEN, new RemainingNodes.Named(List.of()), "192.0.2.1")))
                .isEqualTo(new Answer.Held(ANSWER, HandoffHint.NONE));
    }

    @Test
    void redirectsToTheHolder() {
        replies.put(nodes.get(2), new PeerReply.Holds(ANSWER, HandoffHint.NONE));
        assertThat(handoff.answer(request())).isEqualTo(redirectTo("web2.example.org", ""));
    }

    @Test
    void anUnknownTokenIsNotFound() {
        assertThat(handoff.answer(request())).isEqualTo(new Answer.NotFound());
    }

    @Test
    void asksNoPeerWithinAWalk() {
        assertThat(handoff.answer(request(TOKEN, new RemainingNodes.Named(List.of()), "192.0.2.1")))
                .isEqualTo(new Answer.NotFound());
        assertThat(handoff.answer(request(TOKEN, new RemainingNodes.Named(List.of(nodes.get(1))), "192.0.2.1")))
                .isEqualTo(redirectTo("web1.example.org", ""));
        assertThat(handoff.answer(request(TOKEN, new RemainingNodes.Invalid(), "192.0.2.1")))
                .isEqualTo(new Answer.NotFound());
        assertThat(requests).hasValue(0);
    }

    @Test
    void walksOverPeersWithUnclearReplies() {
        replies.put(nodes.get(1), UNCLEAR);
        assertThat(handoff.answer(request())).isEqualTo(redirectTo("web1.example.org", ""));
        replies.put(nodes.get(2), UNCLEAR);
        assertThat(handoff.answer(request())).isEqualTo(redirectTo("web1.example.org", "web2.example.org"));
    }

    @Test
    void doesNotWaitForOtherPeersOnceTheHolderIsFound() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        handoff = handoff((peer, token) -> {
            if (peer.equals(nodes.get(1))) {
                awaitUninterrupted(released);
            }
            return new PeerReply.Holds(ANSWER, HandoffHint.NONE);
        });
        assertThat(handoff.answer(request())).isEqualTo(redirectTo("web2.example.org", ""));
        released.countDown();
    }

    @Test
    void doesNotRememberThatNoPeerHoldsAToken() {
        assertThat(handoff.answer(request())).isEqualTo(new Answer.NotFound());
        replies.put(nodes.get(1), new PeerReply.Holds(ANSWER, HandoffHint.NONE));
        assertThat(handoff.answer(request())).isEqualTo(redirectTo("web1.example.org", ""));
    }

    @Test
    void remembersAHolderForTenMinutes() {
        replies.put(nodes.get(1), new PeerReply.Holds(ANSWER, HandoffHint.NONE));
        handoff.answer(request());
        replies.clear();
        now.updateAndGet(t -> t.plus(Duration.ofMinutes(10).minusSeconds(1)));
        assertThat(handoff.answer(request())).isEqualTo(redirectTo("web1.example.org", ""));
        now.updateAndGet(t -> t.plusSeconds(1));
        assertThat(handoff.answer(request())).isEqualTo(new Answer.NotFound());
    }

    @Test
    void requestsForOneTokenShareOneLookup() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        handoff = handoff((peer, token) -> {
            requests.incrementAndGet();
            awaitUninterrupted(open);
            return new PeerReply.DoesNotHold();
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicInteger started = new AtomicInteger();
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Callable<Answer> call = () -> {
                    started.incrementAndGet();
                    return handoff.answer(request());
                };
                answers.add(threads.submit(call));
            }
            await().until(() -> started.get() == 20 && requests.get() == 2);
            open.countDown();
            for (Future<Answer> answer : answers) {
                assertThat(answer.get()).isEqualTo(new Answer.NotFound());
            }
        }
        // A request that comes after the lookup has ended makes another one.
        assertThat(requests.get()).isLessThanOrEqualTo(2 * 20);
    }

    @Test
    void aFloodOfInventedTokensUsesUpTheBudgetOfItsSourceOnly() {
        int walks = 0;
        for (int i = 0; i < 1000; i++) {
            Token invented = new Token("invented-token-%05d".formatted(i));
            if (handoff.answer(request(invented, new RemainingNodes.Unspecified(), "203.0.113." + i % 256))
                    instanceof Answer.RedirectTo) {
                walks++;
            }
        }
        assertThat(requests.get()).isEqualTo(2 * 20);
        assertThat(walks).isEqualTo(980);
        replies.put(nodes.get(2), new PeerReply.Holds(ANSWER, HandoffHint.NONE));
        assertThat(handoff.answer(request())).isEqualTo(redirectTo("web2.example.org", ""));
    }

    @Test
    void theBudgetOfAllSourcesIsLimitedAndRefills() {
        for (int i = 0; i < 10_000; i++) {
            Token invented = new Token("invented-token-%05d".formatted(i));
            handoff.answer(request(invented, new RemainingNodes.Unspecified(), "10." + i / 256 + "." + i % 256 + ".1"));
        }
        assertThat(requests.get()).isEqualTo(2 * 200);
        replies.put(nodes.get(2), new PeerReply.Holds(ANSWER, HandoffHint.NONE));
        assertThat(handoff.answer(request())).isEqualTo(redirectTo("web1.example.org", "web2.example.org"));
        now.updateAndGet(t -> t.plusSeconds(1));
        assertThat(handoff.answer(request())).isEqualTo(redirectTo("web2.example.org", ""));
    }

    @Test
    void lookupsThatFindAHolderCostNothing() {
        replies.put(nodes.get(2), new PeerReply.Holds(ANSWER, HandoffHint.NONE));
        for (int i = 0; i < 500; i++) {
            Token token = new Token("a-real-token-%05d".formatted(i));
            assertThat(handoff.answer(request(token, new RemainingNodes.Unspecified(), "203.0.113.1")))
                    .isEqualTo(new Answer.RedirectTo("http://web2.example.org" + token.path() + "?left="));
        }
    }

    @Test
    void aSingleNodeHasNoPeerToAsk() {
        nodes.subList(1, 3).clear();
        Handoff alone = handoff((peer, token) -> UNCLEAR);
        assertThat(alone.answer(request())).isEqualTo(new Answer.NotFound());
    }

    @Test
    void relayPassesOnTheHoldersAnswerAndNeverRedirects() {
        mode = HandoffMode.RELAY;
        handoff = handoff((peer, token) -> replies.getOrDefault(peer, new PeerReply.DoesNotHold()));
        assertThat(handoff.answer(request())).isEqualTo(new Answer.NotFound());
        replies.put(nodes.get(1), UNCLEAR);
        assertThat(handoff.answer(request())).isEqualTo(new Answer.NotFound());
        replies.put(nodes.get(2), new PeerReply.Holds(ANSWER, HandoffHint.NONE));
        assertThat(handoff.answer(request())).isEqualTo(new Answer.Relayed(ANSWER));
    }

    @Test
    void relayAnswersNotFoundWhenTheBudgetIsUsedUp() {
        mode = HandoffMode.RELAY;
        handoff = handoff((peer, token) -> new PeerReply.DoesNotHold());
        for (int i = 0; i < 100; i++) {
            Token invented = new Token("invented-token-%05d".formatted(i));
            assertThat(handoff.answer(request(invented, new RemainingNodes.Unspecified(), "203.0.113.1")))
                    .isEqualTo(new Answer.NotFound());
        }
    }

    @Test
    void aRelayingNodeContinuesAWalk() {
        mode = HandoffMode.RELAY;
        handoff = handoff((peer, token) -> new PeerReply.Holds(ANSWER, HandoffHint.NONE));
        assertThat(handoff.answer(request(TOKEN, new RemainingNodes.Named(List.of(nodes.get(1))), "192.0.2.1")))
                .isEqualTo(redirectTo("web1.example.org", ""));
    }

    @Test
    void ringAsksNoPeerAndLeavesOutPeersThatFailedRecently() {
        mode = HandoffMode.RING;
        handoff = handoff((peer, token) -> {
            requests.incrementAndGet();
            return new PeerReply.Holds(ANSWER, HandoffHint.NONE);
        });
        assertThat(handoff.answer(request())).isEqualTo(redirectTo("web1.example.org", "web2.example.org"));
        health.recordFailure(nodes.get(1));
        assertThat(handoff.answer(request())).isEqualTo(redirectTo("web2.example.org", ""));
        health.recordFailure(nodes.get(2));
        assertThat(handoff.answer(request())).isEqualTo(new Answer.NotFound());
        now.updateAndGet(t -> t.plusSeconds(31));
        assertThat(handoff.answer(request())).isEqualTo(redirectTo("web1.example.org", "web2.example.org"));
        assertThat(requests).hasValue(0);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
