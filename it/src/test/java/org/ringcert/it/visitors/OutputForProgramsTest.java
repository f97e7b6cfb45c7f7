package org.ringcert.it.visitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.it.Testbed;
import org.ringcert.it.UsesPebble;
import tools.jackson.databind.JsonNode;

/**
 * Complaint: there is no output for programs, or its form changes and breaks them. These keys and words are promised:
 * others may be added, none of these may go.
 */
@UsesPebble
class OutputForProgramsTest {

    private static final String SITE = "www.example.org";
    private static final String SELF = "web0.example.org";
    private static final String ABSENT = "web1.example.org";

    @TempDir
    private static Path folder;

    private static VisitedCluster cluster;

    /** The other server of the cluster never runs. */
    @BeforeAll
    static void start() throws Exception {
        cluster = VisitedCluster.create(folder, 2, SITE);
        cluster.startServer(0);
        cluster.awaitServed(0);
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static List<String> keys(JsonNode object) {
        return object.propertyNames().stream().toList();
    }

    @Test
    void statusKeepsItsKeys() throws Exception {
        assertKeysOfStatus(document(0, "status", "--json"));
    }

    private static JsonNode document(int expectedStatus, String... arguments) throws Exception {
        return StatusDocument.of(cluster.testbed().runCommand(0, expectedStatus, arguments))
                .root();
    }

    private static void assertKeysOfStatus(JsonNode root) {
        assertThat(keys(root)).contains("node", "sites", "accounts", "notConfigured", "troubles", "notes");
        assertThat(root.path("node").asString()).isEqualTo(SELF);
        JsonNode site = root.path("sites").path(0);
        assertThat(keys(site))
                .contains(
                        "site",
                        "certificate",
                        "names",
                        "good",
                        "seen",
                        "key",
                        "issuer",
                        "ca",
                        "serial",
                        "notBefore",
                        "notAfter",
                        "secondsLeft",
                        "nextRenewal",
                        "directory",
                        "caFailures",
                        "troubles",
                        "notes");
        assertThat(site.path("good").isBoolean()).isTrue();
        assertThat(site.path("secondsLeft").isIntegralNumber()).isTrue();
        assertThat(Instant.parse(site.path("notAfter").asString())).isAfter(Instant.now());
        assertThat(keys(root.path("accounts").path(0))).contains("ca", "directory", "registered");
    }

    /** What the command and the page say about all servers, with one that is down. */
    @Test
    void statusOfAllServersAddsKeysAndKeepsThem() throws Exception {
        StatusDocument fromCommand = StatusDocument.of(cluster.testbed().runCommand(0, 0, "status", "--all", "--json"));
        await("the page has seen all servers")
                .atMost(Testbed.TIMEOUT)
                .until(() -> fromPage().cell(ABSENT, SITE).has("seen"));
        for (StatusDocument document : List.of(fromCommand, fromPage())) {
            assertKeysOfStatus(document.root());
            assertKeysOfNodes(document);
        }
        // The exit status speaks of this server only, unless it is asked for more.
        document(1, "status", "--all", "--strict", "--json");
    }

    private static StatusDocument fromPage() throws Exception {
        return StatusDocument.of(cluster.get(0, "/status.json").body());
    }

    private static void assertKeysOfNodes(StatusDocument document) {
        for (String node : List.of(SELF, ABSENT)) {
            assertThat(keys(document.node(node))).contains("node", "self", "good", "cells");
            assertThat(document.node(node).path("self").asBoolean()).isEqualTo(node.equals(SELF));
            assertThat(document.node(node).path("good").asBoolean()).isEqualTo(node.equals(SELF));
            assertThat(keys(document.cell(node, SITE))).contains("site", "certificate", "seen", "good", "flaws");
        }
        JsonNode cell = document.cell(SELF, SITE);
        assertThat(keys(cell)).contains("serial", "issuer", "notBefore", "notAfter", "secondsLeft");
        assertThat(cell.path("secondsLeft").isIntegralNumber()).isTrue();
        assertThat(Instant.parse(cell.path("seen").asString())).isBefore(Instant.now());
        JsonNode flaw = document.cell(ABSENT, SITE).path("flaws").path(0);
        assertThat(keys(flaw)).contains("kind", "severity", "text", "remedy");
        assertThat(flaw.path("kind").asString()).isEqualTo("refused");
        assertThat(flaw.path("severity").asString()).isEqualTo("failure");
    }
}
