package org.ringcert.daemon.front;

import io.netty.util.NetUtil;
import org.ringcert.challenge.TestChallenge;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.view.look.LookAnswer;
import org.ringcert.view.look.LookRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs one line for each answered challenge, in a form that scripts may rely on. Anybody can cause these lines, so
 * their rate is limited; answers above the limit are counted only. Test challenges and looks for peers are logged at
 * DEBUG: a single `ringcert check` makes dozens, which would use up the limit for challenges of CAs. For the event loop
 * only.
 */
final class ChallengeLog {

    private static final Logger log = LoggerFactory.getLogger("ringcert.challenge");

    /** Lines that may be logged in a burst. A CA causes fewer, whatever the number of sites. */
    private static final int BURST = 1_000;

    private static final int LINES_PER_SECOND = 10;

    private int allowed = BURST;
    private long omitted;

    void add(ChallengeRequest request, Answer answer) {
        Level level = level(request, answer);
        if (!log.isEnabledForLevel(level) || !takeLine()) {
            return;
        }
        String from = NetUtil.toAddressString(request.source());
        LoggingEventBuilder line = log.atLevel(level);
        switch (answer) {
            case Answer.Held _ -> line.log("token={} from={} answer=held", request.token(), from);
            case Answer.Relayed _ -> line.log("token={} from={} answer=relayed", request.token(), from);
            case Answer.RedirectTo redirect ->
                line.log("token={} from={} answer=sent-to location={}", request.token(), from, redirect.location());
            case Answer.NotFound() -> line.log("token={} from={} answer=unknown", request.token(), from);
        }
    }

    /** A stranger who sends tokens with the form of test challenges hides his own requests only. */
    private static Level level(ChallengeRequest request, Answer answer) {
        return answer instanceof Answer.NotFound || TestChallenge.hasFormOf(request.token()) ? Level.DEBUG : Level.INFO;
    }

    void add(LookRequest request, LookAnswer answer) {
        if (!log.isDebugEnabled() || !takeLine()) {
            return;
        }
        String from = NetUtil.toAddressString(request.source());
        switch (answer) {
            case LookAnswer.Report _ ->
                log.debug(
                        "token={} from={} answer=looked at={} look={}",
                        request.token(),
                        from,
                        request.at(),
                        request.name());
            case LookAnswer.NotHeld() ->
                log.debug("token={} from={} answer=not-held at={}", request.token(), from, request.at());
            case LookAnswer.Busy() -> log.debug("token={} from={} answer=busy", request.token(), from);
        }
    }

    /** Returns whether a line may be logged now; otherwise counts it. */
    private boolean takeLine() {
        if (allowed == 0) {
            omitted++;
            return false;
        }
        allowed--;
        return true;
    }

    /** Allows a few more lines, and logs how many were omitted once the flood is over. Called every second. */
    void refill() {
        allowed = Math.min(BURST, allowed + LINES_PER_SECOND);
        if (omitted > 0 && allowed > LINES_PER_SECOND) {
            log.info("{} more challenges were answered, too many to log each", omitted);
            omitted = 0;
        }
    }
}
