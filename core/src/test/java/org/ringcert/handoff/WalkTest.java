package org.ringcert.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;

/** Follows walks as a CA does, through every small cluster. */
class WalkTest {

    private static final Token TOKEN = new Token("the-requested-token");

    private static List<Node> nodes(int count) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nodes.add(new Node(new HostName("web" + i + ".example.org"), "127.0.0.1", 80));
        }
        return nodes;
    }

    private static Node node(URI location, List<Node> nodes) {
        return nodes.stream()
                .filter(node -> node.name().value().equals(location.getHost()))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the nodes that a CA is redirected to, up to a holder or a 404. */
    private static List<Node> follow(Answer first, List<Node> nodes, Set<Node> holders, Set<Node> failed) {
        List<Node> visited = new ArrayList<>();
        Set<String> urls = new HashSet<>();
        Answer answer = first;
        while (answer instanceof Answer.RedirectTo(String location)) {
            assertThat(urls.add(location)).as("no URL twice: %s", location).isTrue();
            URI url = URI.create(location);
            Node here = node(url, nodes);
            visited.add(here);
            if (holders.contains(here)) {
                break;
            }
            Cluster cluster = new Cluster(nodes, here.name());
            RemainingNodes remaining = RemainingNodes.parse(url.getRawQuery(), cluster);
            assertThat(remaining).as(location).isInstanceOf(RemainingNodes.Named.class);
            answer = NextHop.continueWalk(cluster, TOKEN, (RemainingNodes.Named) remaining, failed::contains);
        }
        return visited;
    }

    @Test
    void theHolderIsReachedWithOneRedirectAndTheWalkEnds() {
        List<Node> nodes = nodes(5);
        Answer answer = NextHop.toHolder(TOKEN, nodes.get(3));
        assertThat(answer)
                .isEqualTo(new Answer.RedirectTo(
                        "http://web3.example.org/.well-known/acme-challenge/" + TOKEN + "?left="));
        assertThat(follow(answer, nodes, Set.of(), Set.of())).containsExactly(nodes.get(3));
    }

    @Test
    void theUrlHasThePortUnlessItIs80() {
        Node node = new Node(new HostName("web0.example.org"), "127.0.0.1", 5002);
        assertThat(NextHop.toHolder(TOKEN, node))
                .isEqualTo(new Answer.RedirectTo(
                        "http://web0.example.org:5002/.well-known/acme-challenge/" + TOKEN + "?left="));
    }

    @Test
    void answersNotFoundIfNoPeerIsAPossibleHolder() {
        Cluster cluster = new Cluster(nodes(4), new HostName("web1.example.org"));
        assertThat(NextHop.amongPossibleHolders(cluster, TOKEN, Set.of())).isEqualTo(new Answer.NotFound());
    }

    @Test
    void visitsEverySetOfPossibleHoldersOnceFromEveryEntry() {
        for (int size = 2; size <= 6; size++) {
            List<Node> nodes = nodes(size);
            for (Node entry : nodes) {
                Cluster cluster = new Cluster(nodes, entry.name());
                for (int mask = 0; mask < 1 << size; mask++) {
                    Set<Node> possibleHolders = new HashSet<>();
                    for (int i = 0; i < size; i++) {
                        if ((mask & 1 << i) != 0 && !nodes.get(i).equals(entry)) {
                            possibleHolders.add(nodes.get(i));
                        }
                    }
                    Answer answer = NextHop.amongPossibleHolders(cluster, TOKEN, possibleHolders);
                    List<Node> expected = cluster.peers().stream()
                            .filter(possibleHolders::contains)
                            .limit(3)
                            .toList();
                    assertThat(follow(answer, nodes, Set.of(), Set.of())).isEqualTo(expected);
                    for (Node holder : expected) {
                        assertThat(follow(answer, nodes, Set.of(holder), Set.of()))
                                .endsWith(holder);
                    }
                }
            }
        }
    }

    @Test
    void aWalkAroundTheRingFindsEveryHolderAndEndsForUnknownTokens() {
        for (int size = 1; size <= 10; size++) {
            List<Node> nodes = nodes(size);
            for (Node entry : nodes) {
                Cluster cluster = new Cluster(nodes, entry.name());
                Answer answer = NextHop.aroundRing(cluster, TOKEN, node -> false);
                assertThat(follow(answer, nodes, Set.of(), Set.of())).isEqualTo(cluster.peers());
                for (Node holder : cluster.peers()) {
                    assertThat(follow(answer, nodes, Set.of(holder), Set.of())).endsWith(holder);
                }
            }
        }
    }

    @Test
    void aWalkAroundALargeRingStopsAfterNineRedirects() {
        List<Node> nodes = nodes(12);
        Answer answer = NextHop.aroundRing(new Cluster(nodes, nodes.getFirst().name()), TOKEN, node -> false);
        assertThat(follow(answer, nodes, Set.of(), Set.of())).hasSize(9);
    }

    @Test
    void aWalkLeavesOutPeersThatFailedRecently() {
        List<Node> nodes = nodes(5);
        Set<Node> failed = Set.of(nodes.get(2), nodes.get(3));
        Answer answer = NextHop.aroundRing(new Cluster(nodes, nodes.get(0).name()), TOKEN, failed::contains);
        assertThat(follow(answer, nodes, Set.of(), failed)).containsExactly(nodes.get(1), nodes.get(4));
        Cluster second = new Cluster(nodes, nodes.get(1).name());
        RemainingNodes.Named remaining = new RemainingNodes.Named(nodes.subList(2, 5));
        assertThat(NextHop.continueWalk(second, TOKEN, remaining, failed::contains))
                .isEqualTo(new Answer.RedirectTo("http://web4.example.org" + TOKEN.path() + "?left="));
    }

    @Test
    void dropsTheNamesUpToThisNodeIfAnArticleStyleServerKeptThem() {
        List<Node> nodes = nodes(4);
        Cluster cluster = new Cluster(nodes, nodes.get(2).name());
        RemainingNodes.Named unchanged = new RemainingNodes.Named(List.of(nodes.get(1), nodes.get(2), nodes.get(3)));
        assertThat(NextHop.continueWalk(cluster, TOKEN, unchanged, node -> false))
                .isEqualTo(new Answer.RedirectTo("http://web3.example.org" + TOKEN.path() + "?left="));
    }

    @Test
    void aWalkThatCameAroundTheRingEnds() {
        List<Node> nodes = nodes(4);
        Cluster cluster = new Cluster(nodes, nodes.get(0).name());
        assertThat(NextHop.continueWalk(cluster, TOKEN, new RemainingNodes.Named(List.of(nodes.get(3))), node -> false))
                .isEqualTo(new Answer.NotFound());
    }

    /**
     * Returns what an Apache that does not know {@code left} ("Clustering Let's Encrypt with Apache", 2019) answers: a
     * redirect to the next server, with the query unchanged.
     */
    private static Answer answerOfApache(List<Node> nodes, Node here, String query) {
        Node next = nodes.get((nodes.indexOf(here) + 1) % nodes.size());
        return new Answer.RedirectTo(
                "http://" + next.authority() + TOKEN.path() + (query.isEmpty() ? "" : "?" + query));
    }

    /** Returns how many redirects there are until the holder answers or a node answers that there is none. */
    private static int redirects(List<Node> nodes, int apaches, Node entry, Optional<Node> holder) {
        Node here = entry;
        String query = "";
        Set<String> urls = new HashSet<>();
        for (int redirects = 0; ; redirects++) {
            assertThat(urls.add(here + "?" + query)).as("no URL twice").isTrue();
            if (holder.equals(Optional.of(here))) {
                return redirects;
            }
            Cluster cluster = new Cluster(nodes, here.name());
            Answer answer;
            if ((apaches & 1 << nodes.indexOf(here)) != 0) {
                answer = answerOfApache(nodes, here, query);
            } else {
                answer = switch (RemainingNodes.parse(query.isEmpty() ? null : query, cluster)) {
                    case RemainingNodes.Unspecified() -> NextHop.aroundRing(cluster, TOKEN, node -> false);
                    case RemainingNodes.Named named -> NextHop.continueWalk(cluster, TOKEN, named, node -> false);
                    case RemainingNodes.Invalid() -> throw new AssertionError("a list that no node makes: " + query);
                };
            }
            if (!(answer instanceof Answer.RedirectTo(String location))) {
                assertThat(holder).as("the holder is found").isEmpty();
                return redirects;
            }
            URI url = URI.create(location);
            here = node(url, nodes);
            query = url.getRawQuery() == null ? "" : url.getRawQuery();
        }
    }

    @Test
    void everyRingWithSomeArticleStyleServersFindsTheHolderAndEndsForUnknownTokens() {
        for (int size = 2; size <= 8; size++) {
            List<Node> nodes = nodes(size);
            for (int apaches = 0; apaches < (1 << size) - 1; apaches++) {
                for (Node entry : nodes) {
                    for (Node holder : nodes) {
                        assertThat(redirects(nodes, apaches, entry, Optional.of(holder)))
                                .as("held, %d servers, Apaches %s, from %s to %s", size, apaches, entry, holder)
                                .isLessThanOrEqualTo(size - 1);
                    }
                    assertThat(redirects(nodes, apaches, entry, Optional.empty()))
                            .as("unknown, %d servers, Apaches %s, from %s", size, apaches, entry)
                            .isLessThanOrEqualTo(2 * size - 1);
                }
            }
        }
    }
}
