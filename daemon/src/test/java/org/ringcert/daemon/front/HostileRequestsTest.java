package org.ringcert.daemon.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.ringcert.daemon.front.FrontFixture.CLUSTER;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ringcert.challenge.Challenges;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.PeerHealth;
import org.ringcert.handoff.Handoff;
import org.ringcert.handoff.HandoffListener;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.handoff.LookupBudget;
import org.ringcert.handoff.PeerClient;
import org.ringcert.handoff.PeerReply;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * Requests that no honest client sends, over real connections: the table in docs/HOSTILE.md. Challenges are answered as
 * in production, but no peer holds any.
 */
class HostileRequestsTest {

    private static final Path TABLE = Path.of("..", "docs", "HOSTILE.md");
    private static final Token HELD = new Token("held-on-this-server-0123456789");
    private static final Token UNKNOWN = new Token("held-by-nobody-0123456789");
    private static final String HONEST = "GET /honest HTTP/1.1\r\nHost: www.example.org\r\n\r\n";
    private static final String MOVED = "HTTP/1.1 301 Moved Permanently";

    /** The allowed redirects: to https on a known host, or with a challenge to a configured node. */
    private static final Pattern LOCATION = Pattern.compile("https://(www|web0|web1)\\.example\\.org/[!-~]*"
            + "|http://web[12]\\.example\\.org" + UNKNOWN.path() + "\\?left=(web[012]\\.example\\.org)?");

    @TempDir
    private static Path directory;

    private static Front front;

    @BeforeAll
    static void start() throws IOException, StoreException {
        Clock clock = Clock.systemUTC();
        Challenges challenges = new Challenges(Store.open(directory, clock), List.of(), clock);
        challenges.publish(new KeyAuthorization(HELD, FrontFixture.THUMBPRINT));
        PeerClient peers = new PeerClient() {
            @Override
            public PeerReply ask(Node peer, Token token) {
                return new PeerReply.DoesNotHold();
            }

            @Override
            public boolean isUp(Node peer) {
                return true;
            }
        };
        PeerHealth health = new PeerHealth(Duration.ofSeconds(15), clock);
        Handoff handoff = new Handoff(
                HandoffMode.REDIRECT,
                CLUSTER,
                challenges,
                peers,
                health,
                new LookupBudget(clock),
                clock,
                Optional.empty(),
                HandoffListener.NONE);
        front = FrontFixture.start(FrontFixture.service(handoff), FrontLimits.standard(), FrontListener.NONE);
    }

    @AfterAll
    static void stop() {
        front.close();
    }

    static List<HostileRequest> all() throws IOException {
        return HostileRequest.all(TABLE);
    }

    /** Name, text and status of all rows that are malformed or ask for something that is not served at all. */
    static Stream<Arguments> requestsThatEndTheConnection() throws IOException {
        return all().stream()
                .filter(row -> row.closed() && row.statuses().size() == 1)
                .filter(row ->
                        List.of(400, 405, 414, 431, 505).contains(row.statuses().getFirst()))
                .map(row -> Arguments.of(row.what(), row.text(), row.statuses().getFirst()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void answersAsTheTableSays(HostileRequest row) throws IOException {
        try (RawClient client = new RawClient(front)) {
            client.send(row.text());
            RawResponse last = read(client, row);
            for (int status : row.statuses()) {
                assertThat(last.status()).startsWith("HTTP/1.1 " + status + " ");
                assertHarmless(last, status);
                if (status != row.statuses().getLast()) {
                    last = read(client, row);
                }
            }
            assertThat(last.has("Connection: close")).isEqualTo(row.closed());
            if (row.closed()) {
                assertThat(client.readToEnd()).isEmpty();
            } else {
                assertThat(client.send(HONEST).read().status()).isEqualTo(MOVED);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requestsThatEndTheConnection")
    void refusesThemAlsoAfterAnHonestRequest(String name, String text, int status) throws IOException {
        try (RawClient client = new RawClient(front)) {
            client.send(HONEST + text);

            assertThat(client.read().status()).isEqualTo(MOVED);
            assertThat(client.read().status()).startsWith("HTTP/1.1 " + status + " ");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    private static RawResponse read(RawClient client, HostileRequest row) throws IOException {
        return row.text().startsWith("HEAD ") ? client.readWithoutBody() : client.read();
    }

    /** Asserts that nothing from the request is repeated except in a Location, and that this is an allowed one. */
    private static void assertHarmless(RawResponse reply, int status) {
        List<String> locations = reply.head()
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("location:"))
                .toList();
        assertThat(reply.head().lines()).noneMatch(line -> line.startsWith("X-Evil"));
        assertThat(reply.has("Allow: GET, HEAD")).isEqualTo(status == 405);
        if (status / 100 == 3) {
            assertThat(locations)
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line.substring("Location: ".length())).matches(LOCATION));
            assertThat(reply.body()).isEmpty();
        } else {
            assertThat(locations).isEmpty();
            assertThat((reply.head() + reply.body()).toLowerCase(Locale.ROOT)).doesNotContain("evil", "secret");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/.well-known/acme-challenge",
        "/.WELL-KNOWN/acme-challenge/x",
        "/.well-known/acme-challenge?/x",
        "//evil.example/x",
        "/\\evil.example",
        "/%0d%0aX-Evil:%20yes",
        "/?https://evil.example/"
    })
    void redirectsOddPathsUnchangedOnTheSameHost(String path) throws IOException {
        try (RawClient client = new RawClient(front)) {
            RawResponse reply = client.send("GET " + path + " HTTP/1.1\r\nHost: www.example.org\r\n\r\n")
                    .read();

            assertThat(reply.status()).isEqualTo(MOVED);
            assertThat(reply.has("Location: https://www.example.org" + path)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "web1.example.org web1 ''",
                "WEB1.EXAMPLE.ORG web1 ''",
                "web2.example.org,web1.example.org web2 web1.example.org",
                "web2.example.org%2cweb1.example.org web2 web1.example.org",
                "web0.example.org,web1.example.org web1 ''"
            })
    void redirectsToConfiguredNodesOnly(String left, String server, String rest) throws IOException {
        try (RawClient client = new RawClient(front)) {
            RawResponse reply = client.send("GET " + UNKNOWN.path() + "?left=" + left
                            + "&at=evil.example HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                    .read();

            assertThat(reply.has("Location: http://" + server + ".example.org" + UNKNOWN.path() + "?left=" + rest))
                    .isTrue();
        }
    }

    @Test
    void closesAConnectionWhoseBodyNeverEnds() throws IOException {
        try (RawClient client = new RawClient(front)) {
            client.send("POST /x HTTP/1.1\r\nHost: www.example.org\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .read();
            String megabyte = "x".repeat(1024 * 1024);
            assertThatIOException().isThrownBy(() -> {
                for (int i = 0; i < 64; i++) {
                    client.send(megabyte);
                }
            });
        }
    }
}
