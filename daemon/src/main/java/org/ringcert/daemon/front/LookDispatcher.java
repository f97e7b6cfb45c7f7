package org.ringcert.daemon.front;

import io.netty.util.concurrent.EventExecutor;
import java.util.function.Consumer;
import org.ringcert.view.look.LookAnswer;
import org.ringcert.view.look.LookRequest;
import org.ringcert.view.look.LookResponder;

/**
 * Gets the answers to requests to look, on virtual threads. They have a limit of their own, because each of them may
 * take seconds, and challenges must not wait for them. For the event loop only.
 */
final class LookDispatcher {

    private final BlockingAnswers answers;
    private final FrontEvents events;

    LookDispatcher(EventExecutor loop, int maxPending, FrontEvents events) {
        this.answers = new BlockingAnswers(loop, maxPending, "front-look-");
        this.events = events;
    }

    /**
     * Looks. Calls back on the event loop, immediately or later, exactly once unless the loop has ended. If too many
     * looks are pending, the answer is {@link LookAnswer.Busy}.
     */
    void dispatch(LookRequest request, LookResponder responder, Consumer<FrontResponse> callback) {
        Consumer<LookAnswer> onAnswer = answer -> {
            events.lookAnswered(request, answer);
            callback.accept(FrontResponse.look(answer));
        };
        boolean isStarted = answers.start(() -> responder.look(request), onAnswer, e -> {
            events.internalError(e);
            callback.accept(FrontResponse.error(HttpError.INTERNAL_ERROR));
        });
        if (!isStarted) {
            onAnswer.accept(new LookAnswer.Busy());
        }
    }

    /** Interrupts the pending looks without waiting for them. */
    void close() {
        answers.close();
    }
}
