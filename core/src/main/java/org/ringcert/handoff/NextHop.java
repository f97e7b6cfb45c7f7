package org.ringcert.handoff;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.ringcert.challenge.Http01;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.Node;

/** Where a request for a token goes that is not held here. Pure: the same arguments, the same answer. */
final class NextHop {

    /**
     * More peers that did not answer than this are not walked after questions; each may cost the CA its connection
     * timeout.
     */
    private static final int MOST_UNANSWERED = 3;

    private NextHop() {}

    /** The next step of a walk that has come here. Nobody is asked inside a walk. */
    static Answer onward(Cluster cluster, Token token, RemainingNodes.Named left, Predicate<Node> silent) {
        List<Node> nodes = left.nodes();
        if (!nodes.isEmpty() && nodes.getLast().equals(cluster.predecessor())) {
            return new Answer.NotFound();
        }
        List<Node> untried = nodes.subList(nodes.indexOf(cluster.self()) + 1, nodes.size());
        return walk(token, untried.stream().filter(silent.negate()).toList());
    }

    /** Straight to the holder, and nowhere from there. */
    static Answer toHolder(Token token, Node holder) {
        return walk(token, List.of(holder));
    }

    /** Nobody who answered holds it: a walk over those who did not answer. */
    static Answer overUnanswered(Cluster cluster, Token token, Set<Node> unanswered) {
        return walk(
                token,
                cluster.peers().stream()
                        .filter(unanswered::contains)
                        .limit(MOST_UNANSWERED)
                        .toList());
    }

    /** A walk over all peers that are not known to be silent, without any question. */
    static Answer round(Cluster cluster, Token token, Predicate<Node> silent) {
        return walk(
                token,
                cluster.peers().stream()
                        .filter(silent.negate())
                        .limit(Http01.MAX_REDIRECTS)
                        .toList());
    }

    private static Answer walk(Token token, List<Node> nodes) {
        if (nodes.isEmpty()) {
            return new Answer.NotFound();
        }
        String left = nodes.stream().skip(1).map(node -> node.name().value()).collect(Collectors.joining(","));
        return new Answer.RedirectTo("http://" + nodes.getFirst().authority() + token.path() + "?left=" + left);
    }
}
