package org.ringcert.handoff;

import java.time.InstantSource;
import java.util.Optional;
import org.ringcert.challenge.Challenges;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.PeerHealth;

/**
 * Answers challenge requests on one node: with the key authorization if this node holds the token, otherwise as the
 * {@link HandoffMode} says. Thread-safe.
 */
public final class Handoff implements ChallengeResponder {

    private final HandoffMode mode;
    private final Cluster cluster;
    private final Challenges challenges;
    private final PeerHealth health;
    private final PeerLookup lookup;

    /** @param health updated by lookups, and read to leave out of walks the peers that failed recently */
    public Handoff(
            HandoffMode mode,
            Cluster cluster,
            Challenges challenges,
            PeerClient peers,
            PeerHealth health,
            InstantSource clock) {
        this.mode = mode;
        this.cluster = cluster;
        this.challenges = challenges;
        this.health = health;
        this.lookup = new PeerLookup(cluster, peers, health, clock);
    }

    @Override
    public Optional<Answer> answerFromMemory(ChallengeRequest request) {
        return challenges.findInMemory(request.token()).map(Answer.Held::new);
    }

    @Override
    public Answer answer(ChallengeRequest request) {
        return challenges.find(request.token()).<Answer>map(Answer.Held::new).orElseGet(() -> handOver(request));
    }

    private Answer handOver(ChallengeRequest request) {
        return switch (request.remaining()) {
            case RemainingNodes.Invalid() -> new Answer.NotFound();
            case RemainingNodes.Named named ->
                NextHop.continueWalk(cluster, request.token(), named, health::failedRecently);
            case RemainingNodes.Unspecified() ->
                switch (mode) {
                    case REDIRECT -> redirect(request.token(), findHolder(request));
                    case RELAY -> relay(findHolder(request));
                    case RING -> NextHop.aroundRing(cluster, request.token(), health::failedRecently);
                };
        };
    }

    private LookupResult findHolder(ChallengeRequest request) {
        return lookup.findHolder(request.token(), request.source());
    }

    private Answer redirect(Token token, LookupResult result) {
        return switch (result) {
            case LookupResult.HolderFound(var holder, var _) -> NextHop.toHolder(token, holder);
            case LookupResult.HolderNotFound(var possibleHolders) ->
                NextHop.amongPossibleHolders(cluster, token, possibleHolders);
            case LookupResult.NotAsked() -> NextHop.aroundRing(cluster, token, health::failedRecently);
        };
    }

    private static Answer relay(LookupResult result) {
        return switch (result) {
            case LookupResult.HolderFound(var _, var keyAuthorization) -> new Answer.Relayed(keyAuthorization);
            case LookupResult.HolderNotFound _ -> new Answer.NotFound();
            case LookupResult.NotAsked _ -> new Answer.NotFound();
        };
    }
}
