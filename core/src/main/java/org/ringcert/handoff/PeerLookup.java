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
 * Finds out which peer holds a token: asks all peers at the same time, within the {@link LookupBudget}. Requests for
 * the same token share one lookup. A holder is remembered for ten minutes at most; that no peer holds a token is not
 * remembered. Thread-safe.
 */
final class PeerLookup {

    private static final Logger log = LoggerFactory.getLogger(PeerLookup.class);
    private static final Duration HOLDER_TTL = Duration.ofMinutes(10);
    private static final int MAX_HOLDERS = 1000;
    private static final int MAX_IN_PROGRESS = 256;

    /** How long to wait for a peer if the last contact with it failed. It is asked, but will probably not answer. */
    private static final Duration FAILED_PEER_TIMEOUT = Duration.ofMillis(300);

    private final Cluster cluster;
    private final PeerClient peers;
    private final PeerHealth health;
    private final InstantSource clock;
    private final LookupBudget budget;
    private final HandoffListener listener;
    private final Map<Token, CompletableFuture<LookupResult>> inProgress = new ConcurrentHashMap<>();
    private final Map<Token, KnownHolder> holders = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Token, KnownHolder> eldest) {
            return size() > MAX_HOLDERS;
        }
    };

    private record KnownHolder(LookupResult.HolderFound found, Instant expires) {}

    PeerLookup(
            Cluster cluster,
            PeerClient peers,
            PeerHealth health,
            LookupBudget budget,
            InstantSource clock,
            HandoffListener listener) {
        this.cluster = cluster;
        this.peers = peers;
        this.health = health;
        this.clock = clock;
        this.budget = budget;
        this.listener = listener;
    }

    /**
     * Returns the holder of a token. Blocks until a peer says that it holds the token or all have been waited for, a
     * little more than {@link PeerClient#TIMEOUT} at most.
     *
     * @param source the client whose budget is charged
     */
    LookupResult findHolder(Token token, InetAddress source) {
        Optional<LookupResult.HolderFound> known = knownHolder(token);
        if (known.isPresent()) {
            return known.get();
        }
        CompletableFuture<LookupResult> mine = new CompletableFuture<>();
        CompletableFuture<LookupResult> others = inProgress.putIfAbsent(token, mine);
        if (others != null) {
            return others.join();
        }
        LookupResult result = new LookupResult.NotAsked();
        try {
            if (inProgress.size() <= MAX_IN_PROGRESS && budget.allows(source)) {
                result = askAll(token);
            }
            switch (result) {
                case LookupResult.HolderFound found -> remember(token, found);
                case LookupResult.HolderNotFound _ -> budget.chargeMiss(source);
                case LookupResult.NotAsked _ -> {}
            }
        } finally {
            inProgress.remove(token);
            mine.complete(result);
        }
        return result;
    }

    private LookupResult askAll(Token token) {
        CompletableFuture<LookupResult.HolderFound> found = new CompletableFuture<>();
        Set<Node> possibleHolders = ConcurrentHashMap.newKeySet();
        List<CompletableFuture<Void>> awaited = new ArrayList<>();
        for (Node peer : cluster.peers()) {
            possibleHolders.add(peer);
            boolean failedBefore = health.lastContactFailed(peer);
            CompletableFuture<Void> done = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    handleReply(peer, peers.ask(peer, token), found, possibleHolders);
                } finally {
                    done.complete(null);
                }
            });
            awaited.add(
                    failedBefore
                            ? done.completeOnTimeout(null, FAILED_PEER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                            : done);
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(awaited.toArray(CompletableFuture[]::new));
        CompletableFuture.anyOf(found, all).join();
        Optional<LookupResult> holder = Optional.ofNullable(found.getNow(null));
        return holder.orElseGet(() -> new LookupResult.HolderNotFound(new HashSet<>(possibleHolders)));
    }

    private void handleReply(
            Node peer, PeerReply reply, CompletableFuture<LookupResult.HolderFound> found, Set<Node> possibleHolders) {
        switch (reply) {
            case PeerReply.Holds(KeyAuthorization keyAuthorization, HandoffHint hint) -> {
                health.recordSuccess(peer);
                found.complete(new LookupResult.HolderFound(peer, keyAuthorization, hint));
            }
            case PeerReply.DoesNotHold() -> {
                health.recordSuccess(peer);
                possibleHolders.remove(peer);
            }
            case PeerReply.Unclear(String reason) -> {
                log.debug("{} did not say whether it holds a challenge: {}", peer, reason);
                health.recordFailure(peer);
            }
        }
        listener.onPeerAsked(peer, reply);
    }

    private Optional<LookupResult.HolderFound> knownHolder(Token token) {
        synchronized (holders) {
            return Optional.ofNullable(holders.get(token))
                    .filter(known -> clock.instant().isBefore(known.expires()))
                    .map(KnownHolder::found);
        }
    }

    private void remember(Token token, LookupResult.HolderFound found) {
        synchronized (holders) {
            holders.put(token, new KnownHolder(found, clock.instant().plus(HOLDER_TTL)));
        }
    }
}
