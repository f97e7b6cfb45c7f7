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
    private final Map<Token, CompletableFuture<Outcome>> underWay = new ConcurrentHashMap<>();
    private final Map<Token, Remembered> holders = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Token, Remembered> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    /** What came of a round of questions. */
    sealed interface Outcome {
        record Found(Node holder, KeyAuthorization keyAuthorization) implements Outcome {}

        /** Nobody said yes; those peers did not answer. */
        record NotFound(Set<Node> unanswered) implements Outcome {}

        /** Nobody was asked: the budget is spent. */
        record NotAsked() implements Outcome {}
    }

    private record Remembered(Outcome.Found found, Instant until) {}

    PeerLookup(Cluster cluster, PeerClient peers, PeerHealth health, InstantSource clock) {
        this.cluster = cluster;
        this.peers = peers;
        this.health = health;
        this.clock = clock;
        this.budget = new LookupBudget(clock);
    }

    Outcome whoHolds(Token token, InetAddress source) {
        Optional<Outcome.Found> known = remembered(token);
        if (known.isPresent()) {
            return known.get();
        }
        CompletableFuture<Outcome> mine = new CompletableFuture<>();
        CompletableFuture<Outcome> others = underWay.putIfAbsent(token, mine);
        if (others != null) {
            return others.join();
        }
        Outcome outcome = new Outcome.NotAsked();
        try {
            if (underWay.size() <= MOST_UNDER_WAY && budget.allows(source)) {
                outcome = askAll(token);
            }
            switch (outcome) {
                case Outcome.Found found -> remember(token, found);
                case Outcome.NotFound none -> budget.fruitless(source);
                case Outcome.NotAsked none -> {}
            }
        } finally {
            underWay.remove(token);
            mine.complete(outcome);
        }
        return outcome;
    }

    private Outcome askAll(Token token) {
        CompletableFuture<Outcome.Found> yes = new CompletableFuture<>();
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
        Optional<Outcome> found = Optional.ofNullable(yes.getNow(null));
        return found.orElseGet(() -> new Outcome.NotFound(new HashSet<>(unanswered)));
    }

    private void hear(Node peer, PeerClient.Reply reply, CompletableFuture<Outcome.Found> yes, Set<Node> unanswered) {
        switch (reply) {
            case PeerClient.Reply.Yes(KeyAuthorization keyAuthorization) -> {
                health.recordAnswer(peer);
                yes.complete(new Outcome.Found(peer, keyAuthorization));
            }
            case PeerClient.Reply.No() -> {
                health.recordAnswer(peer);
                unanswered.remove(peer);
            }
            case PeerClient.Reply.Silence(String reason) -> {
                log.debug("{} did not say whether it holds a challenge: {}", peer, reason);
                health.recordSilence(peer);
            }
        }
    }

    private Optional<Outcome.Found> remembered(Token token) {
        synchronized (holders) {
            return Optional.ofNullable(holders.get(token))
                    .filter(remembered -> clock.instant().isBefore(remembered.until()))
                    .map(Remembered::found);
        }
    }

    private void remember(Token token, Outcome.Found found) {
        synchronized (holders) {
            holders.put(token, new Remembered(found, clock.instant().plus(REMEMBERED)));
        }
    }
}
