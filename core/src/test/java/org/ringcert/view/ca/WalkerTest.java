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

/** The rules of the CAs, each against a server that breaks it. */
class WalkerTest {

    private static final Token TOKEN = new Token("a-token-that-is-asked-for");
    private static final HostName SITE = new HostName("www.example.org");

    /** What the server answers, by the number of the request. */
    private record Response(int status, List<String> locations, String body) {
        static Response to(String location) {
            return new Response(302, List.of(location), "");
        }
    }

    private HttpServer server;
    private int port;
    private final List<String> asked = new ArrayList<>();
    private IntFunction<Response> answering = number -> new Response(404, List.of(), "");

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
        asked.add(exchange.getRequestHeaders().getFirst("Host") + exchange.getRequestURI());
        Response response = answering.apply(asked.size());
        response.locations().forEach(location -> exchange.getResponseHeaders().add("Location", location));
        byte[] body = response.body().getBytes(StandardCharsets.ISO_8859_1);
        exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Walk walk() {
        return new Walker(name -> InetAddress.getLoopbackAddress(), port, Duration.ofSeconds(20)).walk(SITE, TOKEN);
    }

    private String url(String host, String rest) {
        return "http://" + host + ":" + port + rest;
    }

    @Test
    void answerAtOnceAndAfterARedirectIsFound() {
        answering = number -> number == 1
                ? Response.to(url("WEB1.example.org", TOKEN.path() + "?left="))
                : new Response(200, List.of(), "yes");
        Walk walk = walk();
        assertThat(walk.verdict()).isEqualTo(new Verdict.Ok("yes"));
        assertThat(walk.redirects()).isEqualTo(1);
        assertThat(asked)
                .containsExactly(
                        "www.example.org:" + port + TOKEN.path(), "web1.example.org:" + port + TOKEN.path() + "?left=");
    }

    @Test
    void relativeLocationIsResolved() {
        answering = number -> number == 1 ? Response.to("/elsewhere") : new Response(200, List.of(), "yes");
        assertThat(walk().verdict()).isEqualTo(new Verdict.Ok("yes"));
        assertThat(asked.getLast()).isEqualTo("www.example.org:" + port + "/elsewhere");
    }

    @Test
    void nineRedirectsAreFollowedAndTheTenthIsNot() {
        answering = number -> number <= 9 ? Response.to("/hop" + number) : new Response(200, List.of(), "yes");
        assertThat(walk().verdict()).isEqualTo(new Verdict.Ok("yes"));
        asked.clear();
        answering = number -> Response.to("/hop" + number);
        Walk walk = walk();
        assertThat(walk.verdict()).isEqualTo(new Verdict.Refused("more than 9 redirects"));
        assertThat(asked).hasSize(10);
    }

    @Test
    void sameUrlTwiceIsALoopAndAnotherQueryIsNot() {
        answering = number -> Response.to(TOKEN.path());
        assertThat(walk().verdict())
                .isInstanceOf(Verdict.Refused.class)
                .asString()
                .contains("loop");
        asked.clear();
        answering = number ->
                number < 4 ? Response.to(TOKEN.path() + "?left=" + number) : new Response(200, List.of(), "yes");
        assertThat(walk().verdict()).isEqualTo(new Verdict.Ok("yes"));
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 303, 304, 305, 306})
    void otherRedirectsAreNotFollowed(int status) {
        answering = number -> new Response(status, List.of("/elsewhere"), "");
        assertThat(walk().verdict()).isInstanceOf(Verdict.Refused.class);
        assertThat(asked).hasSize(1);
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
    void placesWhereNoCaGoesAreNotGoneTo(String location, String reason) {
        answering = number -> Response.to(location.replace("PORT", String.valueOf(port)));
        assertThat(walk().verdict())
                .isInstanceOf(Verdict.Refused.class)
                .asString()
                .contains(reason);
        assertThat(asked).hasSize(1);
    }

    @Test
    void redirectWithoutALocationOrWithTwoIsRefused() {
        answering = number -> new Response(302, List.of(), "");
        assertThat(walk().verdict()).isInstanceOf(Verdict.Refused.class);
        answering = number -> new Response(302, List.of("/a", "/b"), "");
        assertThat(walk().verdict()).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void answersOf127BytesAreTakenAndLongerOnesAreNot() {
        answering = number -> new Response(200, List.of(), "x".repeat(127));
        assertThat(walk().verdict()).isEqualTo(new Verdict.Ok("x".repeat(127)));
        answering = number -> new Response(200, List.of(), "x".repeat(128));
        assertThat(walk().verdict()).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void pathsOfMoreThan2000CharactersAreRefused() {
        answering = number -> Response.to("/" + "x".repeat(2000));
        assertThat(walk().verdict()).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void notFoundAndSilenceAreTold() {
        assertThat(walk().verdict()).isEqualTo(new Verdict.OtherStatus(404));
        Walker nowhere = new Walker(
                name -> {
                    throw new IOException("no address for " + name);
                },
                port,
                Duration.ofSeconds(20));
        assertThat(nowhere.walk(SITE, TOKEN).verdict())
                .isEqualTo(new Verdict.NoAnswer("no address for www.example.org"));
    }
}
