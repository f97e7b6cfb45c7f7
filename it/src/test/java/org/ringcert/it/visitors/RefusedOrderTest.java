package org.ringcert.it.visitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.it.CaProxy;
import org.ringcert.it.Testbed;
import org.ringcert.it.UsesPebble;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A cluster at a CA that has counted more than any server can see: it refuses an order (429) whose turn had come.
 * Pebble has no limits, so a proxy refuses.
 */
@UsesPebble
class RefusedOrderTest {

    private static final HostName SITE = new HostName("www.example.org");
    private static final String NEW_ORDER = "/order-plz";
    private static final Duration RETRY_AFTER = Duration.ofHours(10);
    private static final Duration INTERVAL = Duration.ofHours(40);
    private static final int REFUSED = 2;
    private static final int NEXT = 3;

    @TempDir
    private Path folder;

    private static long orders(CaProxy proxy) {
        return proxy.requests().stream()
                .filter(request -> request.equals("POST " + NEW_ORDER))
                .count();
    }

    private static JsonNode json(VisitedCluster cluster, int node, int status, String command) throws IOException {
        return JsonMapper.shared().readTree(cluster.testbed().runCommand(node, status, command, "--json"));
    }

    @Test
    void isNoFailureAndIsObeyedOverARestartAndTheNextServerKeepsItsTurn() throws Exception {
        try (VisitedCluster cluster = VisitedCluster.create(folder, 4, SITE.value());
                CaProxy proxy = CaProxy.start(cluster.testbed().ca(), folder)) {
            proxy.replaceCaOf(cluster.testbed());
            cluster.limitSets(proxy.directory(), 3, INTERVAL);
            cluster.startServer(0);
            cluster.awaitServed(0);
            cluster.startServer(1);
            cluster.awaitServed(1);
            long ordersBefore = orders(proxy);
            proxy.refuse(NEW_ORDER, 429, "rateLimited", RETRY_AFTER);
            Instant before = Instant.now();

            cluster.startServer(REFUSED);
            Instant turn = cluster.awaitTurn(REFUSED);

            assertThat(turn)
                    .isBetween(
                            before.plus(RETRY_AFTER),
                            Instant.now().plus(RETRY_AFTER).plusSeconds(1));
            assertShown(cluster, turn);
            long ordersAfter = orders(proxy);
            assertThat(ordersAfter).isEqualTo(ordersBefore + 1);

            cluster.restartDaemon(REFUSED);

            assertThat(cluster.awaitTurn(REFUSED)).isEqualTo(turn);
            assertThat(orders(proxy)).isEqualTo(ordersAfter);

            Instant start = Instant.now();
            cluster.startServer(NEXT);

            assertThat(cluster.awaitTurn(NEXT))
                    .as("the turn of a server that knows nothing of the refusal")
                    .isBetween(
                            before.plus(INTERVAL).minus(1, ChronoUnit.HOURS),
                            start.plus(INTERVAL).plus(5, ChronoUnit.HOURS));
            assertThat(orders(proxy)).isEqualTo(ordersAfter);
        }
    }

    private static void assertShown(VisitedCluster cluster, Instant turn) throws Exception {
        assertThat(cluster.testbed().runCommand(REFUSED, 1, "status"))
                .contains(
                        "there is no certificate yet; its turn is at ", "refused by the test", "It asks to wait 10 h");
        JsonNode site = json(cluster, REFUSED, 1, "status").path("sites").path(0);
        assertThat(site.path("turns").path(0).path("cause").asString()).isEqualTo("refusal");
        assertThat(site.path("turns").path(0).path("at").asString()).isEqualTo(turn.toString());
        assertThat(site.path("caFailures").size()).as("failures: %s", site).isZero();
        await("the page")
                .atMost(Testbed.TIMEOUT)
                .until(() -> cluster.get(REFUSED, "/site/" + SITE).body().contains("refused by the test"));
        JsonNode plan = json(cluster, REFUSED, 0, "plan");
        JsonNode order =
                plan.path("certificates").path(0).path("nodes").path(REFUSED).path("order");
        assertThat(order.path("reason").asString()).as("the plan: %s", plan).isEqualTo("refusal");
        // Servers that were refused come again at moments of their own.
        assertThat(Instant.parse(order.path("at").asString()))
                .as("the plan: %s", plan)
                .isCloseTo(turn, within(15, ChronoUnit.MINUTES));
    }
}
