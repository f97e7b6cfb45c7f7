package org.ringcert.handoff;

import java.util.Optional;

/** Answers requests for challenges. Thread-safe. */
public interface ChallengeResponder {

    /** Returns the answer if memory alone gives it. Never blocks, so an event loop may call it. */
    Optional<Answer> answerFromMemory(ChallengeRequest request);

    /**
     * Returns the answer. May block on the disk and on requests to peers, for a little more than a second. An interrupt
     * ends the wait early.
     */
    Answer answer(ChallengeRequest request);
}
