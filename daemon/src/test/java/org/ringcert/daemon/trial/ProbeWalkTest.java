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

/** What a CA would conclude from a response. */
class ProbeWalkTest {

    private static final InetAddress HERE = InetAddress.ofLiteral("127.84.4.1");
    private static final KeyAuthorization CHALLENGE =
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
        return new Trial(cluster, sites(), List.of(), https, List.of(), Duration.ofSeconds(10));
    }

    /** Returns the result of a probe for www.example.org that receives these responses in turn. */
    private static ProbeResult probe(boolean https, String... answers) throws IOException {
        return probe("www.example.org", https, answers);
    }

    private static ProbeResult probe(String name, boolean https, String... answers) throws IOException {
        int closed = closedPort();
        try (ServerSocket server = new ServerSocket(0, 10, HERE)) {
            int port = server.getLocalPort();
            Thread.startVirtualThread(() -> answer(
                    server,
                    Arrays.stream(answers)
                            .map(answer -> answer.replace("PORT", String.valueOf(port)))
                            .toList()));
            Trial trial = https ? trial(closed, port) : trial(port, closed);
            Probe probe = new Probe(new HostName(name), HERE, port, https);
            return ProbeWalk.of(trial, CHALLENGE, probe);
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

    private static final String EXPECTED = "HTTP/1.1 200 OK||" + CHALLENGE.text();

    @Test
    void acceptsTheAnswerWithALineFeedAndAfterARedirectWithinTheSite() throws IOException {
        assertThat(probe(false, EXPECTED)).isInstanceOf(ProbeResult.Correct.class);
        assertThat(probe(false, EXPECTED + "\n")).isInstanceOf(ProbeResult.Correct.class);
        String path = CHALLENGE.token().path();
        for (int status : List.of(301, 302, 307, 308)) {
            assertThat(probe(false, redirect(status, "http://example.org:PORT" + path), EXPECTED))
                    .isInstanceOf(ProbeResult.Correct.class);
        }
        assertThat(probe(false, redirect(302, "http://web0.example.org:PORT" + path), EXPECTED))
                .isInstanceOf(ProbeResult.Correct.class);
        assertThat(probe(false, redirect(302, path + "?again"), EXPECTED)).isInstanceOf(ProbeResult.Correct.class);
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
    void followsARedirectToTheServersOwnName(String to) throws IOException {
        assertThat(probe("web0.example.org", false, redirect(301, to), EXPECTED))
                .isInstanceOf(ProbeResult.Correct.class);
    }

    @Test
    void reportsARedirectOfTheServersOwnNameThatLeadsNowhere() throws IOException {
        assertThat(probe("web0.example.org", false, redirect(301, "https://web0.example.org/x")))
                .isInstanceOfSatisfying(
                        ProbeResult.Wrong.class,
                        wrong -> assertThat(wrong.why()).contains("then: nothing answers"));
        assertThat(probe("web0.example.org", false, redirect(301, "https://www.example.org/x")))
                .isInstanceOfSatisfying(
                        ProbeResult.Wrong.class,
                        wrong -> assertThat(wrong.why()).contains("which may be another server"));
    }

    @Test
    void anInternalErrorInOneProbeDoesNotAffectOthers() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, HERE)) {
            int port = server.getLocalPort();
            Thread.startVirtualThread(() -> answer(server, List.of(EXPECTED)));
            Probe invalid = new Probe(new HostName("www.example.org"), HERE, 1 << 16, false);
            Probe valid = new Probe(new HostName("www.example.org"), HERE, port, false);
            Map<Probe, ProbeResult> results = trial(port, closedPort()).run(List.of(invalid, valid), CHALLENGE);
            assertThat(results.get(valid)).isInstanceOf(ProbeResult.Correct.class);
            assertThat(results.get(invalid)).isInstanceOfSatisfying(ProbeResult.Wrong.class, wrong -> {
                assertThat(wrong.fault()).isEqualTo(ProbeResult.Fault.INTERNAL_ERROR);
                assertThat(wrong.why()).contains("a bug in Ringcert", "IllegalArgumentException");
            });
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "303; http://example.org/; OTHER; 303",
                "301; http://web1.example.org:PORT/x; NOT_FOUND; this leads to another server, but the token is on this one",
                "301; http://shop.example.org:PORT/x; OTHER; which may be another server",
                "301; http://elsewhere.example.net/x; OTHER; which may be another server",
                "301; http://127.0.0.1/x; OTHER; host names only",
                "301; http://www.example.org:8081/x; OTHER; ports 80 and 443 only",
                "301; ftp://www.example.org/x; OTHER; which CAs do not follow",
                "301; http://a b/; OTHER; an invalid URL",
                "301; https://www.example.org/x; NO_RESPONSE; then: nothing answers",
                "301; /.well-known/acme-challenge/held-on-this-server; OTHER; a redirect loop",
                "301; ''; OTHER; without exactly one Location header",
            })
    void reportsARedirectElsewhere(int status, String to, ProbeResult.Fault fault, String why) throws IOException {
        assertThat(probe(false, redirect(status, to))).isInstanceOfSatisfying(ProbeResult.Wrong.class, wrong -> {
            assertThat(wrong.why())
                    .contains(why)
                    .doesNotContain(CHALLENGE.token().value());
            assertThat(wrong.fault()).isEqualTo(fault);
            assertThat(wrong.status()).isEqualTo(status);
        });
    }

    @Test
    void reportsTooManyRedirects() throws IOException {
        String[] redirects = new String[12];
        for (int i = 0; i < redirects.length; i++) {
            redirects[i] = redirect(302, "/" + i);
        }
        assertThat(probe(false, redirects))
                .isInstanceOfSatisfying(
                        ProbeResult.Wrong.class,
                        wrong -> assertThat(wrong.why()).isEqualTo("too many redirects"));
    }

    @Test
    void reportsEveryOtherResponse() throws IOException {
        Map<String, ProbeResult.Fault> answers = Map.of(
                "HTTP/1.1 200 OK||" + CHALLENGE.token() + ".another",
                ProbeResult.Fault.OTHER,
                "HTTP/1.1 200 OK||",
                ProbeResult.Fault.OTHER,
                "HTTP/1.1 401 No||",
                ProbeResult.Fault.ACCESS_DENIED,
                "HTTP/1.1 403 No||",
                ProbeResult.Fault.ACCESS_DENIED,
                "HTTP/1.1 404 No||",
                ProbeResult.Fault.NOT_FOUND,
                "HTTP/1.1 503 No||",
                ProbeResult.Fault.SERVER_ERROR,
                "HTTP/1.1 200 OK||" + CHALLENGE.text() + "<!-- a footer -->",
                ProbeResult.Fault.ALTERED,
                "220 mail.example.org||",
                ProbeResult.Fault.NO_RESPONSE);
        for (Map.Entry<String, ProbeResult.Fault> answer : answers.entrySet()) {
            assertThat(probe(false, answer.getKey()))
                    .as(answer.getKey())
                    .isInstanceOfSatisfying(
                            ProbeResult.Wrong.class,
                            wrong -> assertThat(wrong.fault()).isEqualTo(answer.getValue()));
        }
    }

    @Test
    void reportsPlainHttpOnTheHttpsPort() throws IOException {
        assertThat(probe(true, "HTTP/1.1 400 Bad Request||")).isInstanceOfSatisfying(ProbeResult.Wrong.class, wrong -> {
            assertThat(wrong.why()).startsWith("no TLS");
            assertThat(wrong.fault()).isEqualTo(ProbeResult.Fault.PLAIN_HTTP);
        });
    }

    @Test
    void acceptsAClosedHttpsPortButNotAClosedPort80() throws IOException {
        int port = closedPort();
        HostName name = new HostName("www.example.org");
        assertThat(ProbeWalk.of(trial(80, port), CHALLENGE, new Probe(name, HERE, port, true)))
                .isInstanceOf(ProbeResult.NothingListens.class);
        assertThat(ProbeWalk.of(trial(port, 443), CHALLENGE, new Probe(name, HERE, port, false)))
                .isInstanceOf(ProbeResult.Wrong.class);
    }

    @Test
    void probesOnlyAddressesWithAListenerAndNoneOfAnotherServer() throws IOException {
        try (ServerSocket own = new ServerSocket(0, 1, HERE);
                ServerSocket other = new ServerSocket(own.getLocalPort(), 1, InetAddress.ofLiteral("127.84.4.2"))) {
            int port = own.getLocalPort();
            Trial trial = new Trial(
                    new Cluster(
                            List.of(new Node(new HostName("web0.example.org"), "127.84.4.1", port)),
                            new HostName("web0.example.org")),
                    sites(),
                    List.of(),
                    port,
                    List.of(other.getInetAddress()),
                    Duration.ofSeconds(1));
            assertThat(trial.probes()).extracting(Probe::address).containsOnly(HERE);
            assertThat(trial.probes())
                    .filteredOn(Probe::https)
                    .extracting(probe -> probe.name().value())
                    .containsExactly("web0.example.org", "www.example.org", "example.org", "shop.example.org");
        }
    }
}
