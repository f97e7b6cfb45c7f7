package org.ringcert.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;

/**
 * Feeds arbitrary queries to nodes. Whatever {@code left} says, the walk is short and leads to configured nodes only.
 */
class RemainingNodesFuzz {

    private static final Token TOKEN = new Token("the-requested-token");

    /** The names are short, so that the fuzzer finds them soon. */
    private static final List<Node> NODES = IntStream.range(0, 12)
            .mapToObj(i -> new Node(new HostName("w" + i), "127.0.0.1", i % 2 == 0 ? 80 : 8080))
            .toList();

    private static final Pattern LOCATION =
            Pattern.compile("http://w[0-9]+(:8080)?" + TOKEN.path() + "\\?left=(w[0-9]+(,w[0-9]+){0,7})?");

    /**
     * The first three bytes of the input are the number of nodes, which of them this is, and which failed recently; the
     * rest is the query.
     */
    @FuzzTest
    void decide(byte[] input) {
        if (input.length < 3) {
            return;
        }
        List<Node> nodes = NODES.subList(0, 1 + Math.floorMod(input[0], NODES.size()));
        Node self = nodes.get(Math.floorMod(input[1], nodes.size()));
        Predicate<Node> failedRecently = node -> (input[2] >> NODES.indexOf(node) & 1) != 0;
        Cluster cluster = new Cluster(nodes, self.name());
        String query = new String(input, 3, input.length - 3, StandardCharsets.ISO_8859_1);

        switch (RemainingNodes.parse(query, cluster)) {
            case RemainingNodes.Invalid _ -> {}
            case RemainingNodes.Unspecified _ ->
                follow(NextHop.aroundRing(cluster, TOKEN, failedRecently), nodes, failedRecently);
            case RemainingNodes.Named named -> {
                assertThat(named.nodes()).hasSizeLessThanOrEqualTo(9).doesNotHaveDuplicates();
                assertThat(nodes).containsAll(named.nodes());
                follow(NextHop.continueWalk(cluster, TOKEN, named, failedRecently), nodes, failedRecently);
            }
        }
    }

    private static void follow(Answer first, List<Node> nodes, Predicate<Node> failedRecently) {
        Answer answer = first;
        int redirects = 0;
        while (answer instanceof Answer.RedirectTo(String location)) {
            assertThat(++redirects).isLessThanOrEqualTo(9);
            assertThat(location).matches(LOCATION);
            URI url = URI.create(location);
            Node here = nodes.stream()
                    .filter(node -> node.authority().equals(url.getAuthority()))
                    .findFirst()
                    .orElseThrow();
            assertThat(failedRecently.test(here)).isFalse();
            Cluster cluster = new Cluster(nodes, here.name());
            RemainingNodes remaining = RemainingNodes.parse(url.getRawQuery(), cluster);
            assertThat(remaining).isInstanceOf(RemainingNodes.Named.class);
            answer = NextHop.continueWalk(cluster, TOKEN, (RemainingNodes.Named) remaining, failedRecently);
        }
        assertThat(answer).isEqualTo(new Answer.NotFound());
    }
}
