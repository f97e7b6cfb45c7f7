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
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
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

/** One node's answers: what is held, what is asked, what is remembered, and what is not. */
class HandoffTest {

    private static final Token TOKEN = new Token("evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA");
    private static final KeyAuthorization ANSWER =
            new KeyAuthorization(TOKEN, "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI");
    private static final PeerReply SILENCE = new PeerReply.Unclear("nothing came");

    @TempDir
    Path directory;

    private final List<Node> nodes = new ArrayList<>();
    private final Map<Node, PeerReply> replies = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T12:00:00Z"));
    private final InstantSource clock = now::get;
    private Store store;
    private Challenges challenges;
    private final PeerHealth health = new PeerHealth(Duration.ofSeconds(30), clock);
    private HandoffMode mode = HandoffMode.REDIRECT;
    private Handoff handoff;

    @BeforeEach
    void threeNodes() throws StoreException {
        for (int i = 0; i < 3; i++) {
            nodes.add(new Node(new HostName("web" + i + ".example.org"), "127.0.0.1", 80));
        }
        store = Store.open(directory, Clock.systemUTC());
        challenges = new Challenges(store, List.of(), clock);
        handoff = handoff((peer, token) -> {
            asked.incrementAndGet();
            return replies.getOrDefault(peer, new PeerReply.DoesNotHold());
        });
    }

    private Handoff handoff(BiFunction<Node, Token, PeerReply> replying) {
        PeerClient peers = new PeerClient() {
            @Override
            public PeerReply ask(Node peer, Token token) {
                return replying.apply(peer, token);
            }

            @Override
            public boolean isUp(Node peer) {
                return true;
            }
        };
        Cluster cluster = new Cluster(nodes, nodes.getFirst().name());
        return new Handoff(mode, cluster, challenges, peers, health, clock);
    }

    private static ChallengeRequest request(Token token, RemainingNodes left, String source) {
        return new ChallengeRequest(token, left, InetAddress.ofLiteral(source));
    }

    private static ChallengeRequest request() {
        return request(TOKEN, new RemainingNodes.Unspecified(), "192.0.2.1");
    }

    private static Answer sentTo(String host, String left) {
        return new Answer.RedirectTo("http://" + host + TOKEN.path() + "?left=" + left);
    }

    @Test
    void heldInMemoryIsAnsweredAtOnceAndNobodyIsAsked() throws IOException, StoreException {
        challenges.publish(ANSWER);
        assertThat(handoff.answerFromMemory(request())).contains(new Answer.Held(ANSWER));
        assertThat(handoff.answer(request())).isEqualTo(new Answer.Held(ANSWER));
        assertThat(asked).hasValue(0);
    }

    @Test
    void fileThatAnotherProcessPutThereIsHeldAtOnce() throws IOException, StoreException {
        assertThat(handoff.answer(request())).isEqualTo(new Answer.NotFound());
        Files.writeString(store.challenges().resolve(TOKEN.value()), ANSWER.text());
        assertThat(handoff.answer(request())).isEqualTo(new Answer.Held(ANSWER));
    }

    @Test
    void heldIsAnsweredWhateverIsLeft() throws IOException, StoreException {
        challenges.publish(ANSWER);
        assertThat(handoff.answer(request(TOKEN, new RemainingNodes.Invalid(), "192.0.2.1")))
                .isEqualTo(new Answer.Held(ANSWER));
        assertThat(handoff.answer(request(TOKEN, new RemainingNodes.Named(List.of()), "192.0.2.1")))
                .isEqualTo(new Answer.Held(ANSWER));
    }

    @Test
    void holderGetsTheCaByOneRedirect() {
        replies.put(nodes.get(2), new PeerReply.Holds(ANSWER));
        assertThat(handoff.answer(request())).isEqualTo(sentTo("web2.example.org", ""));
    }

    @Test
    void unknownTokenIsNotFoundWithoutRedirect() {
        assertThat(handoff.answer(request())).isEqualTo(new Answer.NotFound());
    }

    @Test
    void nobodyIsAskedInsideAWalk() {
        assertThat(handoff.answer(request(TOKEN, new RemainingNodes.Named(List.of()), "192.0.2.1")))
                .isEqualTo(new Answer.NotFound());
        assertThat(handoff.answer(request(TOKEN, new RemainingNodes.Named(List.of(nodes.get(1))), "192.0.2.1")))
                .isEqualTo(sentTo("web1.example.org", ""));
        assertThat(handoff.answer(request(TOKEN, new RemainingNodes.Invalid(), "192.0.2.1")))
                .isEqualTo(new Answer.NotFound());
        assertThat(asked).hasValue(0);
    }

    @Test
    void silentPeersAreWalked() {
        replies.put(nodes.get(1), SILENCE);
        assertThat(handoff.answer(request())).isEqualTo(sentTo("web1.example.org", ""));
        replies.put(nodes.get(2), SILENCE);
        assertThat(handoff.answer(request())).isEqualTo(sentTo("web1.example.org", "web2.example.org"));
    }

    @Test
    void yesIsNotWaitedForWhenAPeerIsSilent() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        handoff = handoff((peer, token) -> {
            if (peer.equals(nodes.get(1))) {
                awaitQuietly(never);
            }
            return new PeerReply.Holds(ANSWER);
        });
        assertThat(handoff.answer(request())).isEqualTo(sentTo("web2.example.org", ""));
        never.countDown();
    }

    @Test
    void noesAreNotRemembered() {
        assertThat(handoff.answer(request())).isEqualTo(new Answer.NotFound());
        replies.put(nodes.get(1), new PeerReply.Holds(ANSWER));
        assertThat(handoff.answer(request())).isEqualTo(sentTo("web1.example.org", ""));
    }

    @Test
    void holderIsRememberedForTenMinutes() {
        replies.put(nodes.get(1), new PeerReply.Holds(ANSWER));
        handoff.answer(request());
        replies.clear();
        now.updateAndGet(t -> t.plus(Duration.ofMinutes(10).minusSeconds(1)));
        assertThat(handoff.answer(request())).isEqualTo(sentTo("web1.example.org", ""));
        now.updateAndGet(t -> t.plusSeconds(1));
        assertThat(handoff.answer(request())).isEqualTo(new Answer.NotFound());
    }

    @Test
    void manyRequestsForOneTokenAreOneQuestionToEachPeer() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        handoff = handoff((peer, token) -> {
            asked.incrementAndGet();
            awaitQuietly(open);
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
            await().until(() -> started.get() == 20 && asked.get() == 2);
            open.countDown();
            for (Future<Answer> answer : answers) {
                assertThat(answer.get()).isEqualTo(new Answer.NotFound());
            }
        }
        // those that came to the question after its answer may have asked once more each; here all came before
        assertThat(asked.get()).isLessThanOrEqualTo(2 * 20);
    }

    @Test
    void floodOfInventedTokensEndsInWalksAndLeavesOtherSourcesTheirQuestions() {
        int walks = 0;
        for (int i = 0; i < 1000; i++) {
            Token invented = new Token("invented-token-%05d".formatted(i));
            if (handoff.answer(request(invented, new RemainingNodes.Unspecified(), "203.0.113." + i % 256))
                    instanceof Answer.RedirectTo) {
                walks++;
            }
        }
        assertThat(asked.get()).isEqualTo(2 * 20);
        assertThat(walks).isEqualTo(980);
        replies.put(nodes.get(2), new PeerReply.Holds(ANSWER));
        assertThat(handoff.answer(request())).isEqualTo(sentTo("web2.example.org", ""));
    }

    @Test
    void budgetOfAllSourcesIsBoundedAndFillsUpAgain() {
        for (int i = 0; i < 10_000; i++) {
            Token invented = new Token("invented-token-%05d".formatted(i));
            handoff.answer(request(invented, new RemainingNodes.Unspecified(), "10." + i / 256 + "." + i % 256 + ".1"));
        }
        assertThat(asked.get()).isEqualTo(2 * 200);
        replies.put(nodes.get(2), new PeerReply.Holds(ANSWER));
        assertThat(handoff.answer(request())).isEqualTo(sentTo("web1.example.org", "web2.example.org"));
        now.updateAndGet(t -> t.plusSeconds(1));
        assertThat(handoff.answer(request())).isEqualTo(sentTo("web2.example.org", ""));
    }

    @Test
    void questionsThatBearFruitCostNothing() {
        replies.put(nodes.get(2), new PeerReply.Holds(ANSWER));
        for (int i = 0; i < 500; i++) {
            Token token = new Token("a-real-token-%05d".formatted(i));
            assertThat(handoff.answer(request(token, new RemainingNodes.Unspecified(), "203.0.113.1")))
                    .isEqualTo(new Answer.RedirectTo("http://web2.example.org" + token.path() + "?left="));
        }
    }

    @Test
    void singleNodeHasNobodyToAsk() {
        nodes.subList(1, 3).clear();
        Handoff alone = handoff((peer, token) -> SILENCE);
        assertThat(alone.answer(request())).isEqualTo(new Answer.NotFound());
    }

    @Test
    void relayGivesTheHoldersAnswerAndNeverARedirect() {
        mode = HandoffMode.RELAY;
        handoff = handoff((peer, token) -> replies.getOrDefault(peer, new PeerReply.DoesNotHold()));
        assertThat(handoff.answer(request())).isEqualTo(new Answer.NotFound());
        replies.put(nodes.get(1), SILENCE);
        assertThat(handoff.answer(request())).isEqualTo(new Answer.NotFound());
        replies.put(nodes.get(2), new PeerReply.Holds(ANSWER));
        assertThat(handoff.answer(request())).isEqualTo(new Answer.Relayed(ANSWER));
    }

    @Test
    void relayWithoutBudgetIsNotFound() {
        mode = HandoffMode.RELAY;
        handoff = handoff((peer, token) -> new PeerReply.DoesNotHold());
        for (int i = 0; i < 100; i++) {
            Token invented = new Token("invented-token-%05d".formatted(i));
            assertThat(handoff.answer(request(invented, new RemainingNodes.Unspecified(), "203.0.113.1")))
                    .isEqualTo(new Answer.NotFound());
        }
    }

    @Test
    void walkThatComesToARelayingNodeIsWalkedOn() {
        mode = HandoffMode.RELAY;
        handoff = handoff((peer, token) -> new PeerReply.Holds(ANSWER));
        assertThat(handoff.answer(request(TOKEN, new RemainingNodes.Named(List.of(nodes.get(1))), "192.0.2.1")))
                .isEqualTo(sentTo("web1.example.org", ""));
    }

    @Test
    void ringAsksNobodyAndStepsOverWhoIsKnownToBeSilent() {
        mode = HandoffMode.RING;
        handoff = handoff((peer, token) -> {
            asked.incrementAndGet();
            return new PeerReply.Holds(ANSWER);
        });
        assertThat(handoff.answer(request())).isEqualTo(sentTo("web1.example.org", "web2.example.org"));
        health.recordSilence(nodes.get(1));
        assertThat(handoff.answer(request())).isEqualTo(sentTo("web2.example.org", ""));
        health.recordSilence(nodes.get(2));
        assertThat(handoff.answer(request())).isEqualTo(new Answer.NotFound());
        now.updateAndGet(t -> t.plusSeconds(31));
        assertThat(handoff.answer(request())).isEqualTo(sentTo("web1.example.org", "web2.example.org"));
        assertThat(asked).hasValue(0);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
