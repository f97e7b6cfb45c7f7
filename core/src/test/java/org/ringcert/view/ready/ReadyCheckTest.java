package org.ringcert.view.ready;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.Site;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.CaaLookup;
import org.ringcert.dns.DnsResolver;
import org.ringcert.dns.HostAddresses;
import org.ringcert.http.HostResolver;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.view.ca.ValidationRules;
import org.ringcert.view.ca.ValidationRules.Strictness;
import org.ringcert.view.ca.Walker;
import org.ringcert.view.ready.Readiness.Reason;
import org.ringcert.view.ready.Readiness.Weight;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.Flaw;
import org.ringcert.view.visitor.ServedCertificate;
import org.ringcert.view.visitor.VisitorTarget;

/** Validations over real connections, with made-up views of visitors. */
@Timeout(60)
class ReadyCheckTest {

    private static final HostName WEB0 = new HostName("web0.example.org");
    private static final HostName WEB1 = new HostName("web1.example.org");
    private static final HostName WWW = new HostName("www.example.org");
    private static final HostName ALIAS = new HostName("example.org");
    private static final KeyAuthorization PROBE = new KeyAuthorization(new Token("a".repeat(43)), "b".repeat(43));
    private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    /** A DNS in which no name of the site leads anywhere: the move is yet to come. */
    private static final DnsResolver NO_DNS = new DnsResolver() {
        @Override
        public HostAddresses addresses(HostName name) {
            return new HostAddresses(new AddressLookup.NoSuchName(), new AddressLookup.NoSuchName());
        }

        @Override
        public CaaLookup caa(String domain) {
            throw new AssertionError("CAA records do not matter");
        }
    };

    private final List<String> hosts = new CopyOnWriteArrayList<>();
    private final List<String> visits = new CopyOnWriteArrayList<>();
    private HttpServer front;

    @BeforeEach
    void startFront() throws IOException {
        front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        front.start();
    }

    @AfterEach
    void stopFront() {
        front.stop(0);
    }

    /** Makes the front answer every request, and remember its host. */
    private void answer(int status, String body) {
        front.createContext("/", exchange -> {
            hosts.add(exchange.getRequestHeaders().getFirst("Host").replaceAll(":.*", ""));
            send(exchange, status, body);
        });
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Node web1(int port) {
        return new Node(WEB1, "127.0.0.1", port);
    }

    private Readiness check(Site site, Node node, Duration minRemaining, Cell... cells) throws InterruptedException {
        return check(new ReadyTarget(site, List.of(Optional.empty()), node, "127.0.0.1", 443), minRemaining, cells);
    }

    private Readiness check(ReadyTarget target, Duration minRemaining, Cell... cells) throws InterruptedException {
        Walker walker = new Walker(
                NO_DNS, new ValidationRules(Strictness.PUBLIC_CA, target.node().port(), 443, Set.of()));
        VisitorLook visitors = (asked, name) -> {
            visits.add(name + asked.kind().map(kind -> "+" + kind).orElse(""));
            return cells[(visits.size() - 1) % cells.length];
        };
        return new ReadyCheck(
                        new Node(WEB0, "127.0.0.2", 80), visitors, walker, new HostResolver(), InstantSource.fixed(NOW))
                .check(target, PROBE, minRemaining);
    }

    private static Cell cell(Duration remaining, Flaw... flaws) {
        ServedCertificate certificate =
                new ServedCertificate("01", "a CA", NOW.minus(Duration.ofDays(30)), NOW.plus(remaining));
        VisitorTarget target = new VisitorTarget(new Site(List.of(WWW)), Optional.empty(), WEB1, "127.0.0.1", 443);
        return new Cell(target.key(), Optional.of(certificate), List.of(flaws), NOW);
    }

    private static List<String> texts(Readiness readiness, Weight weight) {
        return readiness.reasons().stream()
                .filter(reason -> reason.weight() == weight)
                .map(Reason::text)
                .toList();
    }

    @Test
    void isReadyIfVisitorsAndValidationsGetWhatTheyNeedUnderEachName() throws Exception {
        answer(200, PROBE.text());
        Readiness readiness = check(
                new Site(List.of(WWW, ALIAS)), web1(front.getAddress().getPort()), DAY, cell(Duration.ofDays(60)));

        assertThat(readiness.isReady()).isTrue();
        assertThat(texts(readiness, Weight.FOR))
                .containsExactly(
                        "web1.example.org presents to visitors of www.example.org and example.org a certificate that"
                                + " is valid for 60 days more, until 2027-01-27 10:00Z.",
                        "A validation of www.example.org and example.org works if it enters at web1.example.org"
                                + " (127.0.0.1), which gets it from web0.example.org and answers itself.");
        assertThat(visits).containsExactlyInAnyOrder("www.example.org", "example.org");
        assertThat(hosts).containsExactlyInAnyOrder("www.example.org", "example.org");
    }

    @Test
    void redirectsToNamesOfTheSiteLeadToTheServerThatItMovesTo() throws Exception {
        front.createContext("/", exchange -> {
            String host = exchange.getRequestHeaders().getFirst("Host");
            if (host.startsWith("www.")) {
                send(exchange, 200, PROBE.text());
            } else {
                exchange.getResponseHeaders().set("Location", "http://www." + host + exchange.getRequestURI());
                send(exchange, 301, "");
            }
        });
        Readiness readiness = check(
                new Site(List.of(ALIAS, WWW)), web1(front.getAddress().getPort()), DAY, cell(Duration.ofDays(60)));
        assertThat(readiness.reasons()).allMatch(reason -> reason.weight() == Weight.FOR);
    }

    @Test
    void everyKindOfKeyIsLookedAt() throws Exception {
        answer(200, PROBE.text());
        ReadyTarget target = new ReadyTarget(
                new Site(List.of(WWW)),
                List.of(Optional.of(KeyAlgorithm.EC), Optional.of(KeyAlgorithm.RSA)),
                web1(front.getAddress().getPort()),
                "127.0.0.1",
                443);
        Readiness readiness = check(target, DAY, cell(Duration.ofDays(60)));
        assertThat(visits).containsExactlyInAnyOrder("www.example.org+EC", "www.example.org+RSA");
        assertThat(texts(readiness, Weight.FOR)).anyMatch(text -> text.contains("(EC keys)"));
        assertThat(texts(readiness, Weight.FOR)).anyMatch(text -> text.contains("(RSA keys)"));
    }

    @Test
    void flawsThatVisitorsSeeSpeakAgainstTheMoveAndWarningsDoNot() throws Exception {
        answer(200, PROBE.text());
        Flaw untrusted = new Flaw(Flaw.Kind.ROOT_NOT_TRUSTED, Flaw.Severity.WARNING, "the root is unknown", "Look.");
        Site site = new Site(List.of(WWW));
        Readiness ready = check(site, web1(front.getAddress().getPort()), DAY, cell(Duration.ofDays(60), untrusted));
        assertThat(ready.isReady()).isTrue();
        assertThat(texts(ready, Weight.NOTE))
                .containsExactly("To visitors of www.example.org at web1.example.org, the root is unknown. Look.");

        Flaw failure = new Flaw(Flaw.Kind.ROOT_NOT_TRUSTED, Flaw.Severity.FAILURE, "the root is unknown", "Look.");
        Readiness unready = check(site, web1(front.getAddress().getPort()), DAY, cell(Duration.ofDays(60), failure));
        assertThat(unready.isReady()).isFalse();
        assertThat(texts(unready, Weight.AGAINST)).hasSize(1);
    }

    @Test
    void aCertificateThatEndsTooSoonSpeaksAgainstTheMove() throws Exception {
        answer(200, PROBE.text());
        Site site = new Site(List.of(WWW));
        Node node = web1(front.getAddress().getPort());
        Cell cell = cell(Duration.ofHours(36));

        assertThat(check(site, node, DAY, cell).isReady()).isTrue();
        Readiness unready = check(site, node, Duration.ofDays(2), cell);
        assertThat(texts(unready, Weight.AGAINST))
                .singleElement()
                .asString()
                .contains("ends in 36 hours", "2026-11-29 22:00Z", "less than the 2 days asked for", "ringcert status");
    }

    @Test
    void aCertificateIsNotLateIfMoreIsAskedForThanItCanHave() throws Exception {
        answer(200, PROBE.text());
        Site site = new Site(List.of(WWW));
        Node node = web1(front.getAddress().getPort());
        Cell cell = cell(Duration.ofDays(60));

        assertThat(texts(check(site, node, Duration.ofDays(100), cell), Weight.AGAINST))
                .singleElement()
                .asString()
                .contains("No certificate of this kind is valid that long: its lifetime is 90 days", "--min-left")
                .doesNotContain("why it has not been renewed");
        assertThat(texts(check(site, node, Duration.ofDays(80), cell), Weight.AGAINST))
                .singleElement()
                .asString()
                .contains("Its lifetime is 90 days, and it is too early to renew it", "--min-left")
                .doesNotContain("why it has not been renewed");
    }

    @Test
    void aFrontThatEatsTheChallengeSpeaksAgainstTheMoveWithItsRemedy() throws Exception {
        answer(404, "no such page");
        Readiness readiness =
                check(new Site(List.of(WWW)), web1(front.getAddress().getPort()), DAY, cell(Duration.ofDays(60)));
        assertThat(texts(readiness, Weight.AGAINST))
                .singleElement()
                .asString()
                .contains("A validation of www.example.org fails if it enters at web1.example.org (127.0.0.1):", "404");
    }

    @Test
    void aDeadFrontAndAnUnknownAddressSpeakAgainstTheMove() throws Exception {
        int port = front.getAddress().getPort();
        front.stop(0);
        Site site = new Site(List.of(WWW));
        assertThat(texts(check(site, web1(port), DAY, cell(Duration.ofDays(60))), Weight.AGAINST))
                .singleElement()
                .asString()
                .contains("refuse");

        Node unknown = new Node(WEB1, "web1.invalid", port);
        assertThat(texts(check(site, unknown, DAY, cell(Duration.ofDays(60))), Weight.AGAINST))
                .singleElement()
                .asString()
                .contains("no address for web1.invalid", "`address`");
    }

    @Test
    void aSilentServerDoesNotDelayTheAnswerForLong() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            long start = System.nanoTime();
            Readiness readiness =
                    check(new Site(List.of(WWW)), web1(silent.getLocalPort()), DAY, cell(Duration.ofDays(60)));
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            assertThat(texts(readiness, Weight.AGAINST)).hasSize(1);
            assertThat(time).isLessThan(ReadyCheck.TIME_LIMIT.plusSeconds(5));
        }
    }

    @Test
    void namesWithTheSameFindingShareALine() throws Exception {
        answer(200, PROBE.text());
        List<HostName> names = IntStream.range(0, 100)
                .mapToObj(i -> new HostName("n" + i + ".example.org"))
                .toList();
        Readiness readiness =
                check(new Site(names), web1(front.getAddress().getPort()), DAY, cell(Duration.ofDays(60)));
        assertThat(readiness.reasons()).hasSize(2);
        assertThat(readiness.reasons().getFirst().text()).contains("n0.example.org, n1.example.org and 98 more names");
    }

    @Test
    void manyDifferentFindingsAreCutShort() throws Exception {
        answer(404, "");
        List<HostName> names = IntStream.range(0, 100)
                .mapToObj(i -> new HostName("n" + i + ".example.org"))
                .toList();
        Readiness readiness =
                check(new Site(names), web1(front.getAddress().getPort()), DAY, cell(Duration.ofDays(60)));
        assertThat(readiness.isReady()).isFalse();
        assertThat(readiness.reasons()).hasSizeLessThan(12);
        assertThat(readiness.reasons().getLast().text()).contains("Much the same", "more names");
    }
}
