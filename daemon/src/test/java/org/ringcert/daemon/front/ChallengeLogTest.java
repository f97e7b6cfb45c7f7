package org.ringcert.daemon.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ringcert.challenge.TestChallenge;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.daemon.RecordedLog;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.handoff.RemainingNodes;
import org.ringcert.view.look.LookAnswer;
import org.ringcert.view.look.LookRequest;

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

    @Test
    void testChallengesAndLooksLeaveTheLimitToChallengesOfCas() {
        Token probe = TestChallenge.unpublished(new SecureRandom()).token();
        for (int i = 0; i < 5_000; i++) {
            log.add(request(probe), new Answer.RedirectTo("http://web1.example.org" + probe.path()));
            log.add(look(probe), new LookAnswer.Report("{}"));
        }
        assertThat(recorded.messages()).isEmpty();

        flood(1);

        assertThat(recorded.messages()).hasSize(1);
    }

    private static ChallengeRequest request(Token token) {
        return new ChallengeRequest(token, new RemainingNodes.Unspecified(), InetAddress.getLoopbackAddress(), "");
    }

    private static LookRequest look(Token token) {
        Node node = new Node(new HostName("web1.example.org"), "web1.example.org", 80);
        return new LookRequest(token, node, node.name(), InetAddress.getLoopbackAddress());
    }

    private void flood(int requests) {
        IntStream.range(0, requests).forEach(i -> {
            Token token = Token.parse("invented-token-number-" + i).orElseThrow();
            log.add(request(token), new Answer.RedirectTo("http://web1.example.org" + token.path()));
        });
    }
}
