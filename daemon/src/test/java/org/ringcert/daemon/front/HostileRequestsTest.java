package org.ringcert.daemon.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.ringcert.daemon.front.Fixture.HELD;

import java.io.IOException;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What no honest client sends. Each line: what it is, its bytes, and the status it must get; by these statuses the connection ends. */
class HostileRequestsTest {

    private static final String H = " HTTP/1.1\r\nHost: www.example.org\r\n";
    private static final String OK_HOST = "Host: www.example.org\r\n";
    private static Front front;

    @BeforeAll
    static void start() throws IOException {
        front = Fixture.start();
    }

    @AfterAll
    static void stop() {
        front.close();
    }

    static Stream<Arguments> requestsThatEndTheConnection() {
        return Stream.of(
                request("HTTP/0.9", "GET /evil\r\n", 400),
                request("HTTP/0.9 with a blank", "GET /evil \r\n", 400),
                request("HTTP/9.9", "GET /evil HTTP/9.9\r\n" + OK_HOST + "\r\n", 505),
                request("HTTP/1.2", "GET /evil HTTP/1.2\r\n" + OK_HOST + "\r\n", 505),
                request("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
                request("version in small letters", "GET /evil http/1.1\r\n" + OK_HOST + "\r\n", 400),
                request("version with more digits", "GET /evil HTTP/1.11\r\n" + OK_HOST + "\r\n", 400),
                request("another protocol's version", "GET /evil RTSP/1.0\r\n" + OK_HOST + "\r\n", 400),
                request("TLS ClientHello", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001evil", 400),
                request("SSH", "SSH-2.0-evil\r\n", 400),
                request("PROXY protocol", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nGET /evil" + H + "\r\n", 400),
                request("garbage", "\u00fe\u00ff\u0000evil", 400),
                request("blanks first", "  GET /evil" + H + "\r\n", 400),
                request("two empty lines first", "\r\n\r\nGET /evil" + H + "\r\n", 400),
                request("method in small letters", "get /evil" + H + "\r\n", 400),
                request("method with a separator", "GE(T /evil" + H + "\r\n", 400),
                request("method of 30 letters", "EVILEVILEVILEVILEVILEVILEVILEV /" + H + "\r\n", 400),
                request("two blanks in the request line", "GET  /evil" + H + "\r\n", 400),
                request("tab in the request line", "GET\t/evil" + H + "\r\n", 400),
                request("blank in the target", "GET /evil one" + H + "\r\n", 400),
                request("NUL in the target", "GET /evil\u0000" + H + "\r\n", 400),
                request("raw UTF-8 in the target", "GET /evil\u00c3\u00a9" + H + "\r\n", 400),
                request("DEL in the target", "GET /evil\u007f" + H + "\r\n", 400),
                request("fragment in the target", "GET /evil#x" + H + "\r\n", 400),
                request("no slash before the path", "GET evil" + H + "\r\n", 400),
                request("no target", "GET " + H + "\r\n", 400),
                request("star with GET", "GET *" + H + "\r\n", 400),
                request("OPTIONS *", "OPTIONS *" + H + "\r\n", 405),
                request("CONNECT", "CONNECT evil.example:443" + H + "\r\n", 405),
                request("TRACE", "TRACE /evil" + H + "\r\n", 405),
                request("POST of a challenge", "POST " + HELD.path() + H + "\r\n", 405),
                request("another scheme", "GET https://www.example.org/evil" + H + "\r\n", 400),
                request("file scheme", "GET file:///etc/evil" + H + "\r\n", 400),
                request("user info in the target", "GET http://evil@www.example.org/" + H + "\r\n", 400),
                request("no host in the target", "GET http:///evil" + H + "\r\n", 400),
                request("backslash in the target's host", "GET http://www.example.org\\evil/" + H + "\r\n", 400),
                request("absolute target, no Host", "GET http://www.example.org/evil HTTP/1.1\r\n\r\n", 400),
                request("no Host", "GET /evil HTTP/1.1\r\n\r\n", 400),
                request("no Host for a challenge", "GET " + HELD.path() + " HTTP/1.1\r\n\r\n", 400),
                request("empty Host", "GET /evil HTTP/1.1\r\nHost:\r\n\r\n", 400),
                request("two Hosts", "GET /evil" + H + "Host: evil.example\r\n\r\n", 400),
                request("the same Host twice", "GET /evil" + H + OK_HOST + "\r\n", 400),
                request("two Hosts in HTTP/1.0", "GET /evil HTTP/1.0\r\n" + OK_HOST + OK_HOST + "\r\n", 400),
                host("path and user", "evil.com/@h"),
                host("user info", "evil@www.example.org"),
                host("path", "www.example.org/.evil.example"),
                host("markup", "\"><script>evil</script>"),
                host("NUL", "www.example.org\u0000evil"),
                host("blank inside", "www.example.org evil"),
                host("comma", "www.example.org,evil.example"),
                host("UTF-8", "www.\u00c3\u00a9vil.example"),
                host("percent", "www%2eevil.example"),
                host("port that is none", "www.example.org:evil"),
                host("two ports", "www.example.org:80:80"),
                host("port of six digits", "www.example.org:100080"),
                host("open bracket", "[::1"),
                host("300 letters", "e".repeat(300)),
                request("body by length and chunks", "POST /evil" + H + length("5") + CHUNKED + "\r\n", 400),
                request("two lengths", "POST /evil" + H + length("5") + length("6") + "\r\n", 400),
                request("the same length twice", "POST /evil" + H + length("5") + length("5") + "\r\n", 400),
                request("list of lengths", "POST /evil" + H + length("5, 5") + "\r\n", 400),
                request("signed length", "POST /evil" + H + length("+5") + "\r\n", 400),
                request("negative length", "POST /evil" + H + length("-5") + "\r\n", 400),
                request("hexadecimal length", "POST /evil" + H + length("0x5") + "\r\n", 400),
                request("length of 30 digits", "POST /evil" + H + length("1".repeat(30)) + "\r\n", 400),
                request("empty length", "POST /evil" + H + length("") + "\r\n", 400),
                request("chunks twice", "POST /evil" + H + CHUNKED + CHUNKED + "\r\n", 400),
                request("other coding", "POST /evil" + H + "Transfer-Encoding: gzip, chunked\r\n\r\n", 400),
                request("disguised chunks", "POST /evil" + H + "Transfer-Encoding: xchunked\r\n\r\n", 400),
                request("chunks after VT", "POST /evil" + H + "Transfer-Encoding: \u000bchunked\r\n\r\n", 400),
                request("chunks in HTTP/1.0", "POST /evil HTTP/1.0\r\n" + OK_HOST + CHUNKED + "\r\n", 400),
                request("folded field", "GET /evil" + H + "X: a\r\n evil\r\n\r\n", 400),
                request("folded by a tab", "GET /evil" + H + "X: a\r\n\tevil\r\n\r\n", 400),
                request("folded first field", "GET /evil HTTP/1.1\r\n X: a\r\n" + OK_HOST + "\r\n", 400),
                request("blank before the colon", "GET /evil HTTP/1.1\r\nHost : www.example.org\r\n\r\n", 400),
                request("no colon", "GET /evil" + H + "evil\r\n\r\n", 400),
                request("no name", "GET /evil" + H + ": evil\r\n\r\n", 400),
                request("NUL in a name", "GET /evil" + H + "X\u0000Y: evil\r\n\r\n", 400),
                request("NUL in a value", "GET /evil" + H + "X: \u0000evil\r\n\r\n", 400),
                request("bare LF after the request line", "GET /evil HTTP/1.1\n" + OK_HOST + "\r\n", 400),
                request("bare LF after a field", "GET /evil HTTP/1.1\r\nHost: www.example.org\n\r\n", 400),
                request("bare LF at the end", "GET /evil" + H + "\n", 400),
                request("bare CR in a value", "GET /evil" + H + "X: a\rEvil: b\r\n\r\n", 400),
                request("CR CR LF", "GET /evil HTTP/1.1\r\r\n" + OK_HOST + "\r\n", 400),
                request("bare CR in the target", "GET /e\rvil" + H + "\r\n", 400),
                request("CR LF in the request line", "GET /x\r\nX-Evil: yes HTTP/1.1\r\n" + OK_HOST + "\r\n", 400),
                request("long target", "GET /" + "e".repeat(5_000) + H + "\r\n", 414),
                request("long line without end", "GET /" + "e".repeat(5_000), 414),
                request("long method", "E".repeat(5_000), 414),
                request("long field", "GET /" + H + "X: " + "e".repeat(9_000) + "\r\n\r\n", 431),
                request("long field without end", "GET /" + H + "X: " + "e".repeat(9_000), 431),
                request("many long fields", "GET /" + H + ("X: " + "e".repeat(1_000) + "\r\n").repeat(9), 431),
                request("101 fields", "GET /" + H + "a:b\r\n".repeat(100) + "\r\n", 431));
    }

    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

    @ParameterizedTest(name = "{0}")
    @MethodSource("requestsThatEndTheConnection")
    void isRefusedAndTheConnectionEnds(String name, String bytes, int status) throws IOException {
        try (Client client = new Client(front)) {
            Client.Reply reply = client.send(bytes).read();
            String rest = client.readToEnd();

            assertThat(reply.status()).startsWith("HTTP/1.1 " + status + " ");
            assertThat(reply.has("Connection: close")).isTrue();
            assertThat(reply.has("Allow: GET, HEAD")).isEqualTo(status == 405);
            assertThat((reply.head() + reply.body()).toLowerCase(Locale.ROOT)).doesNotContain("evil");
            assertThat(rest).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requestsThatEndTheConnection")
    void isRefusedAlikeAfterAnHonestRequest(String name, String bytes, int status) throws IOException {
        try (Client client = new Client(front)) {
            client.send("GET /" + H + "\r\n" + bytes);

            assertThat(client.read().status()).isEqualTo("HTTP/1.1 301 Moved Permanently");
            assertThat(client.read().status()).startsWith("HTTP/1.1 " + status + " ");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    static Stream<Arguments> oddTokens() {
        return Stream.of(
                        "",
                        ".",
                        "..",
                        "../secret",
                        "../../secret",
                        "%2e%2e/secret",
                        "..%2fsecret",
                        "..%5csecret",
                        "..\\secret",
                        "x/../" + HELD,
                        "./" + HELD,
                        "/" + HELD,
                        HELD + "/",
                        HELD + "%00",
                        HELD + ".txt",
                        HELD + ";x",
                        "%68eld-in-memory-0123456789",
                        "x%0d%0aX-Evil:%20yes",
                        "<script>",
                        "{token}",
                        "short",
                        "e".repeat(257),
                        "e".repeat(3_000))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("oddTokens")
    void whatIsNoTokenIsNotFoundAndNotRepeated(String token) throws IOException {
        try (Client client = new Client(front)) {
            Client.Reply reply = client.send("GET /.well-known/acme-challenge/" + token + H + "\r\n")
                    .read();

            assertThat(reply.status()).isEqualTo("HTTP/1.1 404 Not Found");
            assertThat(reply.body()).isEqualTo("not found\n");
            assertThat(reply.head()).doesNotContain("Location", "X-Evil");
        }
    }

    static Stream<Arguments> pathsThatAreNoChallenge() {
        return Stream.of(
                        "/.well-known/acme-challenge",
                        "/.WELL-KNOWN/acme-challenge/" + HELD,
                        "/.well-known/acme-challenge?/" + HELD,
                        "/Xwell-known/acme-challenge/" + HELD,
                        "//.well-known/acme-challenge/" + HELD,
                        "/x/../.well-known/acme-challenge/" + HELD,
                        "/%2ewell-known/acme-challenge/" + HELD,
                        "//evil.example/x",
                        "/\\evil.example",
                        "/%0d%0aX-Evil:%20yes",
                        "/?https://evil.example/")
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("pathsThatAreNoChallenge")
    void oddPathsStayOnTheHostAndAsTheyAre(String path) throws IOException {
        try (Client client = new Client(front)) {
            Client.Reply reply = client.send("GET " + path + H + "\r\n").read();

            assertThat(reply.status()).isEqualTo("HTTP/1.1 301 Moved Permanently");
            assertThat(reply.has("Location: https://www.example.org" + path)).isTrue();
        }
    }

    @Test
    void aBodyIsNeverTakenForTheNextRequest() throws IOException {
        String smuggled = "GET /evil" + H + "\r\n";
        for (String framing : new String[] {length("" + smuggled.length()), CHUNKED, "Expect: 100-continue\r\n"}) {
            try (Client client = new Client(front)) {
                Client.Reply reply =
                        client.send("POST /x" + H + framing + "\r\n" + smuggled).read();

                assertThat(reply.status()).isEqualTo("HTTP/1.1 308 Permanent Redirect");
                assertThat(client.readToEnd()).isEmpty();
            }
        }
    }

    @Test
    void oneThatSendsItsBodyForEverIsCut() throws IOException {
        try (Client client = new Client(front)) {
            client.send("POST /x" + H + CHUNKED + "\r\n").read();
            String megabyte = "x".repeat(1024 * 1024);
            assertThatIOException().isThrownBy(() -> {
                for (int i = 0; i < 64; i++) {
                    client.send(megabyte);
                }
            });
        }
    }

    private static Arguments request(String name, String bytes, int status) {
        return Arguments.of(name, bytes, status);
    }

    private static Arguments host(String name, String value) {
        return Arguments.of("Host with " + name, "GET /evil HTTP/1.1\r\nHost: " + value + "\r\n\r\n", 400);
    }

    private static String length(String value) {
        return "Content-Length: " + value + "\r\n";
    }
}
