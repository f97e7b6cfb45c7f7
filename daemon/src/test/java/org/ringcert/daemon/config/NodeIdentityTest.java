package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;

class NodeIdentityTest {

    private final NodeIdentity nodes = new NodeIdentity(List.of(
            new HostName("web0.example.org"),
            new HostName("web1.example.org"),
            new HostName("web1.example.net"),
            new HostName("db")));

    @Test
    void theOptionComesBeforeAllElse() throws ConfigurationException {
        assertThat(nodes.find(
                        Optional.of("web0.example.org"), Map.of("RINGCERT_NODE", "db"), NodeIdentityTest::neverAsked))
                .hasToString("web0.example.org");
        assertThat(nodes.find(Optional.of("WEB0"), Map.of(), NodeIdentityTest::neverAsked))
                .hasToString("web0.example.org");
    }

    @Test
    void theVariableComesBeforeTheHostName() throws ConfigurationException {
        assertThat(nodes.find(Optional.empty(), Map.of("RINGCERT_NODE", "db"), NodeIdentityTest::neverAsked))
                .hasToString("db");
        assertThat(host("web0")).hasToString("web0.example.org");
        assertThat(nodes.find(Optional.empty(), Map.of("RINGCERT_NODE", " "), () -> "web0"))
                .hasToString("web0.example.org");
    }

    @Test
    void theHostNameMayBeFullOrShortOrOfAnotherDomain() throws ConfigurationException {
        assertThat(host("Web1.Example.Net")).hasToString("web1.example.net");
        assertThat(host("web0.internal")).hasToString("web0.example.org");
        assertThat(host("db.example.org")).hasToString("db");
    }

    @Test
    void anUnknownOptionListsTheNodes() {
        assertThatThrownBy(() -> nodes.find(Optional.of("web9"), Map.of(), NodeIdentityTest::neverAsked))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("--node: no node is named \"web9\"; configured are"
                        + " web0.example.org, web1.example.org, web1.example.net, db");
        assertThatThrownBy(() -> nodes.find(Optional.of("web0.example.net"), Map.of(), NodeIdentityTest::neverAsked))
                .hasMessageContaining("no node is named");
        assertThatThrownBy(() ->
                        nodes.find(Optional.empty(), Map.of("RINGCERT_NODE", "web9"), NodeIdentityTest::neverAsked))
                .hasMessageStartingWith("RINGCERT_NODE: ");
    }

    @Test
    void anAmbiguousFirstLabelListsThoseItMayBe() {
        assertThatThrownBy(() -> nodes.find(Optional.of("web1"), Map.of(), NodeIdentityTest::neverAsked))
                .hasMessage("--node: \"web1\" may be web1.example.org, web1.example.net; write the full name");
        assertThatThrownBy(() -> host("web1.internal"))
                .hasMessageContainingAll("may be web1.example.org, web1.example.net", "--node NAME", "RINGCERT_NODE");
    }

    @Test
    void aHostThatIsNoNodeIsToldHowToSayIt() {
        assertThatThrownBy(() -> host("laptop"))
                .hasMessageContainingAll("\"laptop\"", "web0.example.org", "--node NAME", "RINGCERT_NODE");
        assertThatThrownBy(() -> host("")).hasMessageContaining("--node NAME");
    }

    private static String neverAsked() {
        throw new AssertionError("the host's name is not needed");
    }

    private HostName host(String name) throws ConfigurationException {
        return nodes.find(Optional.empty(), Map.of(), () -> name);
    }
}
