package org.ringcert.it.visitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.it.Testbed;
import org.ringcert.it.TlsContexts;
import org.ringcert.it.UsesPebble;
import org.ringcert.it.visitors.NginxFiles.VirtualHost;
import org.ringcert.it.web.WebResponse;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ringcert ready} and {@code /readyz} on a cluster with real web servers. Each test leaves it as it was. */
@UsesPebble
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadyTest {

    private final AtomicInteger questions = new AtomicInteger();

    private static final String READY =
            "www.example.org may move to web1.example.org now, as web0.example.org sees it\n";
    private static final String UNREADY =
            "www.example.org may not move to web1.example.org now, as web0.example.org sees it\n";

    private Path folder;
    private VisitedCluster cluster;

    @BeforeAll
    void startCluster(@TempDir Path directory) throws Exception {
        folder = directory;
        cluster = VisitedCluster.start(folder, 2, "www.example.org example.org", "shop.example.org");
    }

    @AfterAll
    void stopCluster() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
    }

    private String ready(int expectedStatus, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("ready"));
        all.addAll(List.of(arguments));
        if (!all.contains("--min-left")) {
            // A question of its own: the answer to an earlier one counts for a second.
            all.addAll(List.of("--min-left", 86_400 + questions.incrementAndGet() + "s"));
        }
        return cluster.testbed().runCommand(0, expectedStatus, all.toArray(String[]::new));
    }

    private static HostName name(String name) {
        return new HostName(name);
    }

    /** Makes the other server present something else to visitors while the test runs. */
    private void withWebServer(List<VirtualHost> hosts, TestBody test) throws Exception {
        cluster.stopWebServer(1);
        cluster.configureWebServer(1, hosts);
        cluster.startWebServer(1);
        try {
            test.run();
        } finally {
            cluster.stopWebServer(1);
            cluster.configureWebServer(1);
            cluster.startWebServer(1);
            cluster.awaitServed();
        }
    }

    private interface TestBody {
        void run() throws Exception;
    }

    @Test
    void aSiteMayMoveWhereVisitorsAndTheCaGetWhatTheyNeed() throws Exception {
        assertThat(ready(0, "www.example.org", "web1"))
                .startsWith(READY)
                .contains("yes: web1.example.org presents to visitors of www.example.org and example.org a certificate")
                .contains("works if it enters at web1.example.org (127.80.1.2), from where it is handed over to"
                        + " web0.example.org")
                .doesNotContain("no: ", "looks itself");
        assertThat(ready(0, "example.org", "web1.example.org")).startsWith(READY);
        assertThat(ready(0, "www.example.org"))
                .startsWith("www.example.org may move to web0.example.org now, as web0.example.org sees it\n");

        WebResponse response = cluster.get(1, "/readyz?site=example.org");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body())
                .startsWith("www.example.org may move to web1.example.org now, as web1.example.org sees it\n");
        assertThat(cluster.testbed().cluster().store(0).resolve("challenges"))
                .isDirectoryNotContaining("glob:**/ringcert-try-*");
    }

    @Test
    void programsReadJson() throws Exception {
        JsonNode ofCommand = new JsonMapper().readTree(ready(0, "www.example.org", "web1", "--json"));
        assertThat(ofCommand.get("ready").booleanValue()).isTrue();
        assertThat(ofCommand.get("node").stringValue()).isEqualTo("web1.example.org");
        assertThat(ofCommand.get("reasons").findValuesAsString("weight"))
                .contains("for")
                .doesNotContain("against");

        WebResponse response = cluster.get(0, "/readyz?site=shop.example.org&node=web1&min-left=9999d&format=json");
        assertThat(response.status()).isEqualTo(503);
        assertThat(new JsonMapper().readTree(response.body()).get("ready").booleanValue())
                .isFalse();
    }

    @Test
    void curlAsksTheServerToWhichTheSiteShallMove() throws Exception {
        InetSocketAddress admin = cluster.admin(1);
        Process curl = new ProcessBuilder(
                        "curl",
                        "--silent",
                        "--fail",
                        "http://" + admin.getAddress().getHostAddress() + ":" + admin.getPort()
                                + "/readyz?site=www.example.org")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("may move to web1.example.org");
        assertThat(curl.waitFor()).isZero();
        assertThat(cluster.get(1, "/readyz").status()).isEqualTo(400);
        assertThat(cluster.get(1, "/readyz?site=unknown.example.org").status()).isEqualTo(404);
        assertThat(cluster.get(1, "/readyz?site=www.example.org&node=web9").status())
                .isEqualTo(404);
        assertThat(cluster.get(1, "/readyz?site=www.example.org&min-left=soon").body())
                .contains("min-left: write a number and its unit");
    }

    @Test
    void wrongUsageSaysWhatWasMeant() throws Exception {
        assertThat(ready(2, "wwv.example.org")).contains("is not a site", "Did you mean www.example.org?");
        assertThat(ready(2, "www.example.org", "web9")).contains("NODE: no node is named \"web9\"");
        assertThat(ready(2, "www.example.org", "wep1.example.org")).contains("did you mean web1.example.org?");
        assertThat(ready(2, "www.example.org", "--min-left", "tomorrow")).contains("--min-left: write a number");
    }

    @Test
    void tooLittleTimeSpeaksAgainstTheMove() throws Exception {
        assertThat(ready(1, "www.example.org", "web1", "--min-left", "9999d"))
                .startsWith(UNREADY)
                .contains("no: To visitors of www.example.org and example.org at web1.example.org, the certificate ends"
                        + " in")
                .contains("less than the 9999 days asked for");
    }

    @Test
    void whatVisitorsOfTheOtherServerGetSpeaksAgainstTheMove() throws Exception {
        List<HostName> names = List.of(name("www.example.org"), name("example.org"));
        Path expired = ExpiredCertificate.write(folder, names);
        withWebServer(
                List.of(new VirtualHost(names, expired)),
                () -> assertThat(ready(1, "www.example.org", "web1"))
                        .startsWith(UNREADY)
                        .contains(
                                "no: To visitors of www.example.org and example.org at web1.example.org, the certificate"
                                        + " expired"));

        Path ofShop = cluster.installed(1, name("shop.example.org"));
        withWebServer(
                List.of(new VirtualHost(names, ofShop)),
                () -> assertThat(ready(1, "www.example.org", "web1"))
                        .contains("the certificate is not for www.example.org, example.org"));

        // Only the alias has the wrong virtual host.
        Path right = cluster.installed(1, name("www.example.org"));
        withWebServer(
                List.of(
                        new VirtualHost(List.of(name("www.example.org")), right),
                        new VirtualHost(List.of(name("example.org")), ofShop)),
                () -> assertThat(ready(1, "www.example.org", "web1"))
                        .contains("yes: web1.example.org presents to visitors of www.example.org a certificate")
                        .contains("no: To visitors of example.org at web1.example.org, the certificate is not for"));
    }

    @Test
    void aWebServerThatLacksTheKeySpeaksAgainstTheMove() throws Exception {
        cluster.stopWebServer(1);
        Path right = cluster.installed(1, name("www.example.org"));
        KeyPair otherKey = KeyType.EC256.generate(new SecureRandom());
        SSLContext context = TlsContexts.serving(
                otherKey,
                Pem.certificates(Files.readString(right.resolve("fullchain.pem")))
                        .getFirst());
        InetSocketAddress https = cluster.https(1);
        try (ServerSocket server =
                context.getServerSocketFactory().createServerSocket(https.getPort(), 50, https.getAddress())) {
            Thread.ofVirtual().start(() -> handshake(server));
            assertThat(ready(1, "www.example.org", "web1"))
                    .startsWith(UNREADY)
                    .contains("web1.example.org, the handshake fails after the certificate");
        } finally {
            cluster.startWebServer(1);
            cluster.awaitServed();
        }
    }

    private static void handshake(ServerSocket server) {
        while (!server.isClosed()) {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                socket.startHandshake();
            } catch (IOException e) {
                // The visitor has noticed, or the test is over.
            }
        }
    }

    @Test
    void aStoppedWebServerSpeaksAgainstTheMove() throws Exception {
        cluster.stopWebServer(1);
        try {
            assertThat(ready(1, "www.example.org", "web1"))
                    .contains(
                            "no: To visitors of www.example.org and example.org at web1.example.org, ",
                            "Start the web server")
                    .contains("yes: A validation");
        } finally {
            cluster.startWebServer(1);
            cluster.awaitServed();
        }
    }

    @Test
    void aDeadFrontThereSpeaksAgainstTheMoveAndSoDoesOneThatEatsTheChallenge() throws Exception {
        cluster.daemon(1).terminate();
        cluster.daemon(1).awaitExit(Testbed.TIMEOUT);
        try {
            assertThat(ready(1, "www.example.org", "web1"))
                    .contains("yes: web1.example.org presents")
                    .contains(
                            "no: A validation of www.example.org and example.org fails if it enters at web1.example.org (127.80.1.2): ");

            HttpServer eater = HttpServer.create(
                    new InetSocketAddress(
                            cluster.testbed().cluster().address(1),
                            cluster.testbed().ca().httpPort()),
                    0);
            eater.createContext("/", exchange -> {
                exchange.sendResponseHeaders(404, -1);
                exchange.close();
            });
            eater.start();
            try {
                // Whoever asks within a second of an answer gets the same one.
                await().atMost(Testbed.TIMEOUT)
                        .until(() -> ready(1, "www.example.org", "web1").contains("with status 404"));
            } finally {
                eater.stop(0);
            }
        } finally {
            cluster.restartDaemon(1);
        }
    }

    @Test
    void withoutADaemonTheCommandLooksItself() throws Exception {
        cluster.daemon(0).terminate();
        cluster.daemon(0).awaitExit(Testbed.TIMEOUT);
        try {
            assertThat(ready(0, "www.example.org", "web1")).startsWith(READY).doesNotContain("looks itself");
            assertThat(ready(1, "www.example.org", "web1", "--min-left", "9999d"))
                    .startsWith(UNREADY);
            assertThat(cluster.testbed().cluster().store(0).resolve("challenges"))
                    .isDirectoryNotContaining("glob:**/ringcert-try-*");

            HttpServer foreign = HttpServer.create(cluster.admin(0), 0);
            foreign.createContext("/", exchange -> {
                exchange.sendResponseHeaders(200, 5);
                exchange.getResponseBody().write("hello".getBytes(StandardCharsets.US_ASCII));
                exchange.close();
            });
            foreign.start();
            try {
                assertThat(ready(0, "www.example.org", "web1"))
                        .contains(READY)
                        .contains(
                                "This command looks itself, because the program at 127.80.1.1:",
                                "status 200: \"hello\"");
            } finally {
                foreign.stop(0);
            }
        } finally {
            cluster.restartDaemon(0);
        }
    }
}
