package org.ringcert.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;

class RemainingNodesTest {

    private static final List<Node> NODES = new ArrayList<>();

    static {
        for (int i = 0; i < 12; i++) {
            NODES.add(new Node(new HostName("web" + i + ".example.org"), "127.0.0.1", 80));
        }
    }

    private static final Cluster CLUSTER = new Cluster(NODES, NODES.get(2).name());

    private static String names(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "web" + i + ".example.org")
                .collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "x=1", "at=web1.example.org", "lefty=1", "Left=web1.example.org", "x=left", "&&"})
    void ignoresOtherParameters(@Nullable String query) {
        assertThat(RemainingNodes.parse(query, CLUSTER)).isEqualTo(new RemainingNodes.Unspecified());
    }

    @ParameterizedTest
    @ValueSource(strings = {"left=", "left", "x=1&left=", "left=&at=web1.example.org"})
    void anEmptyListNamesNoNodes(String query) {
        assertThat(RemainingNodes.parse(query, CLUSTER)).isEqualTo(new RemainingNodes.Named(List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "left=web1.example.org,web0.example.org",
                "left=web1.example.org%2Cweb0.example.org",
                "left=web1.example.org%2cweb0.example.org",
                "left=WEB1.example.ORG,web0.example.org",
                "a=b&left=web1.example.org,web0.example.org&at=x"
            })
    void keepsTheOrderOfNames(String query) {
        assertThat(RemainingNodes.parse(query, CLUSTER))
                .isEqualTo(new RemainingNodes.Named(List.of(NODES.get(1), NODES.get(0))));
    }

    @Test
    void acceptsNineNamesAndRefusesTen() {
        assertThat(RemainingNodes.parse("left=" + names(9), CLUSTER))
                .isEqualTo(new RemainingNodes.Named(NODES.subList(0, 9)));
        assertThat(RemainingNodes.parse("left=" + names(10), CLUSTER)).isEqualTo(new RemainingNodes.Invalid());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "left=evil.example.com",
                "left=web1.example.org,evil.example.com",
                "left=web1.example.org,web1.example.org",
                "left=web1.example.org,WEB1.example.org",
                "left=,",
                "left=web1.example.org,",
                "left=,web1.example.org",
                "left=web1.example.org&left=web0.example.org",
                "left=&left=",
                "left=web1.example.org:80",
                "left=web1.example.org.",
                "left=web1.example.org%00",
                "left=web1.example.org%0d%0aX:y",
                "left=http://web1.example.org/",
                "left=web1.example.org%252Cweb0.example.org",
                "left=127.0.0.1",
                "left=*"
            })
    void refusesListsThatNoNodeMakes(String query) {
        assertThat(RemainingNodes.parse(query, CLUSTER)).isEqualTo(new RemainingNodes.Invalid());
    }

    @Test
    void refusesAHugeList() {
        assertThat(RemainingNodes.parse("left=" + "web1.example.org,".repeat(10_000), CLUSTER))
                .isEqualTo(new RemainingNodes.Invalid());
    }
}
