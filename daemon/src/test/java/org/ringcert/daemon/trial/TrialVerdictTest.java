package org.ringcert.daemon.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.Site;

/** What a CA would make of an answer. */
class TrialVerdictTest {

    private static final InetAddress HERE = InetAddress.ofLiteral("127.84.4.1");
    private static final KeyAuthorization HELD =
            new KeyAuthorization(new Token("held-on-this-server"), "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI");

    private static List<Site> sites() {
        return List.of(
                new Site(List.of(new HostName("www.example.org"), new HostName("example.org"))),
                new Site(List.of(new HostName("shop.example.org"))));
    }

    private static Trial trial(int port, int https) {
        List<Node> nodes = List.of(
                new Node(new HostName("web0.example.org"), "127.84.4.1", port),
                new Node(new HostName("web1.example.org"), "127.84.4.2", port));
        Cluster cluster = new Cluster(nodes, new HostName("web0.example.org"));
        return new Trial(cluster, sites(), https, List.of(), Duration.ofSeconds(10));
    }

    /** What becomes of a question for www.example.org whose answers are these in turn. */
    private static ProbeResult outcome(boolean https, String... answers) throws IOException {
        return outcome("www.example.org", https, answers);
    }

    private static ProbeResult outcome(String name, boolean https, String... answers) throws IOException {
        int nobody = closedPort();
        try (ServerSocket server = new ServerSocket(0, 10, HERE)) {
            int port = server.getLocalPort();
            Thread.startVirtualThread(() -> answer(
                    server,
                    Arrays.stream(answers)
                            .map(answer -> answer.replace("PORT", String.valueOf(port)))
                            .toList()));
            Trial trial = https ? trial(nobody, port) : trial(port, nobody);
            Question question = new Question(new HostName(name), HERE, port, https);
            return Visit.of(trial, HELD, question);
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket closed = new ServerSocket(0, 1, HERE)) {
            return closed.getLocalPort();
        }
    }

    private static void answer(ServerSocket server, List<String> answers) {
        for (String answer : answers) {
            try (Socket socket = server.accept()) {
                byte[] head = new byte[4096];
                int read = socket.getInputStream().read(head);
                assertThat(read).isPositive();
                socket.getOutputStream().write(answer.replace("|", "\r\n").getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static String redirect(int status, String to) {
        return "HTTP/1.1 " + status + " Moved|Location: " + to + "|Content-Length: 0||";
    }

    private static final String ANSWER = "HTTP/1.1 200 OK||" + HELD.text();

    @Test
    void theAnswerIsRightWithAnEndOfLineTooAndAfterARedirectWithinTheSite() throws IOException {
        assertThat(outcome(false, ANSWER)).isInstanceOf(ProbeResult.Right.class);
        assertThat(outcome(false, ANSWER + "\n")).isInstanceOf(ProbeResult.Right.class);
        String path = HELD.token().path();
        for (int status : List.of(301, 302, 307, 308)) {
            assertThat(outcome(false, redirect(status, "http://example.org:PORT" + path), ANSWER))
                    .isInstanceOf(ProbeResult.Right.class);
        }
        assertThat(outcome(false, redirect(302, "http://web0.example.org:PORT" + path), ANSWER))
                .isInstanceOf(ProbeResult.Right.class);
        assertThat(outcome(false, redirect(302, path + "?again"), ANSWER)).isInstanceOf(ProbeResult.Right.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://web0.example.org:PORT/x",
                "http://WEB0.example.org:PORT",
                "http://web0.example.org:PORT?x",
                "HTTP://web0.example.org:PORT/#x",
                "//web0.example.org:PORT/x"
            })
    void aRedirectUnderTheServersOwnNameIsFollowed(String to) throws IOException {
        assertThat(outcome("web0.example.org", false, redirect(301, to), ANSWER))
                .isInstanceOf(ProbeResult.Right.class);
    }

    @Test
    void theServersOwnNameMayLeadToNobody() throws IOException {
        assertThat(outcome("web0.example.org", false, redirect(301, "https://web0.example.org/x")))
                .isInstanceOfSatisfying(
                        ProbeResult.Wrong.class,
                        wrong -> assertThat(wrong.why()).contains("and there: nothing answers"));
        assertThat(outcome("web0.example.org", false, redirect(301, "https://www.example.org/x")))
                .isInstanceOfSatisfying(
                        ProbeResult.Wrong.class,
                        wrong -> assertThat(wrong.why()).contains("which may be another server"));
    }

    @Test
    void aDefectInOneQuestionLeavesTheOthersTheirAnswers() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, HERE)) {
            int port = server.getLocalPort();
            Thread.startVirtualThread(() -> answer(server, List.of(ANSWER)));
            Question impossible = new Question(new HostName("www.example.org"), HERE, 1 << 16, false);
            Question possible = new Question(new HostName("www.example.org"), HERE, port, false);
            Map<Question, ProbeResult> outcomes = trial(port, closedPort()).ask(List.of(impossible, possible), HELD);
            assertThat(outcomes.get(possible)).isInstanceOf(ProbeResult.Right.class);
            assertThat(outcomes.get(impossible)).isInstanceOfSatisfying(ProbeResult.Wrong.class, wrong -> {
                assertThat(wrong.fault()).isEqualTo(ProbeResult.Fault.DEFECT);
                assertThat(wrong.why()).contains("a defect of this program", "IllegalArgumentException");
            });
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "303; http://example.org/; OTHER; 303",
                "301; http://web1.example.org:PORT/x; NOT_SEEN; another server is asked for what is held here",
                "301; http://shop.example.org:PORT/x; OTHER; which may be another server",
                "301; http://elsewhere.example.net/x; OTHER; which may be another server",
                "301; http://127.0.0.1/x; OTHER; host names only",
                "301; http://www.example.org:8081/x; OTHER; ports 80 and 443 only",
                "301; ftp://www.example.org/x; OTHER; which CAs do not follow",
                "301; http://a b/; OTHER; no URL",
                "301; https://www.example.org/x; SILENT; and there: nothing answers",
                "301; /.well-known/acme-challenge/held-on-this-server; OTHER; a redirect loop",
                "301; ''; OTHER; without exactly one Location",
            })
    void aRedirectElsewhereIsWrong(int status, String to, ProbeResult.Fault fault, String why) throws IOException {
        assertThat(outcome(false, redirect(status, to))).isInstanceOfSatisfying(ProbeResult.Wrong.class, wrong -> {
            assertThat(wrong.why()).contains(why).doesNotContain(HELD.token().value());
            assertThat(wrong.fault()).isEqualTo(fault);
            assertThat(wrong.status()).isEqualTo(status);
        });
    }

    @Test
    void redirectsWithoutEndAreWrong() throws IOException {
        String[] redirects = new String[12];
        for (int i = 0; i < redirects.length; i++) {
            redirects[i] = redirect(302, "/" + i);
        }
        assertThat(outcome(false, redirects))
                .isInstanceOfSatisfying(
                        ProbeResult.Wrong.class,
                        wrong -> assertThat(wrong.why()).isEqualTo("redirects without end"));
    }

    @Test
    void everythingElseIsWrong() throws IOException {
        Map<String, ProbeResult.Fault> answers = Map.of(
                "HTTP/1.1 200 OK||" + HELD.token() + ".another",
                ProbeResult.Fault.OTHER,
                "HTTP/1.1 200 OK||",
                ProbeResult.Fault.OTHER,
                "HTTP/1.1 401 No||",
                ProbeResult.Fault.CLOSED,
                "HTTP/1.1 403 No||",
                ProbeResult.Fault.CLOSED,
                "HTTP/1.1 404 No||",
                ProbeResult.Fault.NOT_SEEN,
                "HTTP/1.1 503 No||",
                ProbeResult.Fault.BEHIND,
                "HTTP/1.1 200 OK||" + HELD.text() + "<!-- a footer -->",
                ProbeResult.Fault.ALTERED,
                "220 mail.example.org||",
                ProbeResult.Fault.SILENT);
        for (Map.Entry<String, ProbeResult.Fault> answer : answers.entrySet()) {
            assertThat(outcome(false, answer.getKey()))
                    .as(answer.getKey())
                    .isInstanceOfSatisfying(
                            ProbeResult.Wrong.class,
                            wrong -> assertThat(wrong.fault()).isEqualTo(answer.getValue()));
        }
    }

    @Test
    void plainHttpWhereHttpsBelongsIsWrong() throws IOException {
        assertThat(outcome(true, "HTTP/1.1 400 Bad Request||"))
                .isInstanceOfSatisfying(ProbeResult.Wrong.class, wrong -> {
                    assertThat(wrong.why()).startsWith("no TLS");
                    assertThat(wrong.fault()).isEqualTo(ProbeResult.Fault.PLAIN);
                });
    }

    @Test
    void nobodyAtTheHttpsPortIsNoFaultAndAtPort80ItIs() throws IOException {
        int port = closedPort();
        HostName name = new HostName("www.example.org");
        assertThat(Visit.of(trial(80, port), HELD, new Question(name, HERE, port, true)))
                .isInstanceOf(ProbeResult.Absent.class);
        assertThat(Visit.of(trial(port, 443), HELD, new Question(name, HERE, port, false)))
                .isInstanceOf(ProbeResult.Wrong.class);
    }

    @Test
    void onlyAddressesWhereSomebodyListensAreAskedAndNoneOfAnotherServer() throws IOException {
        try (ServerSocket own = new ServerSocket(0, 1, HERE);
                ServerSocket other = new ServerSocket(own.getLocalPort(), 1, InetAddress.ofLiteral("127.84.4.2"))) {
            int port = own.getLocalPort();
            Trial trial = new Trial(
                    new Cluster(
                            List.of(new Node(new HostName("web0.example.org"), "127.84.4.1", port)),
                            new HostName("web0.example.org")),
                    sites(),
                    port,
                    List.of(other.getInetAddress()),
                    Duration.ofSeconds(1));
            assertThat(trial.questions()).extracting(Question::address).containsOnly(HERE);
            assertThat(trial.questions())
                    .filteredOn(Question::https)
                    .extracting(question -> question.name().value())
                    .containsExactly("web0.example.org", "www.example.org", "example.org", "shop.example.org");
        }
    }
}
