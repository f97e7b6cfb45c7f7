package org.ringcert.handoff;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.ringcert.challenge.Http01;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.Node;

/**
 * Decides where a CA goes from a node that does not hold the token. Without side effects: the result depends on the
 * arguments alone.
 */
final class NextHop {

    /** How many possible holders a walk visits at most. Each may cost the CA a connection timeout. */
    private static final int MAX_POSSIBLE_HOLDERS = 3;

    private NextHop() {}

    /**
     * Returns the next step of a walk that has come to this node. Within a walk, peers are never asked.
     *
     * <p>A list that ends with this node's predecessor belongs to a walk that began here. It has come around the ring,
     * so it ends.
     */
    static Answer continueWalk(
            Cluster cluster, Token token, RemainingNodes.Named remaining, Predicate<Node> failedRecently) {
        List<Node> nodes = remaining.nodes();
        if (!nodes.isEmpty() && nodes.getLast().equals(cluster.predecessor())) {
            return new Answer.NotFound();
        }
        // An Apache that does not know "left" ("Clustering Let's Encrypt with Apache", 2019) passes the list on
        // unchanged. Then this node is in it, and the nodes before it have been tried.
        List<Node> untried = nodes.subList(nodes.indexOf(cluster.self()) + 1, nodes.size());
        return walk(token, untried.stream().filter(failedRecently.negate()).toList());
    }

    /** Returns a redirect to the holder, from which the walk goes no further. */
    static Answer toHolder(Token token, Node holder) {
        return walk(token, List.of(holder));
    }

    /** Returns the start of a walk over the peers that did not rule out that they hold the token. */
    static Answer amongPossibleHolders(Cluster cluster, Token token, Set<Node> possibleHolders) {
        return walk(
                token,
                cluster.peers().stream()
                        .filter(possibleHolders::contains)
                        .limit(MAX_POSSIBLE_HOLDERS)
                        .toList());
    }

    /** Returns the start of a walk over all peers, except those whose last contact failed recently. */
    static Answer aroundRing(Cluster cluster, Token token, Predicate<Node> failedRecently) {
        return walk(
                token,
                cluster.peers().stream()
                        .filter(failedRecently.negate())
                        .limit(Http01.MAX_REDIRECTS)
                        .toList());
    }

    private static Answer walk(Token token, List<Node> nodes) {
        if (nodes.isEmpty()) {
            return new Answer.NotFound();
        }
        return new Answer.RedirectTo("http://" + nodes.getFirst().authority() + token.path() + "?"
                + RemainingNodes.toQuery(nodes.subList(1, nodes.size())));
    }
}
