package org.ringcert.daemon.front;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.daemon.front.FrontService.OtherHosts;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.handoff.ChallengeResponder;
import org.ringcert.handoff.HandoffHint;
import org.ringcert.view.look.LookAnswer;
import org.ringcert.view.look.LookResponder;

/** A front of a cluster of three, seen from web0, and the tokens that it knows. */
final class FrontFixture {

    static final Token HELD = new Token("held-in-memory-0123456789");
    static final Token SLOW = new Token("held-elsewhere-0123456789");
    static final Token ELSEWHERE = new Token("sent-elsewhere-0123456789");
    static final Token UNKNOWN = new Token("nobody-knows-0123456789");
    static final String THUMBPRINT = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
    static final String LOCATION = "http://web2.example.org" + ELSEWHERE.path() + "?left=";

    static final Cluster CLUSTER = new Cluster(
            List.of(node("web0.example.org"), node("web1.example.org"), node("web2.example.org")),
            new HostName("web0.example.org"));
    static final Set<HostName> HOSTS =
            Set.of(new HostName("www.example.org"), new HostName("web0.example.org"), new HostName("web1.example.org"));

    private FrontFixture() {}

    /**
     * Answers HELD, ELSEWHERE and UNKNOWN from memory, and everything else by the function, on a thread that may wait.
     */
    static ChallengeResponder responder(Function<ChallengeRequest, Answer> slowAnswer) {
        return new ChallengeResponder() {
            @Override
            public Optional<Answer> answerFromMemory(ChallengeRequest request) {
                if (request.token().equals(HELD)) {
                    return Optional.of(held(request));
                }
                if (request.token().equals(ELSEWHERE)) {
                    return Optional.of(new Answer.RedirectTo(LOCATION));
                }
                return request.token().equals(UNKNOWN) ? Optional.of(new Answer.NotFound()) : Optional.empty();
            }

            @Override
            public Answer answer(ChallengeRequest request) {
                return slowAnswer.apply(request);
            }
        };
    }

    static Answer held(ChallengeRequest request) {
        return new Answer.Held(new KeyAuthorization(request.token(), THUMBPRINT), HandoffHint.NONE);
    }

    static FrontService service(ChallengeResponder responder) {
        return service(responder, _ -> new LookAnswer.NotHeld());
    }

    static FrontService service(ChallengeResponder responder, LookResponder lookResponder) {
        return new FrontService(CLUSTER, HOSTS, OtherHosts.NOT_FOUND, responder, lookResponder);
    }

    static FrontService service(OtherHosts otherHosts) {
        return new FrontService(
                CLUSTER, HOSTS, otherHosts, responder(FrontFixture::held), _ -> new LookAnswer.NotHeld());
    }

    static Front start(FrontLimits limits, Function<ChallengeRequest, Answer> slowAnswer) throws ListenException {
        return start(service(responder(slowAnswer)), limits, FrontListener.NONE);
    }

    static Front start(FrontService service, FrontLimits limits, FrontListener listener) throws ListenException {
        return Front.start(List.of(anyPort()), service, limits, listener, Clock.systemUTC());
    }

    static Front start() throws ListenException {
        return start(FrontLimits.standard(), FrontFixture::held);
    }

    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** Returns limits so wide that no test reaches them; each test narrows the ones that it is about. */
    static FrontLimitsBuilder limits() {
        return new FrontLimitsBuilder();
    }

    private static Node node(String name) {
        return new Node(new HostName(name), name, 80);
    }
}
