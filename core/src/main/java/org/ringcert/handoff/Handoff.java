package org.ringcert.handoff;

import java.time.InstantSource;
import java.util.Optional;
import org.ringcert.challenge.Challenges;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.PeerHealth;

/**
 * Answers challenge requests on one node: with the key authorization if this node holds the token, otherwise as the
 * {@link HandoffMode} and the {@link RelayPolicy} say. Thread-safe.
 */
public final class Handoff implements ChallengeResponder {

    private final HandoffMode mode;
    private final Cluster cluster;
    private final Challenges challenges;
    private final PeerHealth health;
    private final PeerLookup lookup;
    private final Optional<RelayPolicy> relayPolicy;
    private final HandoffListener listener;

    /**
     * @param health updated by lookups, and read to leave out of walks the peers that failed recently
     * @param budget limits what is asked on behalf of strangers
     * @param relayPolicy empty if all CAs of this node follow redirects; hints of peers are then ignored, and none are
     *     given
     * @param listener receives every answer, and every question to a peer
     */
    public Handoff(
            HandoffMode mode,
            Cluster cluster,
            Challenges challenges,
            PeerClient peers,
            PeerHealth health,
            LookupBudget budget,
            InstantSource clock,
            Optional<RelayPolicy> relayPolicy,
            HandoffListener listener) {
        this.mode = mode;
        this.cluster = cluster;
        this.challenges = challenges;
        this.health = health;
        this.lookup = new PeerLookup(cluster, peers, health, budget, clock, listener);
        this.relayPolicy = relayPolicy;
        this.listener = listener;
    }

    @Override
    public Optional<Answer> answerFromMemory(ChallengeRequest request) {
        Optional<Answer> answer = heldInMemory(request);
        answer.ifPresent(found -> listener.onAnswer(request, found));
        return answer;
    }

    private Optional<Answer> heldInMemory(ChallengeRequest request) {
        Optional<KeyAuthorization> held = challenges.findInMemory(request.token());
        return givesHint(request)
                ? held.flatMap(keyAuthorization ->
                        hints().hintFromMemory(keyAuthorization).map(hint -> new Answer.Held(keyAuthorization, hint)))
                : held.map(Handoff::heldWithoutHint);
    }

    @Override
    public Answer answer(ChallengeRequest request) {
        Answer answer = challenges
                .find(request.token())
                .map(keyAuthorization -> held(request, keyAuthorization))
                .orElseGet(() -> handOver(request));
        listener.onAnswer(request, answer);
        return answer;
    }

    private Answer held(ChallengeRequest request, KeyAuthorization keyAuthorization) {
        return givesHint(request)
                ? new Answer.Held(keyAuthorization, hints().hint(keyAuthorization))
                : heldWithoutHint(keyAuthorization);
    }

    private static Answer heldWithoutHint(KeyAuthorization keyAuthorization) {
        return new Answer.Held(keyAuthorization, HandoffHint.NONE);
    }

    private boolean givesHint(ChallengeRequest request) {
        return relayPolicy.isPresent() && request.remaining().isNone();
    }

    private HandoffHints hints() {
        return relayPolicy.orElseThrow().hints();
    }

    private Answer handOver(ChallengeRequest request) {
        return switch (request.remaining()) {
            case RemainingNodes.Invalid() -> new Answer.NotFound();
            case RemainingNodes.Named named ->
                NextHop.continueWalk(cluster, request.token(), named, health::failedRecently);
            case RemainingNodes.Unspecified() ->
                switch (mode) {
                    case REDIRECT -> redirect(request, findHolder(request));
                    case RELAY -> relay(findHolder(request));
                    case RING -> NextHop.aroundRing(cluster, request.token(), health::failedRecently);
                };
        };
    }

    private LookupResult findHolder(ChallengeRequest request) {
        return lookup.findHolder(request.token(), request.source());
    }

    private Answer redirect(ChallengeRequest request, LookupResult result) {
        Token token = request.token();
        return switch (result) {
            case LookupResult.HolderFound(var holder, var keyAuthorization, var hint) ->
                relays(request, hint) ? new Answer.Relayed(keyAuthorization) : NextHop.toHolder(token, holder);
            case LookupResult.HolderNotFound(var possibleHolders) ->
                NextHop.amongPossibleHolders(cluster, token, possibleHolders);
            case LookupResult.NotAsked() -> NextHop.aroundRing(cluster, token, health::failedRecently);
        };
    }

    private boolean relays(ChallengeRequest request, HandoffHint hint) {
        return relayPolicy.isPresent() && relayPolicy.get().relays(request, hint);
    }

    private static Answer relay(LookupResult result) {
        return switch (result) {
            case LookupResult.HolderFound(var _, var keyAuthorization, var _) -> new Answer.Relayed(keyAuthorization);
            case LookupResult.HolderNotFound _ -> new Answer.NotFound();
            case LookupResult.NotAsked _ -> new Answer.NotFound();
        };
    }
}
