package org.ringcert.daemon.front;

import java.util.Optional;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;

/** Who knows the answers to challenges. Safe for any number of threads. */
public interface Responder {

    /** The answer where memory alone gives it. Called on the event loop: must not block. */
    Optional<Answer> atOnce(ChallengeRequest request);

    /**
     * The answer. Called on a virtual thread, where {@link #atOnce} had none; may block, and is interrupted when the
     * front closes.
     */
    Answer answer(ChallengeRequest request);
}
