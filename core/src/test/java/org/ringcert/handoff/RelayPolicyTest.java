package org.ringcert.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.challenge.Challenges;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.PeerHealth;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** Tests the hints that a node gives its peers, and what it makes of theirs. */
class RelayPolicyTest {

    private static final Token TOKEN = new Token("evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA");
    private static final KeyAuthorization RELAYED =
            new KeyAuthorization(TOKEN, "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI");
    private static final KeyAuthorization OTHER =
            new KeyAuthorization(new Token("a-token-of-another-ca"), "0123456789abcdefghijklmnopqrstuvwxyzABCDE-_");

    private static final RemainingNodes NONE_REMAINS = new RemainingNodes.Named(List.of());
    private static final String FOLLOWING_CA = "Mozilla/5.0 (compatible; following CA)";
    private static final Node WEB1 = new Node(new HostName("web1.example.org"), "127.0.0.1", 80);
    private static final Cluster CLUSTER = new Cluster(
            List.of(new Node(new HostName("web0.example.org"), "127.0.0.1", 80), WEB1),
            new HostName("web0.example.org"));

    private final Clock clock = Clock.systemUTC();
    private final PeerHealth health = new PeerHealth(Duration.ofSeconds(30), clock);
    private final Map<Token, PeerReply> replies = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private final RecordedHints hints = new RecordedHints();

    @TempDir
    private Path directory;

    private Store store;
    private Challenges challenges;

    @BeforeEach
    void openStore() throws StoreException {
        store = Store.open(directory, clock);
        challenges = new Challenges(store, List.of(), clock);
    }

    @Test
    void marksAnswersToQuestionsForTokensOfRelayedAccountsOnly() throws StoreException {
        challenges.publish(RELAYED);
        challenges.publish(OTHER);
        hints.inMemory.addAll(Set.of(RELAYED, OTHER));
        Handoff handoff = relaying(HandoffMode.REDIRECT);

        assertThat(handoff.answerFromMemory(request(TOKEN, NONE_REMAINS)))
                .contains(new Answer.Held(RELAYED, HandoffHint.RELAY));
        assertThat(handoff.answer(request(TOKEN, NONE_REMAINS))).isEqualTo(new Answer.Held(RELAYED, HandoffHint.RELAY));
        assertThat(handoff.answerFromMemory(request(OTHER.token(), NONE_REMAINS)))
                .contains(new Answer.Held(OTHER, HandoffHint.NONE));
    }

    @ParameterizedTest
    @EnumSource
    void neverMarksAnswersToTheCa(HandoffMode mode) throws StoreException {
        challenges.publish(RELAYED);
        Handoff handoff = relaying(mode);
        for (RemainingNodes remaining : List.of(
                new RemainingNodes.Unspecified(),
                new RemainingNodes.Invalid(),
                new RemainingNodes.Named(List.of(WEB1)))) {
            assertThat(handoff.answerFromMemory(request(TOKEN, remaining)))
                    .contains(new Answer.Held(RELAYED, HandoffHint.NONE));
            assertThat(handoff.answer(request(TOKEN, remaining))).isEqualTo(new Answer.Held(RELAYED, HandoffHint.NONE));
        }
        assertThat(hints.asked).as("a CA's request does not depend on hints").hasValue(0);
    }

    @Test
    void marksTokensThatAreFilesOnly() throws Exception {
        Files.writeString(store.challenges().resolve(TOKEN.value()), RELAYED.text());

        assertThat(relaying(HandoffMode.REDIRECT).answer(request(TOKEN, NONE_REMAINS)))
                .isEqualTo(new Answer.Held(RELAYED, HandoffHint.RELAY));
    }

    @Test
    void leavesTheEventLoopToReadTheAccounts() throws StoreException {
        challenges.publish(RELAYED);
        Handoff handoff = relaying(HandoffMode.REDIRECT);

        assertThat(handoff.answerFromMemory(request(TOKEN, NONE_REMAINS))).isEmpty();
        assertThat(handoff.answer(request(TOKEN, NONE_REMAINS))).isEqualTo(new Answer.Held(RELAYED, HandoffHint.RELAY));
        assertThat(handoff.answerFromMemory(request(TOKEN, NONE_REMAINS)))
                .contains(new Answer.Held(RELAYED, HandoffHint.RELAY));
    }

    @Test
    void aNodeWithoutSuchACaGivesNoHints() throws StoreException {
        challenges.publish(RELAYED);

        assertThat(withoutPolicy().answerFromMemory(request(TOKEN, NONE_REMAINS)))
                .contains(new Answer.Held(RELAYED, HandoffHint.NONE));
    }

    @Test
    void givesTheAnswerItselfIfTheHolderSaysSo() {
        replies.put(TOKEN, new PeerReply.Holds(RELAYED, HandoffHint.RELAY));
        Handoff handoff = relaying(HandoffMode.REDIRECT);

        assertThat(handoff.answer(fromCa("another CA"))).isEqualTo(new Answer.Relayed(RELAYED));
        assertThat(handoff.answer(fromCa(""))).isEqualTo(new Answer.Relayed(RELAYED));
    }

    @Test
    void redirectsIfTheHolderSaysNothing() {
        replies.put(TOKEN, new PeerReply.Holds(RELAYED, HandoffHint.NONE));

        assertThat(relaying(HandoffMode.REDIRECT).answer(fromCa("another CA"))).isEqualTo(redirectToWeb1());
    }

    @Test
    void neverGivesAPeersAnswerWithoutSuchACa() {
        replies.put(TOKEN, new PeerReply.Holds(RELAYED, HandoffHint.RELAY));

        assertThat(withoutPolicy().answer(fromCa("another CA"))).isEqualTo(redirectToWeb1());
    }

    @Test
    void neverGivesAPeersAnswerToACaThatFollowsRedirects() {
        replies.put(TOKEN, new PeerReply.Holds(RELAYED, HandoffHint.RELAY));

        assertThat(relaying(HandoffMode.REDIRECT).answer(fromCa(FOLLOWING_CA))).isEqualTo(redirectToWeb1());
    }

    @Test
    void decidesForEachRequestAlthoughTheHolderIsRemembered() {
        replies.put(TOKEN, new PeerReply.Holds(RELAYED, HandoffHint.RELAY));
        Handoff handoff = relaying(HandoffMode.REDIRECT);
        for (int i = 0; i < 2; i++) {
            assertThat(handoff.answer(fromCa("another CA"))).isEqualTo(new Answer.Relayed(RELAYED));
            assertThat(handoff.answer(fromCa(FOLLOWING_CA))).isEqualTo(redirectToWeb1());
        }
        assertThat(questions).hasValue(1);
    }

    @Test
    void theOtherModesStayAsTheyAre() {
        replies.put(TOKEN, new PeerReply.Holds(RELAYED, HandoffHint.NONE));

        assertThat(relaying(HandoffMode.RELAY).answer(fromCa(FOLLOWING_CA))).isEqualTo(new Answer.Relayed(RELAYED));
        assertThat(questions).hasValue(1);
        assertThat(relaying(HandoffMode.RING).answer(fromCa("another CA"))).isEqualTo(redirectToWeb1());
        assertThat(questions).hasValue(1);
    }

    @Test
    void asksNobodyWithinAWalk() {
        replies.put(TOKEN, new PeerReply.Holds(RELAYED, HandoffHint.RELAY));

        assertThat(relaying(HandoffMode.REDIRECT).answer(request(TOKEN, new RemainingNodes.Named(List.of(WEB1)))))
                .isEqualTo(new Answer.NotFound());
        assertThat(questions).hasValue(0);
    }

    private Handoff relaying(HandoffMode mode) {
        return handoff(mode, Optional.of(new RelayPolicy(hints, FOLLOWING_CA::equals)));
    }

    private Handoff withoutPolicy() {
        return handoff(HandoffMode.REDIRECT, Optional.empty());
    }

    private Handoff handoff(HandoffMode mode, Optional<RelayPolicy> policy) {
        PeerClient peers = new PeerClient() {
            @Override
            public PeerReply ask(Node peer, Token token) {
                questions.incrementAndGet();
                return replies.getOrDefault(token, new PeerReply.DoesNotHold());
            }

            @Override
            public boolean isUp(Node peer) {
                return true;
            }
        };
        return new Handoff(
                mode, CLUSTER, challenges, peers, health, new LookupBudget(clock), clock, policy, HandoffListener.NONE);
    }

    private static ChallengeRequest request(Token token, RemainingNodes remaining) {
        return new ChallengeRequest(token, remaining, InetAddress.ofLiteral("192.0.2.1"), "");
    }

    private static ChallengeRequest fromCa(String userAgent) {
        return new ChallengeRequest(
                TOKEN, new RemainingNodes.Unspecified(), InetAddress.ofLiteral("192.0.2.1"), userAgent);
    }

    private static Answer redirectToWeb1() {
        return new Answer.RedirectTo("http://web1.example.org" + TOKEN.path() + "?left=");
    }

    /** Knows that RELAYED is for a relayed account. Has it in memory once it has been asked for. */
    private static final class RecordedHints implements HandoffHints {

        private final Set<KeyAuthorization> inMemory = ConcurrentHashMap.newKeySet();
        private final AtomicInteger asked = new AtomicInteger();

        @Override
        public Optional<HandoffHint> hintFromMemory(KeyAuthorization keyAuthorization) {
            asked.incrementAndGet();
            return inMemory.contains(keyAuthorization) ? Optional.of(hintOf(keyAuthorization)) : Optional.empty();
        }

        @Override
        public HandoffHint hint(KeyAuthorization keyAuthorization) {
            asked.incrementAndGet();
            inMemory.add(keyAuthorization);
            return hintOf(keyAuthorization);
        }

        private static HandoffHint hintOf(KeyAuthorization keyAuthorization) {
            return keyAuthorization.equals(RELAYED) ? HandoffHint.RELAY : HandoffHint.NONE;
        }
    }
}
