package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.NodeProcess;

/**
 * The limits of the admin server, which the JDK reads from system properties once. Only a process of its own shows that
 * they are in force.
 */
class AdminServerLimitsTest {

    private static final InetAddress ADDRESS = InetAddress.ofLiteral("127.80.77.1");

    /** No limit at all is what the JDK has by default, so the tests do not depend on how fast the machine is. */
    private static final int TIMEOUT_MILLIS = (int) Testbed.TIMEOUT.toMillis();

    /** Two seconds, and as much again for a machine that is busy with other tests. */
    private static final Duration END = Duration.ofSeconds(4);

    @TempDir
    private Path folder;

    private ChildProcess daemon;
    private int port;

    @BeforeEach
    void start() throws IOException {
        port = freePort();
        Path configuration = Files.writeString(folder.resolve("ringcert.toml"), """
                        [store]
                        directory = "%s"

                        [admin]
                        listen = "127.80.77.1:%d"

                        [front]
                        listen = ["127.80.77.1:%d"]

                        [acme]
                        directory = "https://127.80.77.1:%d/directory"
                        agree-to-terms = true

                        [[node]]
                        name = "web0.example.org"
                        address = "127.80.77.1"
                        https = "127.80.77.1:%d"

                        [[site]]
                        names = ["www.example.org"]
                        """.formatted(
                        folder.resolve("store"), port, freePort(), freePort(), freePort()));
        daemon = ChildProcess.start(
                "daemon",
                NodeProcess.java(
                        List.of(),
                        "org.ringcert.daemon.cli.Ringcert",
                        List.of("run", "--config", configuration.toString(), "--node", "web0")),
                Map.of(),
                folder.resolve("log"));
        daemon.awaitLine(line -> line.contains(" answers on "), Testbed.TIMEOUT);
    }

    @AfterEach
    void stop() throws IOException {
        daemon.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, ADDRESS)) {
            return socket.getLocalPort();
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(ADDRESS, port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    private static void send(Socket socket, String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Sends a request and returns the response; empty if the server closed or reset the connection instead. */
    private String response(String request) throws IOException {
        try (Socket socket = connect()) {
            send(socket, request);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (java.net.SocketException e) {
            return "";
        }
    }

    private static String livez(String fields) {
        return "GET /livez?site=www.example.org HTTP/1.1\r\nHost: balancer\r\n" + fields + "\r\n";
    }

    private static void awaitEnd(Socket socket) throws IOException {
        assertThat(socket.getInputStream().readAllBytes()).isEmpty();
    }

    @Test
    void requestsThatDoNotEndAreEnded() throws IOException {
        try (Socket silent = connect();
                Socket half = connect();
                Socket drip = connect()) {
            send(half, "GET /livez");
            send(drip, "GET /livez?site=www.example.org HTTP/1.1\r\nX: ");
            Thread sender = Thread.ofVirtual().start(() -> sendUntilClosed(drip));
            awaitEnd(half);
            awaitEnd(silent);
            assertThat(drip.getInputStream().read()).isNegative();
            sender.interrupt();
        }
    }

    private static void sendUntilClosed(Socket socket) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                send(socket, "x");
                Thread.onSpinWait();
            }
        } catch (IOException e) {
            // The server has closed the connection.
        }
    }

    @Test
    void hugeHeadsAreNotAnswered() throws IOException {
        assertThat(response(livez("X: " + "a".repeat(7_000) + "\r\n"))).startsWith("HTTP/1.1 503");
        assertThat(response(livez("X: " + "a".repeat(9_000) + "\r\n"))).isEmpty();
        assertThat(response(livez("X: a\r\n".repeat(1_000)))).isEmpty();
        assertThat(response("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .isEmpty();
    }

    @Test
    void manyIdleConnectionsKeepNobodyOutAndDoNotDelayTheEnd() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 1_000; i++) {
                idle.add(connect());
            }
            for (int i = 0; i < 300; i++) {
                send(idle.get(i), "GET / HT");
            }
            assertThat(response(livez(""))).startsWith("HTTP/1.1 503");
            assertThat(response("GET /healthz HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200");

            long start = System.nanoTime();
            daemon.signal("TERM");
            assertThat(daemon.awaitExit(Testbed.TIMEOUT)).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(END);
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void hostileRequestsLeaveNoTraceInTheLog() throws IOException {
        int before = daemon.output().length();
        for (int i = 0; i < 50; i++) {
            response("GET /none HTTP/1.1\r\nHost: evil.example.com\r\n\r\n");
            response("\u0000\u0001\u0002\r\n\r\n");
            response("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
            response(livez("X: " + "a".repeat(9_000) + "\r\n"));
        }
        assertThat(response("HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 200");

        assertThat(daemon.output().substring(before))
                .doesNotContain("Exception", "evil.example.com", "admin", "HttpServer");
    }
}
