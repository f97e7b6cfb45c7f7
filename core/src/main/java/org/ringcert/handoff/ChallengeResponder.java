package org.ringcert.handoff;

import java.util.Optional;

/** Answers challenge requests. Thread-safe. */
public interface ChallengeResponder {

    /** Returns the answer if memory alone gives it. Never blocks, so an event loop may call it. */
    Optional<Answer> answerFromMemory(ChallengeRequest request);

    /**
     * Returns the answer to a request that {@link #answerFromMemory} had none for. May block on the disk and on
     * requests to peers, for a little more than a second. The front interrupts the thread when it closes.
     */
    Answer answer(ChallengeRequest request);
}
