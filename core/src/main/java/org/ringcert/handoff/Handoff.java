package org.ringcert.handoff;

import java.time.InstantSource;
import java.util.Optional;
import org.ringcert.challenge.Challenges;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.PeerHealth;
import org.ringcert.handoff.PeerLookup.LookupResult;

/**
 * Answers requests for challenges on one node: from what is held here, else by sending the CA to the node that holds
 * it. Decides by the token alone. Safe for any number of threads.
 */
public final class Handoff implements ChallengeResponder {

    private final HandoffMode mode;
    private final Cluster cluster;
    private final Challenges challenges;
    private final PeerHealth health;
    private final PeerLookup questions;

    /**
     * The answers of one node.
     *
     * @param health what is known of who answers; written by questions and by the {@link PeerMonitor}, read by walks
     */
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
        this.questions = new PeerLookup(cluster, peers, health, clock);
    }

    @Override
    public Optional<Answer> answerFromMemory(ChallengeRequest request) {
        return challenges.findInMemory(request.token()).map(Answer.Held::new);
    }

    @Override
    public Answer answer(ChallengeRequest request) {
        return challenges.find(request.token()).<Answer>map(Answer.Held::new).orElseGet(() -> elsewhere(request));
    }

    private Answer elsewhere(ChallengeRequest request) {
        return switch (request.remaining()) {
            case RemainingNodes.Invalid() -> new Answer.NotFound();
            case RemainingNodes.Named named -> NextHop.onward(cluster, request.token(), named, health::isSilent);
            case RemainingNodes.Unspecified() ->
                switch (mode) {
                    case REDIRECT -> redirect(request.token(), ask(request));
                    case RELAY -> relay(ask(request));
                    case RING -> NextHop.round(cluster, request.token(), health::isSilent);
                };
        };
    }

    private LookupResult ask(ChallengeRequest request) {
        return questions.findHolder(request.token(), request.source());
    }

    private Answer redirect(Token token, LookupResult outcome) {
        return switch (outcome) {
            case LookupResult.HolderFound(var holder, var _) -> NextHop.toHolder(token, holder);
            case LookupResult.NoHolder(var unanswered) -> NextHop.overUnanswered(cluster, token, unanswered);
            case LookupResult.NotAsked() -> NextHop.round(cluster, token, health::isSilent);
        };
    }

    private static Answer relay(LookupResult outcome) {
        return switch (outcome) {
            case LookupResult.HolderFound(var _, var keyAuthorization) -> new Answer.Relayed(keyAuthorization);
            case LookupResult.NoHolder none -> new Answer.NotFound();
            case LookupResult.NotAsked none -> new Answer.NotFound();
        };
    }
}
