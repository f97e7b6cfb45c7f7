package org.ringcert.view.ca;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.view.ca.Walk.Verdict;

/** Tests each rule of the CAs with a server that breaks it. */
class WalkerTest {

    private static final Token TOKEN = new Token("the-requested-token");
    private static final HostName SITE = new HostName("www.example.org");

    /** What the server responds. */
    private record CannedReply(int status, List<String> locations, String body) {
        static CannedReply to(String location) {
            return new CannedReply(302, List.of(location), "");
        }
    }

    private HttpServer server;
    private int port;
    private final List<String> requests = new ArrayList<>();
    private IntFunction<CannedReply> responseTo = number -> new CannedReply(404, List.of(), "");

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        port = server.getAddress().getPort();
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestHeaders().getFirst("Host") + exchange.getRequestURI());
        CannedReply response = responseTo.apply(requests.size());
        response.locations().forEach(location -> exchange.getResponseHeaders().add("Location", location));
        byte[] body = response.body().getBytes(StandardCharsets.ISO_8859_1);
        exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Walk walk() {
        return new Walker(name -> InetAddress.getLoopbackAddress(), port, Duration.ofSeconds(20)).walk(SITE, TOKEN);
    }

    private String url(String host, String target) {
        return "http://" + host + ":" + port + target;
    }

    @Test
    void findsTheAnswerAfterARedirect() {
        responseTo = number -> number == 1
                ? CannedReply.to(url("WEB1.example.org", TOKEN.path() + "?left="))
                : new CannedReply(200, List.of(), "yes");
        Walk walk = walk();
        assertThat(walk.verdict()).isEqualTo(new Verdict.Ok("yes"));
        assertThat(walk.redirects()).isEqualTo(1);
        assertThat(requests)
                .containsExactly(
                        "www.example.org:" + port + TOKEN.path(), "web1.example.org:" + port + TOKEN.path() + "?left=");
    }

    @Test
    void resolvesARelativeLocation() {
        responseTo = number -> number == 1 ? CannedReply.to("/elsewhere") : new CannedReply(200, List.of(), "yes");
        assertThat(walk().verdict()).isEqualTo(new Verdict.Ok("yes"));
        assertThat(requests.getLast()).isEqualTo("www.example.org:" + port + "/elsewhere");
    }

    @Test
    void followsNineRedirectsAndNotTen() {
        responseTo = number -> number <= 9 ? CannedReply.to("/hop" + number) : new CannedReply(200, List.of(), "yes");
        assertThat(walk().verdict()).isEqualTo(new Verdict.Ok("yes"));
        requests.clear();
        responseTo = number -> CannedReply.to("/hop" + number);
        Walk walk = walk();
        assertThat(walk.verdict()).isEqualTo(new Verdict.Refused("more than 9 redirects"));
        assertThat(requests).hasSize(10);
    }

    @Test
    void detectsALoopByTheWholeUrl() {
        responseTo = number -> CannedReply.to(TOKEN.path());
        assertThat(walk().verdict())
                .isInstanceOf(Verdict.Refused.class)
                .asString()
                .contains("loop");
        requests.clear();
        responseTo = number ->
                number < 4 ? CannedReply.to(TOKEN.path() + "?left=" + number) : new CannedReply(200, List.of(), "yes");
        assertThat(walk().verdict()).isEqualTo(new Verdict.Ok("yes"));
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 303, 304, 305, 306})
    void refusesOtherRedirects(int status) {
        responseTo = number -> new CannedReply(status, List.of("/elsewhere"), "");
        assertThat(walk().verdict()).isInstanceOf(Verdict.Refused.class);
        assertThat(requests).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "http://web1.example.org:8/x, another port",
        "https://web1.example.org/x, https",
        "ftp://web1.example.org/x, ftp",
        "http://localhost:PORT/x, not a public name",
        "http://web1.example.org.well-known:PORT/x, not a public name",
        "http://web1.example.org.:PORT/x, host",
        "http://a_b.example.org:PORT/x, host",
        "http://user@web1.example.org:PORT/x, user",
        "http://web1.example.org:PORT/x#here, fragment",
        "http://web 1.example.org/, not a URL",
        "http:///x, host"
    })
    void refusesTargetsThatNoCaFollows(String location, String reason) {
        responseTo = number -> CannedReply.to(location.replace("PORT", String.valueOf(port)));
        assertThat(walk().verdict())
                .isInstanceOf(Verdict.Refused.class)
                .asString()
                .contains(reason);
        assertThat(requests).hasSize(1);
    }

    @Test
    void refusesARedirectWithoutExactlyOneLocation() {
        responseTo = number -> new CannedReply(302, List.of(), "");
        assertThat(walk().verdict()).isInstanceOf(Verdict.Refused.class);
        responseTo = number -> new CannedReply(302, List.of("/a", "/b"), "");
        assertThat(walk().verdict()).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void acceptsBodiesOfUpTo127Bytes() {
        responseTo = number -> new CannedReply(200, List.of(), "x".repeat(127));
        assertThat(walk().verdict()).isEqualTo(new Verdict.Ok("x".repeat(127)));
        responseTo = number -> new CannedReply(200, List.of(), "x".repeat(128));
        assertThat(walk().verdict()).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void refusesPathsOfMoreThan2000Characters() {
        responseTo = number -> CannedReply.to("/" + "x".repeat(2000));
        assertThat(walk().verdict()).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void reportsNotFoundAndNoAnswer() {
        assertThat(walk().verdict()).isEqualTo(new Verdict.OtherStatus(404));
        Walker walker = new Walker(
                name -> {
                    throw new IOException("no address for " + name);
                },
                port,
                Duration.ofSeconds(20));
        assertThat(walker.walk(SITE, TOKEN).verdict())
                .isEqualTo(new Verdict.NoAnswer("no address for www.example.org"));
    }
}
