package org.ringcert.view.look;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;

/** Feeds arbitrary queries to a node. Whatever they say, only configured names are asked and looked at. */
class LookQueryFuzz {

    /** The names are short, so that the fuzzer finds them soon. */
    private static final List<Node> NODES =
            List.of(new Node(new HostName("w0"), "127.0.0.1", 80), new Node(new HostName("w1"), "127.0.0.1", 80));

    private static final Cluster CLUSTER = new Cluster(NODES, new HostName("w0"));
    private static final Set<HostName> NAMES = Set.of(new HostName("s"), new HostName("w0"), new HostName("w1"));

    @FuzzTest
    void parse(byte[] input) {
        String query = new String(input, StandardCharsets.ISO_8859_1);
        List<String> parts = List.of(query.split("&", -1));
        switch (LookQuery.parse(query, CLUSTER, NAMES)) {
            case LookQuery.Look(Node at, HostName name) -> {
                assertThat(NODES).contains(at);
                assertThat(NAMES).contains(name);
                assertThat(withKey(parts, "at")).containsExactly("at=" + at);
                assertThat(withKey(parts, "look")).containsExactly("look=" + name);
                assertThat(withKey(parts, "left")).isEmpty();
            }
            case LookQuery.Invalid() -> {
                assertThat(withKey(parts, "at")).isNotEmpty();
                assertThat(withKey(parts, "look")).isNotEmpty();
                assertThat(withKey(parts, "left")).isEmpty();
            }
            case LookQuery.Absent() ->
                assertThat(withKey(parts, "at").isEmpty()
                                || withKey(parts, "look").isEmpty()
                                || !withKey(parts, "left").isEmpty())
                        .isTrue();
        }
    }

    /** Returns the parts with this key, their values in lower case. */
    private static List<String> withKey(List<String> parts, String key) {
        return parts.stream()
                .filter(part -> part.equals(key) || part.startsWith(key + "="))
                .map(part -> key + part.substring(key.length()).toLowerCase(Locale.ROOT))
                .toList();
    }
}
