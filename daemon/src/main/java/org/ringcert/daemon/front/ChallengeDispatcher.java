package org.ringcert.daemon.front;

import io.netty.util.concurrent.EventExecutor;
import java.util.Optional;
import java.util.function.Consumer;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.handoff.ChallengeResponder;

/**
 * Gets the answers to challenges: from memory on the event loop, or else on virtual threads, up to a maximum number at
 * a time. For the event loop only.
 */
final class ChallengeDispatcher {

    private final BlockingAnswers answers;
    private final FrontEvents events;

    ChallengeDispatcher(EventExecutor loop, int maxPending, FrontEvents events) {
        this.answers = new BlockingAnswers(loop, maxPending, "front-answer-");
        this.events = events;
    }

    /**
     * Answers a challenge. Calls back on the event loop, immediately or later, exactly once unless the loop has ended.
     */
    void dispatch(ChallengeRequest request, ChallengeResponder responder, Consumer<FrontResponse> callback) {
        Optional<Answer> fromMemory;
        try {
            fromMemory = responder.answerFromMemory(request);
        } catch (RuntimeException | Error e) {
            callback.accept(failed(e));
            return;
        }
        if (fromMemory.isPresent()) {
            callback.accept(answered(request, fromMemory.get()));
            return;
        }
        boolean isStarted = answers.start(
                () -> responder.answer(request),
                answer -> callback.accept(answered(request, answer)),
                e -> callback.accept(failed(e)));
        if (!isStarted) {
            events.requestRefused(HttpError.UNAVAILABLE);
            callback.accept(FrontResponse.error(HttpError.UNAVAILABLE));
        }
    }

    /** Interrupts the pending answers without waiting for them. */
    void close() {
        answers.close();
    }

    private FrontResponse failed(Throwable e) {
        events.internalError(e);
        return FrontResponse.error(HttpError.INTERNAL_ERROR);
    }

    private FrontResponse answered(ChallengeRequest request, Answer answer) {
        events.challengeAnswered(request, answer);
        return FrontResponse.answer(answer);
    }
}
