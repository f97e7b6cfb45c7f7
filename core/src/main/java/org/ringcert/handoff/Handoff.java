package org.ringcert.handoff;

import java.time.InstantSource;
import java.util.Optional;
import org.ringcert.challenge.Challenges;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.PeerHealth;

/**
 * Answers requests for challenges on one node: from what is held here, else by sending the CA to the node that holds it. Decides by the token alone. Safe for any
 * number of threads.
 */
public final class Handoff {

    private final Cluster cluster;
    private final Challenges challenges;
    private final PeerHealth health;
    private final Questions questions;

    /** @param health what is known of who answers; written by the questions, read by walks */
    public Handoff(Cluster cluster, Challenges challenges, Peers peers, PeerHealth health, InstantSource clock) {
        this.cluster = cluster;
        this.challenges = challenges;
        this.health = health;
        this.questions = new Questions(cluster, peers, health, clock);
    }

    /** The answer where memory alone gives it; never blocks, so an event loop may call it. */
    public Optional<Answer> atOnce(ChallengeRequest request) {
        return challenges.inMemory(request.token()).map(Answer.Held::new);
    }

    /** The answer. May block: on the disk, and on questions to peers for a little more than a second. */
    public Answer answer(ChallengeRequest request) {
        return challenges.held(request.token()).<Answer>map(Answer.Held::new).orElseGet(() -> elsewhere(request));
    }

    private Answer elsewhere(ChallengeRequest request) {
        return switch (request.left()) {
            case Left.Refused() -> new Answer.Unknown();
            case Left.Named named -> Decision.onward(cluster, request.token(), named, health::isSilent);
            case Left.Absent() -> ask(request);
        };
    }

    private Answer ask(ChallengeRequest request) {
        return switch (questions.whoHolds(request.token(), request.source())) {
            case Questions.Outcome.Found found -> Decision.toHolder(request.token(), found.holder());
            case Questions.Outcome.NotFound(var unanswered) ->
                Decision.overUnanswered(cluster, request.token(), unanswered);
            case Questions.Outcome.NotAsked() -> Decision.round(cluster, request.token(), health::isSilent);
        };
    }
}
