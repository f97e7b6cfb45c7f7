package org.ringcert.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.handoff.PeerReply;
import org.ringcert.handoff.RemainingNodes;
import org.ringcert.issue.AccountEvent;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.renew.RenewalResult;
import org.ringcert.store.CertificateName;

class JoinedListenerTest {

    private static final CertificateName NAME = CertificateName.of("www.example.org");
    private static final URI CA = URI.create("https://ca.example.org/directory");

    @Test
    void passesEveryEventToEachListenerInOrder() {
        List<String> events = new ArrayList<>();
        callAll(new JoinedListener(new Recording("first", events), new Recording("second", events)));
        assertThat(events)
                .containsExactly(
                        "first event",
                        "second event",
                        "first account",
                        "second account",
                        "first result",
                        "second result",
                        "first answer",
                        "second answer",
                        "first reply",
                        "second reply");
    }

    @Test
    void keepsExceptionsFromTheOtherListenersAndFromTheCaller() {
        List<String> events = new ArrayList<>();
        callAll(new JoinedListener(new Failing(), new Recording("second", events)));
        assertThat(events)
                .containsExactly("second event", "second account", "second result", "second answer", "second reply");
    }

    private static void callAll(NodeListener listener) {
        listener.onEvent(NAME, new IssuanceEvent.Ordered(CA, CA));
        listener.onAccountEvent(CA, new AccountEvent.RegistrationFailed("no"));
        listener.onResult(new RenewalResult.Busy(NAME, Instant.EPOCH));
        listener.onAnswer(
                new ChallengeRequest(
                        new Token("evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA"),
                        new RemainingNodes.Unspecified(),
                        InetAddress.getLoopbackAddress(),
                        ""),
                new Answer.NotFound());
        listener.onPeerAsked(new Node(new HostName("web1.example.org"), "192.0.2.1", 80), new PeerReply.DoesNotHold());
    }

    private record Recording(String label, List<String> events) implements NodeListener {

        @Override
        public void onEvent(CertificateName name, IssuanceEvent event) {
            events.add(label + " event");
        }

        @Override
        public void onAccountEvent(URI directory, AccountEvent event) {
            events.add(label + " account");
        }

        @Override
        public void onResult(RenewalResult result) {
            events.add(label + " result");
        }

        @Override
        public void onAnswer(ChallengeRequest request, Answer answer) {
            events.add(label + " answer");
        }

        @Override
        public void onPeerAsked(Node peer, PeerReply reply) {
            events.add(label + " reply");
        }
    }

    private static final class Failing implements NodeListener {

        @Override
        public void onEvent(CertificateName name, IssuanceEvent event) {
            throw new IllegalStateException("a bug");
        }

        @Override
        public void onAccountEvent(URI directory, AccountEvent event) {
            throw new AssertionError("a bug");
        }

        @Override
        public void onResult(RenewalResult result) {
            throw new IllegalStateException("a bug");
        }

        @Override
        public void onAnswer(ChallengeRequest request, Answer answer) {
            throw new IllegalStateException("a bug");
        }

        @Override
        public void onPeerAsked(Node peer, PeerReply reply) {
            throw new IllegalStateException("a bug");
        }
    }
}
