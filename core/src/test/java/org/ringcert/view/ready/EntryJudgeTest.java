package org.ringcert.view.ready;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.Rule;
import org.ringcert.view.ca.Walk;
import org.ringcert.view.ca.Walk.Hop;
import org.ringcert.view.ca.Walk.Verdict;
import org.ringcert.view.ready.Readiness.Weight;

class EntryJudgeTest {

    private static final Node SELF = new Node(new HostName("web0.example.org"), "web0.example.org", 80);
    private static final Node OTHER = new Node(new HostName("web1.example.org"), "10.0.0.2", 80);
    private static final HostName NAME = new HostName("www.example.org");
    private static final InetAddress INSIDE = InetAddress.ofLiteral("10.0.0.2");
    private static final InetAddress INSIDE_IPV6 = InetAddress.ofLiteral("fd00::2");
    private static final InetAddress OF_A_ROUTER = InetAddress.ofLiteral("192.0.2.7");
    private static final InetAddress OWN = InetAddress.getLoopbackAddress();
    private static final Verdict ACCEPTED =
            new Verdict.Accepted(new KeyAuthorization(new Token("a".repeat(43)), "b".repeat(43)));
    private static final Verdict REFUSED =
            new Verdict.Refused(new Problem(Rule.CONNECTION, "nothing listens", "", "Start it."));

    private static Walk walk(Verdict verdict, Hop... hops) {
        return new Walk(List.of(hops), verdict, List.of());
    }

    private static Hop answered(String host, InetAddress address, int status) {
        return new Hop("http://" + host + "/x", Optional.of(address), OptionalInt.of(status), Duration.ZERO);
    }

    private static Hop unanswered(String host, InetAddress address) {
        return new Hop("http://" + host + "/x", Optional.of(address), OptionalInt.empty(), Duration.ZERO);
    }

    private static List<Weight> weights(Node node, Map<InetAddress, Walk> walks) {
        return new EntryJudge(node, SELF)
                .judge(NAME, walks).stream().map(NameFinding::weight).toList();
    }

    @Test
    void anAddressThatCannotBeReachedIsExcusedByOneThatWorks() {
        Map<InetAddress, Walk> walks = new LinkedHashMap<>();
        walks.put(INSIDE_IPV6, walk(REFUSED, unanswered("www.example.org", INSIDE_IPV6)));
        assertThat(weights(OTHER, walks)).containsExactly(Weight.AGAINST);

        walks.put(INSIDE, walk(ACCEPTED, answered("www.example.org", INSIDE, 200)));
        assertThat(weights(OTHER, walks)).containsExactly(Weight.NOTE, Weight.FOR);
    }

    @Test
    void aWrongAnswerAtOneAddressIsNotExcused() {
        Map<InetAddress, Walk> walks = new LinkedHashMap<>();
        walks.put(INSIDE_IPV6, walk(REFUSED, answered("www.example.org", INSIDE_IPV6, 404)));
        walks.put(INSIDE, walk(ACCEPTED, answered("www.example.org", INSIDE, 200)));
        assertThat(weights(OTHER, walks)).containsExactly(Weight.AGAINST, Weight.FOR);
    }

    @Test
    void aServerBehindARouterNeedNotReachItself() {
        Walk handedOver =
                walk(REFUSED, answered("www.example.org", INSIDE, 302), unanswered("web0.example.org", OF_A_ROUTER));
        assertThat(weights(OTHER, Map.of(INSIDE, handedOver))).containsExactly(Weight.NOTE);
        Walk direct = walk(REFUSED, unanswered("www.example.org", OF_A_ROUTER));
        assertThat(weights(SELF, Map.of(OF_A_ROUTER, direct))).containsExactly(Weight.NOTE);
        assertThat(new EntryJudge(SELF, SELF)
                        .judge(NAME, Map.of(OF_A_ROUTER, direct))
                        .getFirst()
                        .sentence()
                        .apply("www.example.org"))
                .contains("behind a router", "ringcert check");
    }

    @Test
    void aServerMustReachItselfAtAnAddressOfItsOwn() {
        Walk handedOver = walk(REFUSED, answered("www.example.org", INSIDE, 302), unanswered("web0.example.org", OWN));
        assertThat(weights(OTHER, Map.of(INSIDE, handedOver))).containsExactly(Weight.AGAINST);
    }

    @Test
    void anotherServerOnTheWayIsNotExcused() {
        Walk lost =
                walk(REFUSED, answered("www.example.org", INSIDE, 302), unanswered("web2.example.org", OF_A_ROUTER));
        assertThat(weights(OTHER, Map.of(INSIDE, lost))).containsExactly(Weight.AGAINST);
    }

    @Test
    void whatCannotBeDecidedSpeaksAgainstTheMove() {
        Walk undecided = walk(
                new Verdict.Undecided("this machine has no route to it", "Give it IPv6."),
                unanswered("www.example.org", INSIDE_IPV6));
        assertThat(weights(OTHER, Map.of(INSIDE_IPV6, undecided))).containsExactly(Weight.AGAINST);
    }
}
