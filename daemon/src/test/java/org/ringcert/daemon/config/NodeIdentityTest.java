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
    void prefersTheOption() throws ConfigurationException {
        assertThat(nodes.find(
                        Optional.of("web0.example.org"),
                        Map.of("RINGCERT_NODE", "db"),
                        NodeIdentityTest::unexpectedCall))
                .hasToString("web0.example.org");
        assertThat(nodes.find(Optional.of("WEB0"), Map.of(), NodeIdentityTest::unexpectedCall))
                .hasToString("web0.example.org");
    }

    @Test
    void prefersTheVariableToTheHostName() throws ConfigurationException {
        assertThat(nodes.find(Optional.empty(), Map.of("RINGCERT_NODE", "db"), NodeIdentityTest::unexpectedCall))
                .hasToString("db");
        assertThat(host("web0")).hasToString("web0.example.org");
        assertThat(nodes.find(Optional.empty(), Map.of("RINGCERT_NODE", " "), () -> "web0"))
                .hasToString("web0.example.org");
    }

    @Test
    void acceptsAFullOrShortHostNameOrOneInAnotherDomain() throws ConfigurationException {
        assertThat(host("Web1.Example.Net")).hasToString("web1.example.net");
        assertThat(host("web0.internal")).hasToString("web0.example.org");
        assertThat(host("db.example.org")).hasToString("db");
    }

    @Test
    void listsTheNodesIfTheNameIsUnknown() {
        assertThatThrownBy(() -> nodes.find(Optional.of("web9"), Map.of(), NodeIdentityTest::unexpectedCall))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("--node: no node is named \"web9\"; the configuration has"
                        + " web0.example.org, web1.example.org, web1.example.net, db");
        assertThatThrownBy(
                        () -> nodes.find(Optional.of("web0.example.net"), Map.of(), NodeIdentityTest::unexpectedCall))
                .hasMessageContaining("no node is named");
        assertThatThrownBy(() ->
                        nodes.find(Optional.empty(), Map.of("RINGCERT_NODE", "web9"), NodeIdentityTest::unexpectedCall))
                .hasMessageStartingWith("RINGCERT_NODE: ");
    }

    @Test
    void listsTheCandidatesIfTheFirstLabelIsAmbiguous() {
        assertThatThrownBy(() -> nodes.find(Optional.of("web1"), Map.of(), NodeIdentityTest::unexpectedCall))
                .hasMessage("--node: \"web1\" could be web1.example.org, web1.example.net; write the full name");
        assertThatThrownBy(() -> host("web1.internal"))
                .hasMessageContainingAll("could be web1.example.org, web1.example.net", "--node NAME", "RINGCERT_NODE");
    }

    @Test
    void saysHowToNameTheNodeIfTheHostIsNone() {
        assertThatThrownBy(() -> host("laptop"))
                .hasMessageContainingAll("\"laptop\"", "web0.example.org", "--node NAME", "RINGCERT_NODE");
        assertThatThrownBy(() -> host("")).hasMessageContaining("--node NAME");
    }

    private static String unexpectedCall() {
        throw new AssertionError("the host name must not be asked for");
    }

    private HostName host(String name) throws ConfigurationException {
        return nodes.find(Optional.empty(), Map.of(), () -> name);
    }
}
