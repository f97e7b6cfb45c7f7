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
 * Gets the answers to challenges: from memory on the event loop, all others on virtual threads, so many at a time.
 * Apart from {@link #change} only for the event loop.
 */
final class ChallengeDispatcher {

    private final EventExecutor loop;
    private final int mostInWork;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("front-answer-", 0).factory());
    private final ErrorSummary troubles = new ErrorSummary();
    private final ChallengeLog log = new ChallengeLog();
    private volatile Service service;
    private int inWork;

    /** What a configuration says: replaced as a whole. */
    record Service(Router rules, ChallengeResponder responder) {}

    ChallengeDispatcher(EventExecutor loop, int mostInWork, Service service) {
        this.loop = loop;
        this.mostInWork = mostInWork;
        this.service = service;
    }

    void change(Service next) {
        service = next;
    }

    Router rules() {
        return service.rules();
    }

    ErrorSummary troubles() {
        return troubles;
    }

    /** Each second: tells of what was kept back. */
    void sweep() {
        troubles.tell();
        log.refill();
    }

    /** Calls back on the event loop, at once or later, exactly once, unless the loop has ended. */
    void ask(ChallengeRequest request, Consumer<Response> then) {
        ChallengeResponder responder = service.responder();
        Optional<Answer> atOnce;
        try {
            atOnce = responder.answerFromMemory(request);
        } catch (RuntimeException | Error e) {
            then.accept(failed(e));
            return;
        }
        if (atOnce.isPresent()) {
            then.accept(answered(request, atOnce.get()));
        } else if (inWork >= mostInWork) {
            then.accept(Response.of(Refusal.UNAVAILABLE));
        } else {
            inWork++;
            threads.execute(() -> askAndWait(responder, request, then));
        }
    }

    /** Those who still wait are interrupted; nobody is waited for. */
    void close() {
        threads.shutdownNow();
    }

    private void askAndWait(ChallengeResponder responder, ChallengeRequest request, Consumer<Response> then) {
        try {
            Answer answer = responder.answer(request);
            onLoop(() -> then.accept(answered(request, answer)));
        } catch (RuntimeException | Error e) {
            onLoop(() -> then.accept(failed(e)));
        }
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(() -> {
                inWork--;
                task.run();
            });
        } catch (RejectedExecutionException _) {
            // The front has closed: there is nobody left to answer.
        }
    }

    private Response failed(Throwable e) {
        troubles.add(e);
        return Response.of(Refusal.INTERNAL_ERROR);
    }

    private Response answered(ChallengeRequest request, Answer answer) {
        log.add(request, answer);
        return Response.of(answer);
    }
}
