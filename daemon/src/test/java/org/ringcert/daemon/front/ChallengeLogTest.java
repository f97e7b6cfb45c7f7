package org.ringcert.daemon.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ringcert.challenge.Token;
import org.ringcert.daemon.RecordedLog;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.handoff.RemainingNodes;

/** Invented tokens do not fill the disk. */
class ChallengeLogTest {

    private final RecordedLog recorded = new RecordedLog("ringcert.challenge");
    private final ChallengeLog log = new ChallengeLog();

    @AfterEach
    void stopRecording() {
        recorded.close();
    }

    @Test
    void logsAThousandLinesOfAFloodThenTenASecondAndCountsTheRest() {
        flood(5_000);
        assertThat(recorded.messages()).hasSize(1_000);

        log.refill();
        flood(5_000);
        assertThat(recorded.messages()).hasSize(1_010);

        log.refill();
        log.refill();
        assertThat(recorded.messages()).hasSize(1_011);
        assertThat(recorded.messages().getLast()).isEqualTo("8990 more challenges were answered, too many to log each");
    }

    private void flood(int requests) {
        IntStream.range(0, requests).forEach(i -> {
            Token token = Token.parse("invented-token-number-" + i).orElseThrow();
            log.add(
                    new ChallengeRequest(token, new RemainingNodes.Unspecified(), InetAddress.getLoopbackAddress(), ""),
                    new Answer.RedirectTo("http://web1.example.org" + token.path()));
        });
    }
}
