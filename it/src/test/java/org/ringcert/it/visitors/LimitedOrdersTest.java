package org.ringcert.it.visitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.it.CaLog;
import org.ringcert.it.Testbed;
import org.ringcert.it.UsesPebble;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A cluster at a CA that issues two certificates for the same names at once: the third server waits for its turn. The
 * servers share nothing but the file: each knows the others by what they present.
 */
@UsesPebble
class LimitedOrdersTest {

    private static final HostName SITE = new HostName("www.example.org");

    @TempDir
    private Path folder;

    private VisitedCluster cluster(Duration interval) throws IOException {
        VisitedCluster cluster = VisitedCluster.create(folder, 3, SITE.value());
        cluster.limitSets(cluster.testbed().ca().directory(), 2, interval);
        return cluster;
    }

    @Test
    void theThirdServerSaysWhenAndAsksNothingOfTheCa() throws Exception {
        try (VisitedCluster cluster = cluster(Duration.ofHours(40))) {
            Instant start = Instant.now();
            cluster.startServers();
            cluster.awaitServed(0);
            cluster.awaitServed(1);

            Instant turn = cluster.awaitTurn(2);

            assertThat(turn).isBetween(start.plus(40, ChronoUnit.HOURS), start.plus(45, ChronoUnit.HOURS));
            assertThat(cluster.testbed().runCommand(2, 1, "status"))
                    .contains("there is no certificate yet", "its turn is at ", "for the same names at once");
            JsonNode status = JsonMapper.shared()
                    .readTree(cluster.testbed().runCommand(2, 1, "status", "--json"))
                    .path("sites")
                    .path(0);
            assertThat(status.path("turns").path(0).path("at").asString()).isEqualTo(turn.toString());
            assertThat(status.path("nextRenewal").asString()).isEqualTo(turn.toString());
            assertThat(cluster.testbed().runCommand(2, 0, "renew", "--dry-run")).contains("Its turn is at ");
            // The page shows a state that may be some seconds old.
            await("the turn on the page")
                    .atMost(Testbed.TIMEOUT)
                    .until(() -> cluster.get(2, "/site/" + SITE).body().contains("Its turn"));
            assertPlanned(cluster, turn);
            assertThat(CaLog.of(cluster.testbed().ca()).orders()).isEqualTo(2);
            assertThat(cluster.testbed().runCommand(0, 1, "revoke", SITE.value(), "--yes"))
                    .contains(
                            "With --force, it does not wait.",
                            "is revoked at ",
                            VisitedCluster.TURN,
                            "is not exempt from the CA's limits");
            assertThat(CaLog.of(cluster.testbed().ca()).orders()).isEqualTo(2);

            cluster.restartDaemon(2);

            assertThat(cluster.awaitTurn(2)).isCloseTo(turn, within(5, ChronoUnit.MINUTES));
            Path plan = cluster.testbed().cluster().store(2).resolve("plan.json");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(plan)))
                    .isEqualTo("rw-------");
            JsonNode nodes = JsonMapper.shared()
                    .readTree(Files.readString(plan))
                    .path("certificates")
                    .path(0)
                    .path("nodes");
            assertThat(nodes.valueStream().map(node -> node.path("issued").size()))
                    .as("the certificates that the other two present: %s", nodes)
                    .containsExactly(1, 1, 0);
            assertThat(CaLog.of(cluster.testbed().ca()).orders()).isEqualTo(2);
        }
    }

    private void assertPlanned(VisitedCluster cluster, Instant turn) throws Exception {
        Path picture = folder.resolve("plan.svg");
        assertThat(cluster.testbed().runCommand(2, 0, "plan", "--svg", picture.toString()))
                .contains("2 of 3 certificates are there; all 3 by ", "for the same names", "Cure: write unique-name");
        assertThat(Files.readString(picture)).contains("waits for a limit or another server</title>");
        JsonNode servers = JsonMapper.shared()
                .readTree(cluster.testbed().runCommand(2, 0, "plan", "--json"))
                .path("certificates")
                .path(0)
                .path("nodes");
        assertThat(servers.valueStream().map(server -> server.has("present"))).containsExactly(true, true, false);
        assertThat(servers.path(2).path("order").path("limit").asString()).isEqualTo("certificates-per-name-set");
        assertThat(Instant.parse(servers.path(2).path("order").path("at").asString()))
                .isCloseTo(turn, within(5, ChronoUnit.MINUTES));
    }

    @Test
    void theThirdServerOrdersWhenItsTurnHasCome() throws Exception {
        try (VisitedCluster cluster = cluster(Duration.ofSeconds(30))) {
            cluster.startServers();
            Instant turn = cluster.awaitTurn(2);

            cluster.awaitServed();

            assertThat(Instant.now()).isAfter(turn);
            await("the history")
                    .atMost(Testbed.TIMEOUT)
                    .until(() -> Files.readString(
                                    cluster.testbed().cluster().store(2).resolve("history/www.example.org.jsonl"))
                            .contains("installed"));
            assertThat(Files.readString(cluster.testbed().cluster().store(2).resolve("history/www.example.org.jsonl")))
                    .containsOnlyOnce("its turn is at ");
        }
    }
}
