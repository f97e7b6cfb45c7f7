package org.ringcert.handoff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.PeerHealth;
import org.ringcert.http.HostResolver;

class PeerMonitorTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final PeerHealth health = new PeerHealth(Duration.ofMinutes(1), InstantSource.system());

    private static Node node(String label, int port) {
        return new Node(new HostName(label + ".example.org"), "127.0.0.1", port);
    }

    @Test
    void peersThatRefuseOrDoNotAnswerOrAnswer5xxCountAsFailedUntilTheyAreUp() throws Exception {
        AtomicInteger status = new AtomicInteger(502);
        HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
        int refusing;
        try (ServerSocket closed = new ServerSocket(0, 1, LOOPBACK)) {
            refusing = closed.getLocalPort();
        }
        CountDownLatch stop = new CountDownLatch(1);
        try (ServerSocket silentSocket = new ServerSocket(0, 50, LOOPBACK)) {
            Node self = node("self", 1);
            Node failing = node("failing", server.getAddress().getPort());
            Node dead = node("dead", refusing);
            Node silent = node("silent", silentSocket.getLocalPort());
            Cluster cluster = new Cluster(List.of(self, failing, dead, silent), self.name());
            PeerMonitor monitor = new PeerMonitor(cluster, new HttpPeerClient(new HostResolver()), health);
            Thread monitoring = Thread.ofVirtual().start(() -> monitor.run(Duration.ofMillis(20), stop));
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> List.of(failing, dead, silent).stream().allMatch(health::failedRecently));
            status.set(404);
            await().atMost(Duration.ofMinutes(1)).until(() -> !health.failedRecently(failing));
            assertThat(health.failedRecently(dead)).isTrue();
            assertThat(health.failedRecently(silent)).isTrue();
            stop.countDown();
            monitoring.join();
        } finally {
            stop.countDown();
            server.stop(0);
        }
    }

    @Test
    void waitsForPeersUntilTheyAreUpOrTheTimeoutOrStop() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.start();
        int refusing;
        try (ServerSocket closed = new ServerSocket(0, 1, LOOPBACK)) {
            refusing = closed.getLocalPort();
        }
        try {
            Node self = node("self", 1);
            Node up = node("up", server.getAddress().getPort());
            Node down = node("down", refusing);
            CountDownLatch never = new CountDownLatch(1);
            HttpPeerClient peers = new HttpPeerClient(new HostResolver());
            new PeerMonitor(new Cluster(List.of(self, up), self.name()), peers, health)
                    .awaitPeers(Duration.ofDays(1), never);
            new PeerMonitor(new Cluster(List.of(self, up, down), self.name()), peers, health)
                    .awaitPeers(Duration.ofMillis(200), never);
            CountDownLatch stopped = new CountDownLatch(0);
            new PeerMonitor(new Cluster(List.of(self, down), self.name()), peers, health)
                    .awaitPeers(Duration.ofDays(1), stopped);
            assertThat(health.lastContactFailed(down)).isFalse();
        } finally {
            server.stop(0);
        }
    }
}
