package org.ringcert.daemon.front;

import io.netty.util.NetUtil;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each challenge that was answered, in a form that scripts may rely on. Strangers make these lines, so
 * that there are only so many: what comes above is counted. For the event loop.
 */
final class ChallengeLog {

    private static final Logger log = LoggerFactory.getLogger("ringcert.challenge");

    /** More than a CA makes at once, for all the sites that there may be. */
    private static final int AT_ONCE = 1_000;

    private static final int EACH_SECOND = 10;

    private int allowed = AT_ONCE;
    private long leftOut;

    void add(ChallengeRequest request, Answer answer) {
        if (answer instanceof Answer.NotFound && !log.isDebugEnabled()) {
            return;
        }
        if (allowed == 0) {
            leftOut++;
            return;
        }
        allowed--;
        String from = NetUtil.toAddressString(request.source());
        switch (answer) {
            case Answer.Held held -> log.info("token={} from={} answer=held", request.token(), from);
            case Answer.Relayed relayed -> log.info("token={} from={} answer=relayed", request.token(), from);
            case Answer.RedirectTo there ->
                log.info("token={} from={} answer=sent-to location={}", request.token(), from, there.location());
            case Answer.NotFound() -> log.debug("token={} from={} answer=unknown", request.token(), from);
        }
    }

    /** Each second. */
    void refill() {
        allowed = Math.min(AT_ONCE, allowed + EACH_SECOND);
        if (leftOut > 0 && allowed > EACH_SECOND) {
            log.info("{} more challenges were answered, too many for a line each", leftOut);
            leftOut = 0;
        }
    }
}
