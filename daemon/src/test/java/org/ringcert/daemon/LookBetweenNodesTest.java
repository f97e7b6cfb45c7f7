package org.ringcert.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.front.Front;
import org.ringcert.daemon.front.FrontListener;
import org.ringcert.dns.ScriptedDns;
import org.ringcert.handoff.HandoffListener;
import org.ringcert.http.HttpGet;
import org.ringcert.view.ca.AddressView;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.ViewpointReply;
import org.ringcert.view.ca.Walk.Verdict;
import org.ringcert.view.look.PeerViewpoint;

/** Nodes with fronts on real sockets look for each other; the DNS is the test's own. */
class LookBetweenNodesTest {

    private static final HostName SITE = new HostName("www.example.org");
    private static final HostName WEB0 = new HostName("web0.example.org");
    private static final HostName WEB1 = new HostName("web1.example.org");
    private static final KeyAuthorization PROBE = new KeyAuthorization(
            new Token("probe-token-0123456789-0123456789"), "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI");

    private static final Duration LONG = Duration.ofSeconds(60);

    /** How many questions without a result one source may cause at once. */
    private static final int BUDGET_OF_A_SOURCE = 20;

    @TempDir
    private Path folder;

    private int port;
    private ScriptedDns dns;
    private LocalNode web0;
    private final List<Front> fronts = new ArrayList<>();

    /** What has reached the third node, which is not a daemon. */
    private final Queue<String> questions = new ConcurrentLinkedQueue<>();

    private HttpServer web2;

    @BeforeEach
    void start() throws Exception {
        port = freePort();
        dns = ScriptedDns.start()
                .add("web0.example.org", "A", "127.0.0.10")
                .add("web1.example.org", "A", "127.0.0.11")
                .add("web2.example.org", "A", "127.0.0.12")
                .add("www.example.org", "A", "127.0.0.10")
                .add("www.example.org", "A", "127.0.0.11");
        Configuration configuration =
                ConfigurationLoader.load(Files.writeString(folder.resolve("ringcert.toml"), configuration()));
        web0 = startNode(configuration, WEB0);
        startNode(configuration, WEB1);
        web2 = HttpServer.create(new InetSocketAddress("127.0.0.12", port), 0);
        web2.createContext("/", exchange -> {
            questions.add(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        web2.start();
    }

    @AfterEach
    void stop() throws IOException {
        fronts.forEach(Front::close);
        web2.stop(0);
        dns.close();
    }

    private LocalNode startNode(Configuration configuration, HostName self) throws Exception {
        LocalNode node = new LocalNode(configuration.withStore(folder.resolve(self.value())), self);
        fronts.add(node.startFront(HandoffListener.NONE, FrontListener.NONE));
        return node;
    }

    private String configuration() {
        StringBuilder tables = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            tables.append("""
                    [[node]]
                    name = "web%1$d.example.org"
                    address = "127.0.0.1%1$d"
                    port = %2$d
                    listen = ["127.0.0.1%1$d:%2$d"]
                    https = "127.0.0.1%1$d:1"
                    """.formatted(i, port));
        }
        return tables + """
                [[site]]
                names = ["www.example.org"]
                [acme]
                directory = "http://127.0.0.1:1/directory"
                agree-to-terms = true
                [check]
                resolver = "127.0.0.1:%d"
                """.formatted(dns.address().getPort());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.10"))) {
            return socket.getLocalPort();
        }
    }

    private PeerViewpoint web1() {
        return web0.views().peers().getFirst();
    }

    private static NameView seen(ViewpointReply reply) {
        if (reply instanceof ViewpointReply.Seen(NameView view)) {
            return view;
        }
        return fail("the peer has not looked: " + reply);
    }

    private int statusOf(Token token, String query) throws IOException {
        return HttpGet.fetch(
                        new InetSocketAddress("127.0.0.11", port), "x", token.path() + "?" + query, LONG, 64 * 1024)
                .status();
    }

    private static Token invented(int number) {
        return new Token("invented-token-number-" + number);
    }

    @Test
    void aPeerSeesEveryAddressOfASite() throws Exception {
        web0.challenges().publish(PROBE);
        NameView view = seen(web1().look(SITE, PROBE));

        assertThat(view.complete()).isTrue();
        assertThat(view.views())
                .extracting(each -> each.address().getHostAddress())
                .containsExactlyInAnyOrder("127.0.0.10", "127.0.0.11");
        assertThat(view.views()).extracting(each -> each.walk().verdict()).containsOnly(new Verdict.Accepted(PROBE));
        assertThat(view.views())
                .extracting(each -> each.walk().redirects())
                .as("one of the servers hands the request over")
                .containsExactlyInAnyOrder(0, 1);
        assertThat(web0.views().local().look(SITE, PROBE)).isInstanceOf(ViewpointReply.Seen.class);
    }

    @Test
    void aPeerSeesThatANodesNameLeadsToThatNodeAlone() throws Exception {
        web0.challenges().publish(PROBE);
        assertThat(seen(web1().look(WEB0, PROBE)).views())
                .extracting(each -> each.walk().verdict())
                .containsOnly(new Verdict.Accepted(PROBE));

        dns.add("web0.example.org", "A", "127.0.0.11");
        List<AddressView> views = seen(web1().look(WEB0, PROBE)).views();
        assertThat(views)
                .filteredOn(each -> each.walk().isAccepted())
                .extracting(each -> each.address().getHostAddress())
                .containsExactly("127.0.0.10");
        assertThat(views).hasSize(2);
    }

    /** The DNS of a site may be in the hands of somebody who has no business in the network of the servers. */
    @Test
    void aPeerDoesNotGoToAddressesOfItsMachineForOthers() throws Exception {
        web0.challenges().publish(PROBE);
        dns.add("www.example.org", "A", "127.0.0.99");
        try (ServerSocket secret = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.99"))) {
            secret.setSoTimeout(1);
            assertThat(seen(web1().look(SITE, PROBE)).views())
                    .filteredOn(view -> view.address().getHostAddress().equals("127.0.0.99"))
                    .singleElement()
                    .satisfies(view -> assertThat(view.walk().verdict()).isInstanceOf(Verdict.Undecided.class));
            assertThatThrownBy(secret::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void aPeerThatDoesNotLookIsRecognized() throws Exception {
        web0.challenges().publish(PROBE);
        assertThat(web0.views().peers().getLast().look(SITE, PROBE))
                .isEqualTo(new ViewpointReply.CannotLook(
                        "it does not look for peers, or could not get the probe (status 404)"));
    }

    @Test
    void aPeerDoesNotLookForATokenThatIsNotHeld() {
        assertThat(web1().look(SITE, PROBE)).isInstanceOf(ViewpointReply.CannotLook.class);
        assertThat(dns.queries()).isEmpty();
    }

    @Test
    void looksForManySitesAtATime() throws Exception {
        List<KeyAuthorization> probes = IntStream.range(0, 12)
                .mapToObj(i -> new KeyAuthorization(invented(i), PROBE.thumbprint()))
                .toList();
        for (KeyAuthorization probe : probes) {
            web0.challenges().publish(probe);
        }
        PeerViewpoint peer = web1();
        assertThat(probes.parallelStream()
                        .map(probe -> seen(peer.look(SITE, probe)).complete()))
                .hasSize(12)
                .containsOnly(true);
    }

    @Test
    void aFloodOfInventedTokensCausesNoMoreQuestionsThanTheBudgetAllows() throws Exception {
        web0.challenges().publish(PROBE);
        List<Callable<Integer>> requests = IntStream.range(0, 300)
                .<Callable<Integer>>mapToObj(i -> () -> i % 10 == 0
                        ? statusOf(PROBE.token(), "x=" + i)
                        : statusOf(invented(i), "at=web2.example.org&look=www.example.org"))
                .toList();
        Map<Integer, Integer> statuses = new HashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> status : threads.invokeAll(requests)) {
                statuses.merge(status.get(), 1, Integer::sum);
            }
        }
        assertThat(statuses)
                .as("challenges are answered")
                .containsEntry(302, 30)
                .containsOnlyKeys(302, 404, 503);
        // A token is added to the budget every three seconds.
        assertThat(questionsForInventedTokens())
                .hasSizeBetween(1, BUDGET_OF_A_SOURCE + 20)
                .allMatch(question -> question.endsWith("?left="));
        assertThat(dns.queries()).as("nothing is looked at").isEmpty();
    }

    private List<String> questionsForInventedTokens() {
        return questions.stream()
                .filter(question -> question.contains("invented"))
                .toList();
    }

    @Test
    void aFloodWithNamesThatAreNotConfiguredCausesNothing() throws IOException {
        for (int i = 0; i < 50; i++) {
            for (String query : List.of(
                    "at=evil.example&look=www.example.org",
                    "at=web2.example.org&look=evil.example",
                    "at=www.example.org&look=www.example.org",
                    "at=web2.example.org&look=127.0.0.12",
                    "at=web2.example.org&at=web2.example.org&look=www.example.org",
                    "at=web2.example.org&look=www.example.org&look=evil.example")) {
                assertThat(statusOf(invented(i), query)).isEqualTo(404);
            }
        }
        assertThat(questions).isEmpty();
        assertThat(dns.queries()).isEmpty();
    }

    @Test
    void aFloodOfLooksLeavesChallengesAnswered() throws Exception {
        web0.challenges().publish(PROBE);
        for (int i = 0; i < 100; i++) {
            int _ = statusOf(invented(i), "at=web0.example.org&look=www.example.org");
        }
        assertThat(statusOf(PROBE.token(), "x=1")).isEqualTo(302);
        HttpGet.Response held = HttpGet.fetch(
                new InetSocketAddress("127.0.0.10", port), "x", PROBE.token().path(), LONG, 1024);
        assertThat(held.body()).isEqualTo(PROBE.text());
    }

    @Test
    void aNodeStillLooksAfterItsConfigurationHasChanged() throws Exception {
        web0.challenges().publish(PROBE);
        Configuration next = ConfigurationLoader.load(Files.writeString(
                folder.resolve("ringcert.toml"),
                configuration().replace("\"www.example.org\"", "\"www.example.org\", \"shop.example.org\"")));
        HostName shop = new HostName("shop.example.org");
        dns.add("shop.example.org", "A", "127.0.0.10");
        assertThat(web1().look(shop, PROBE)).isInstanceOf(ViewpointReply.CannotLook.class);

        LocalNode web1 = new LocalNode(next.withStore(folder.resolve(WEB1.value())), WEB1);
        web1.reconfigure(fronts.get(1), HandoffListener.NONE);
        assertThat(seen(web1().look(shop, PROBE)).views()).hasSize(1);
    }
}
