package org.ringcert.daemon.front;

import io.netty.util.concurrent.EventExecutor;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.handoff.ChallengeResponder;

/**
 * Gets the answers to challenges: from memory on the event loop, or else on virtual threads, up to a maximum number at
 * a time. For the event loop only.
 */
final class ChallengeDispatcher {

    private final EventExecutor loop;
    private final int maxPending;
    private final FrontEvents events;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("front-answer-", 0).factory());
    private int pending;

    ChallengeDispatcher(EventExecutor loop, int maxPending, FrontEvents events) {
        this.loop = loop;
        this.maxPending = maxPending;
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
        } else if (pending >= maxPending) {
            events.requestRefused(HttpError.UNAVAILABLE);
            callback.accept(FrontResponse.error(HttpError.UNAVAILABLE));
        } else {
            pending++;
            threads.execute(() -> awaitAnswer(request, responder, callback));
        }
    }

    /** Interrupts the pending answers without waiting for them. */
    void close() {
        threads.shutdownNow();
    }

    private void awaitAnswer(ChallengeRequest request, ChallengeResponder responder, Consumer<FrontResponse> callback) {
        try {
            Answer answer = responder.answer(request);
            completeOnLoop(() -> callback.accept(answered(request, answer)));
        } catch (RuntimeException | Error e) {
            completeOnLoop(() -> callback.accept(failed(e)));
        }
    }

    private void completeOnLoop(Runnable task) {
        try {
            loop.execute(() -> {
                pending--;
                task.run();
            });
        } catch (RejectedExecutionException _) {
            // The front has closed, so there is no client to answer.
        }
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
