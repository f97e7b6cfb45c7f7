package org.ringcert.daemon.front;

import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.view.look.LookAnswer;
import org.ringcert.view.look.LookRequest;

/**
 * Passes on what the front does: to the challenge log, the summary of errors, and the listener. Contains whatever the
 * listener throws. For the event loop only.
 */
final class FrontEvents implements FrontListener {

    private final FrontListener listener;
    private final ChallengeLog challengeLog = new ChallengeLog();
    private final ErrorSummary errors = new ErrorSummary();

    FrontEvents(FrontListener listener) {
        this.listener = listener;
    }

    /** Logs what was held back. Called every second. */
    void flush() {
        errors.log();
        challengeLog.refill();
    }

    @Override
    public void connectionAccepted() {
        try {
            listener.connectionAccepted();
        } catch (RuntimeException | Error e) {
            errors.add(e);
        }
    }

    @Override
    public void connectionRefused() {
        try {
            listener.connectionRefused();
        } catch (RuntimeException | Error e) {
            errors.add(e);
        }
    }

    @Override
    public void connectionClosed() {
        try {
            listener.connectionClosed();
        } catch (RuntimeException | Error e) {
            errors.add(e);
        }
    }

    /** Logs an answer to a challenge, even if it came too late. */
    void challengeAnswered(ChallengeRequest request, Answer answer) {
        challengeLog.add(request, answer);
    }

    @Override
    public void lookAnswered(LookRequest request, LookAnswer answer) {
        challengeLog.add(request, answer);
        try {
            listener.lookAnswered(request, answer);
        } catch (RuntimeException | Error e) {
            errors.add(e);
        }
    }

    @Override
    public void redirectedToHttps() {
        try {
            listener.redirectedToHttps();
        } catch (RuntimeException | Error e) {
            errors.add(e);
        }
    }

    @Override
    public void healthChecked() {
        try {
            listener.healthChecked();
        } catch (RuntimeException | Error e) {
            errors.add(e);
        }
    }

    @Override
    public void requestRefused(HttpError reason) {
        try {
            listener.requestRefused(reason);
        } catch (RuntimeException | Error e) {
            errors.add(e);
        }
    }

    @Override
    public void internalError(Throwable error) {
        errors.add(error);
        try {
            listener.internalError(error);
        } catch (RuntimeException | Error e) {
            errors.add(e);
        }
    }
}
