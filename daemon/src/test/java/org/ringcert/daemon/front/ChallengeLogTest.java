package org.ringcert.daemon.front;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ringcert.challenge.Token;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.handoff.RemainingNodes;
import org.slf4j.LoggerFactory;

/** Whoever invents tokens does not fill the disk of a server. */
class ChallengeLogTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger("ringcert.challenge");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final ChallengeLog log = new ChallengeLog();

    @BeforeEach
    void listen() {
        lines.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    @Test
    void aFloodLeavesAThousandLinesThenTenASecondAndACountOfTheRest() {
        flood(5_000);
        assertThat(lines.list).hasSize(1_000);

        log.refill();
        flood(5_000);
        assertThat(lines.list).hasSize(1_010);

        log.refill();
        log.refill();
        assertThat(lines.list).hasSize(1_011);
        assertThat(lines.list.getLast().getFormattedMessage())
                .isEqualTo("8990 more challenges were answered, too many for a line each");
    }

    private void flood(int requests) {
        IntStream.range(0, requests).forEach(i -> {
            Token token = Token.parse("invented-token-number-" + i).orElseThrow();
            log.add(
                    new ChallengeRequest(token, new RemainingNodes.Unspecified(), InetAddress.getLoopbackAddress()),
                    new Answer.RedirectTo("http://web1.example.org" + token.path()));
        });
    }
}
