package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.ready.ReadinessJson;
import org.ringcert.daemon.ready.ReadinessText;
import org.ringcert.daemon.ready.ReadyQuestion;
import org.ringcert.view.ready.Readiness;
import org.ringcert.view.ready.Readiness.Reason;
import org.ringcert.view.ready.Readiness.Weight;

/** What {@code ringcert ready} makes of what answers at the daemon's address. */
@Timeout(60)
class ReadyReplyTest {

    private static final HostName WWW = new HostName("www.example.org");
    private static final HostName WEB0 = new HostName("web0.example.org");
    private static final HostName WEB1 = new HostName("web1.example.org");
    private static final ReadyQuestion QUESTION =
            new ReadyQuestion(new Site(List.of(WWW, new HostName("example.org"))), WEB1, Duration.ofDays(2));

    private static Readiness readiness(Weight weight) {
        return new Readiness(WWW, WEB1, List.of(new Reason(weight, "Something was seen.")));
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Test
    void asksForExactlyTheQuestion() {
        assertThat(ReadyReply.target(QUESTION, false))
                .isEqualTo("/readyz?site=www.example.org&node=web1.example.org&min-left=172800s");
        assertThat(ReadyReply.target(QUESTION, true)).endsWith("&format=json");
    }

    @Test
    void understandsWhatADaemonWrites() {
        for (Weight weight : Weight.values()) {
            boolean isReady = weight != Weight.AGAINST;
            String text = ReadinessText.of(readiness(weight), WEB0);
            assertThat(ReadyReply.parse(text, QUESTION, WEB0, false)).contains(new ReadyReply(text, isReady));
            String json = ReadinessJson.of(readiness(weight), WEB0);
            assertThat(ReadyReply.parse(json, QUESTION, WEB0, true)).contains(new ReadyReply(json, isReady));
        }
    }

    @Test
    void takesNothingElseForAnAnswer() {
        String ofAnotherNode = ReadinessText.of(readiness(Weight.FOR), WEB1);
        String aboutAnotherSite = ReadinessText.of(
                new Readiness(WEB0, WEB1, List.of(new Reason(Weight.FOR, "Something was seen."))), WEB0);
        for (String body : List.of("", "hello", "{}", "[]", "<html>", ofAnotherNode, aboutAnotherSite)) {
            assertThat(ReadyReply.parse(body, QUESTION, WEB0, false)).isEmpty();
            assertThat(ReadyReply.parse(body, QUESTION, WEB0, true)).isEmpty();
        }
        assertThat(ReadyReply.parse(ReadinessJson.of(readiness(Weight.FOR), WEB1), QUESTION, WEB0, true))
                .isEmpty();
    }

    @Test
    void printsNothingThatMovesTheCursor() {
        String text = ReadinessText.of(readiness(Weight.FOR), WEB0) + "yes: \u001b[2Jgone\n";
        assertThat(ReadyReply.parse(text, QUESTION, WEB0, false).orElseThrow().text())
                .doesNotContain("\u001b")
                .endsWith("yes: [2Jgone\n");
    }

    @Test
    void theBodyOfARefusalIsRead() throws IOException {
        HttpServer server = HttpServer.create(loopback(0), 0);
        server.createContext("/", exchange -> {
            byte[] body = "no: naïve\n".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(503, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            assertThat(new RunningDaemon(server.getAddress()).ask("/readyz"))
                    .isEqualTo(new RunningDaemon.Reply.Answered(503, "no: naïve\n"));
            InetSocketAddress everywhere =
                    new InetSocketAddress("::", server.getAddress().getPort());
            assertThat(new RunningDaemon(everywhere).ask("/readyz")).isInstanceOf(RunningDaemon.Reply.Answered.class);
        } finally {
            server.stop(0);
        }
        assertThat(new RunningDaemon(server.getAddress()).ask("/readyz"))
                .isEqualTo(new RunningDaemon.Reply.NotRunning());
    }

    @Test
    void aProgramThatDoesNotSpeakHttpIsNoDaemon() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var socket = server.accept()) {
                    socket.getOutputStream().write("SSH-2.0-OpenSSH_10.0\r\n".getBytes(StandardCharsets.US_ASCII));
                    int _ = socket.getInputStream().read();
                } catch (IOException e) {
                    // The command has gone.
                }
            });
            assertThat(new RunningDaemon(loopback(server.getLocalPort())).ask("/readyz"))
                    .isInstanceOf(RunningDaemon.Reply.Unusable.class);
        }
    }

    @Test
    void aSilentProgramIsNotWaitedFor() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            long start = System.nanoTime();
            assertThat(new RunningDaemon(loopback(server.getLocalPort())).ask("/readyz"))
                    .isEqualTo(new RunningDaemon.Reply.Unusable("does not answer in time"));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void aRefusalIsQuotedInOneLine() {
        assertThat(ReadyReply.refusal(new RunningDaemon(loopback(9402)), 404, "there is no such page\nmore"))
                .isEqualTo("127.0.0.1:9402 answers with status 404: \"there is no such page\"; it may be a daemon of"
                        + " another version or configuration, or another program");
    }
}
