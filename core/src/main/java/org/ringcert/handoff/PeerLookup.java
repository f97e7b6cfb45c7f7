package org.ringcert.handoff;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.PeerHealth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks all peers at once who holds a token: one round of questions at a time for each token, within the budget. Holders
 * are remembered for ten minutes at most, noes never. Safe for any number of threads.
 */
final class PeerLookup {

    private static final Logger log = LoggerFactory.getLogger(PeerLookup.class);
    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    private static final int MOST_REMEMBERED = 1000;
    private static final int MOST_UNDER_WAY = 256;

    /** Who was silent the last time is asked again, but not waited for longer than this. */
    private static final Duration PATIENCE_WITH_SILENT = Duration.ofMillis(300);

    private final Cluster cluster;
    private final PeerClient peers;
    private final PeerHealth health;
    private final InstantSource clock;
    private final LookupBudget budget;
    private final Map<Token, CompletableFuture<LookupResult>> underWay = new ConcurrentHashMap<>();
    private final Map<Token, Remembered> holders = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Token, Remembered> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    /** What came of a round of questions. */
    sealed interface LookupResult {
        record HolderFound(Node holder, KeyAuthorization keyAuthorization) implements LookupResult {}

        /** Nobody said yes; those peers did not answer. */
        record NoHolder(Set<Node> unanswered) implements LookupResult {}

        /** Nobody was asked: the budget is spent. */
        record NotAsked() implements LookupResult {}
    }

    private record Remembered(LookupResult.HolderFound found, Instant until) {}

    PeerLookup(Cluster cluster, PeerClient peers, PeerHealth health, InstantSource clock) {
        this.cluster = cluster;
        this.peers = peers;
        this.health = health;
        this.clock = clock;
        this.budget = new LookupBudget(clock);
    }

    LookupResult findHolder(Token token, InetAddress source) {
        Optional<LookupResult.HolderFound> known = remembered(token);
        if (known.isPresent()) {
            return known.get();
        }
        CompletableFuture<LookupResult> mine = new CompletableFuture<>();
        CompletableFuture<LookupResult> others = underWay.putIfAbsent(token, mine);
        if (others != null) {
            return others.join();
        }
        LookupResult outcome = new LookupResult.NotAsked();
        try {
            if (underWay.size() <= MOST_UNDER_WAY && budget.allows(source)) {
                outcome = askAll(token);
            }
            switch (outcome) {
                case LookupResult.HolderFound found -> remember(token, found);
                case LookupResult.NoHolder none -> budget.fruitless(source);
                case LookupResult.NotAsked none -> {}
            }
        } finally {
            underWay.remove(token);
            mine.complete(outcome);
        }
        return outcome;
    }

    private LookupResult askAll(Token token) {
        CompletableFuture<LookupResult.HolderFound> yes = new CompletableFuture<>();
        Set<Node> unanswered = ConcurrentHashMap.newKeySet();
        List<CompletableFuture<Void>> waitedFor = new ArrayList<>();
        for (Node peer : cluster.peers()) {
            unanswered.add(peer);
            boolean wasSilent = health.lastContactWasSilent(peer);
            CompletableFuture<Void> answered = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    hear(peer, peers.ask(peer, token), yes, unanswered);
                } finally {
                    answered.complete(null);
                }
            });
            waitedFor.add(
                    wasSilent
                            ? answered.completeOnTimeout(null, PATIENCE_WITH_SILENT.toMillis(), TimeUnit.MILLISECONDS)
                            : answered);
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(waitedFor.toArray(CompletableFuture[]::new));
        CompletableFuture.anyOf(yes, all).join();
        Optional<LookupResult> found = Optional.ofNullable(yes.getNow(null));
        return found.orElseGet(() -> new LookupResult.NoHolder(new HashSet<>(unanswered)));
    }

    private void hear(
            Node peer, PeerReply reply, CompletableFuture<LookupResult.HolderFound> yes, Set<Node> unanswered) {
        switch (reply) {
            case PeerReply.Holds(KeyAuthorization keyAuthorization) -> {
                health.recordAnswer(peer);
                yes.complete(new LookupResult.HolderFound(peer, keyAuthorization));
            }
            case PeerReply.DoesNotHold() -> {
                health.recordAnswer(peer);
                unanswered.remove(peer);
            }
            case PeerReply.Unclear(String reason) -> {
                log.debug("{} did not say whether it holds a challenge: {}", peer, reason);
                health.recordSilence(peer);
            }
        }
    }

    private Optional<LookupResult.HolderFound> remembered(Token token) {
        synchronized (holders) {
            return Optional.ofNullable(holders.get(token))
                    .filter(remembered -> clock.instant().isBefore(remembered.until()))
                    .map(Remembered::found);
        }
    }

    private void remember(Token token, LookupResult.HolderFound found) {
        synchronized (holders) {
            holders.put(token, new Remembered(found, clock.instant().plus(REMEMBERED)));
        }
    }
}
