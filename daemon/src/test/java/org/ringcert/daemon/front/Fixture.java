package org.ringcert.daemon.front;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.handoff.ChallengeResponder;

/** A cluster of three, seen from web0, and what the tests ask it. */
final class Fixture {

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

    private Fixture() {}

    /** Knows HELD, ELSEWHERE and UNKNOWN at once; everything else by the function, on a thread that may wait. */
    static ChallengeResponder responder(Function<ChallengeRequest, Answer> slow) {
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
                return slow.apply(request);
            }
        };
    }

    static Answer held(ChallengeRequest request) {
        return new Answer.Held(new KeyAuthorization(request.token(), THUMBPRINT));
    }

    static Front start(FrontLimits limits, Function<ChallengeRequest, Answer> slow) throws ListenException {
        return Front.start(List.of(anyPort()), CLUSTER, HOSTS, false, responder(slow), limits, Clock.systemUTC());
    }

    static Front start() throws ListenException {
        return start(FrontLimits.standard(), Fixture::held);
    }

    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** Limits so wide that no test meets them; each test narrows what it is about. */
    static Limits limits() {
        return new Limits();
    }

    /** Builds limits, beginning with wide ones. */
    static final class Limits {
        private Duration head = Duration.ofMinutes(5);
        private Duration idle = Duration.ofMinutes(5);
        private Duration answer = Duration.ofMinutes(5);
        private Duration write = Duration.ofMinutes(5);
        private int connections = 20_000;
        private int perAddress = 20_000;
        private boolean loopbackExempt = true;
        private int requests = 1_000;
        private int inWork = 1_000;
        private long unfinished = 64L * 1024 * 1024;

        Limits head(Duration limit) {
            head = limit;
            return this;
        }

        Limits idle(Duration limit) {
            idle = limit;
            return this;
        }

        Limits answer(Duration limit) {
            answer = limit;
            return this;
        }

        Limits write(Duration limit) {
            write = limit;
            return this;
        }

        Limits connections(int most) {
            connections = most;
            return this;
        }

        Limits perAddress(int most) {
            perAddress = most;
            loopbackExempt = false;
            return this;
        }

        Limits requests(int most) {
            requests = most;
            return this;
        }

        Limits inWork(int most) {
            inWork = most;
            return this;
        }

        Limits unfinished(long bytes) {
            unfinished = bytes;
            return this;
        }

        FrontLimits build() {
            return new FrontLimits(
                    head,
                    idle,
                    answer,
                    write,
                    Duration.ofMinutes(5),
                    connections,
                    perAddress,
                    loopbackExempt,
                    requests,
                    inWork,
                    unfinished);
        }
    }

    private static Node node(String name) {
        return new Node(new HostName(name), name, 80);
    }
}
