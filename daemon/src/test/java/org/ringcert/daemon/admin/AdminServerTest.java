package org.ringcert.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest extends AdminServerFixture {

    @Test
    void answersWithTheHeadersThatKeepAPageApartFromOthers() throws IOException {
        String response = response(get("/"));

        assertThat(response).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nthe page\n");
        assertThat(response.toLowerCase(Locale.ROOT))
                .contains("content-security-policy: default-src 'none';", "frame-ancestors 'none'", "base-uri 'none'")
                .contains("x-content-type-options: nosniff", "referrer-policy: no-referrer", "cache-control: no-store")
                .contains(
                        "cross-origin-resource-policy: same-origin",
                        "cross-origin-opener-policy: same-origin",
                        "connection: close");
    }

    @Test
    void refusalsHaveTheSameHeaders() throws IOException {
        assertThat(response(get("/none")).toLowerCase(Locale.ROOT))
                .startsWith("http/1.1 404")
                .contains("content-security-policy: default-src 'none';", "x-content-type-options: nosniff");
    }

    @Test
    void headHasNoBody() throws IOException {
        assertThat(response("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .containsIgnoringCase("content-length: 9\r\n")
                .endsWith("\r\n\r\n");
        assertThat(response("HEAD /pieces HTTP/1.1\r\nHost: localhost\r\n\r\n")).endsWith("\r\n\r\n");
    }

    @Test
    void anEmptyBodyHasALength() throws IOException {
        assertThat(response(get("/empty")))
                .containsIgnoringCase("content-length: 0\r\n")
                .doesNotContainIgnoringCase("transfer-encoding")
                .endsWith("\r\n\r\n");
    }

    @Test
    void sendsABodyInPieces() throws IOException {
        assertThat(response(get("/pieces")))
                .containsIgnoringCase("transfer-encoding: chunked")
                .hasSizeGreaterThan(100_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "GETT", "PROPFIND"})
    void otherMethodsAreRefused(String method) throws IOException {
        assertThat(response(method + " / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 405")
                .containsIgnoringCase("allow: GET, HEAD\r\n");
    }

    @Test
    void aPrefixHasOneHandlerForAllItsPaths() throws IOException {
        assertThat(response(get("/site/www.example.org"))).endsWith("\r\n\r\n/site/www.example.org\n");
        assertThat(status(get("/site"))).isEqualTo(404);
        assertThat(status(get("/sitex"))).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1:9402",
                "10.0.0.7",
                "[::1]",
                "[2001:db8::1]:9402",
                "localhost",
                "LOCALHOST:8080",
                "web0.example.org",
                "Web0.Example.Org:9402"
            })
    void pagesAreShownUnderAddressesAndTheNameOfTheNode(String host) throws IOException {
        assertThat(status(get("/", host))).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example.com",
                "web1.example.org",
                "web0.example.org.evil.example.com",
                "notweb0.example.org",
                "evil.web0.example.org",
                "127.0.0.1.evil.example.com",
                "localhost.evil.example.com",
                "[v1.fe80]",
                "[:::]",
                "1.2.3"
            })
    void pagesAreNotShownUnderForeignNamesButProbesAre(String host) throws IOException {
        boolean isMalformed = host.equals("[v1.fe80]");
        assertThat(status(get("/", host))).isEqualTo(isMalformed ? 400 : 421);
        assertThat(status(get("/none", host))).isEqualTo(isMalformed ? 400 : 421);
        assertThat(status(get("/livez", host))).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: user@a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost:\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a:999999\r\n\r\n",
                "GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"
            })
    void aRequestNeedsOneHost(String request) throws IOException {
        assertThat(status(request)).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.0\r\n",
                "HTTP/1.1\r\n",
                "HTTP/1.1\r\nHost:\r\n",
                "HTTP/1.1\r\nHost: a b\r\n",
                "HTTP/1.1\r\nHost: a,b\r\n",
                "HTTP/1.1\r\nHost: user@a\r\n",
                "HTTP/1.1\r\nHost: [::1\r\n",
                "HTTP/1.1\r\nHost: a:999999\r\n",
                "HTTP/1.1\r\nHost: www.example.org\r\n"
            })
    void probesIgnoreTheHost(String rest) throws IOException {
        assertThat(status("GET /livez?site=a " + rest + "\r\n")).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/livez",
                "http:/livez",
                "//127.0.0.1/livez",
                "/livez#fragment",
                "/livez%2fx",
                "/%6civez",
                "/site/..%2f..%2fetc",
                "/site/../livez",
                "/site/./a",
                "/site//a",
                "//",
                "/site/a;b",
                "/site/%00",
                "/site/\u00e4",
                "livez"
            })
    void targetsThatNoPathHasAreRefused(String target) throws IOException {
        assertThat(status(get(target))).isIn(400, 404);
        assertThat(response(get(target))).doesNotContain("live {");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "site=a&site=b",
                "site=a&%73ite=b",
                "site=%00",
                "site=a%0d%0aX:1",
                "site=%ff",
                "site=%c0%af",
                "site=%zz",
                "site=%",
                "&",
                "a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8&i=9&j=1&k=2&l=3&m=4&n=5&o=6&p=7&q=8"
            })
    void queriesThatAreNotPlainAreRefused(String query) throws IOException {
        assertThat(status(get("/livez?" + query))).isEqualTo(400);
    }

    @Test
    void decodesTheQuery() throws IOException {
        assertThat(response(get("/livez?site=www%2Eexample.org&x=%C3%A4+b&flag")))
                .contains("site=www.example.org", "x=ä b", "flag=");
    }

    @Test
    void theFieldsOfAcceptAreJoinedUnlessTheyAreLong() throws IOException {
        String head = "GET /accept HTTP/1.1\r\nHost: localhost\r\n";

        assertThat(response(head + "Accept: a/b\r\nAccept: c/d\r\n\r\n")).endsWith("[a/b,c/d]\n");
        assertThat(response(head + "\r\n")).endsWith("[]\n");
        assertThat(response(head + "Accept: " + "a".repeat(1_001) + "\r\n\r\n")).endsWith("[]\n");
    }

    @Test
    void aLongQueryIsRefused() throws IOException {
        assertThat(status(get("/livez?site=" + "a".repeat(3_000)))).isEqualTo(414);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\n\r\nhello",
                "Content-Length: 99999999999\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
            })
    void aBodyIsRefused(String rest) throws IOException {
        assertThat(status("GET /livez HTTP/1.1\r\nHost: a\r\n" + rest)).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Content-Length: -1\r\n\r\n",
                "Transfer-Encoding: gzip, chunked\r\n\r\n",
                "X Y: 1\r\n\r\n",
                ": 1\r\n\r\n"
            })
    void ambiguousHeadersAreRefused(String rest) throws IOException {
        assertThat(status("GET /livez HTTP/1.1\r\nHost: a\r\n" + rest)).isIn(400, 501);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/2.0", "HTTP/0.9", "HTTP/1.1x", "http/1.1", "x"})
    void otherVersionsAreRefused(String version) throws IOException {
        assertThat(status("GET /livez " + version + "\r\nHost: a\r\n\r\n")).isEqualTo(505);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /livez\r\n\r\n",
                "\u0016\u0003\u0001\r\n\r\n",
                "CONNECT a:443 HTTP/1.1\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"
            })
    void whatIsNoRequestForAPathIsRefused(String request) throws IOException {
        assertThat(status(request)).isIn(0, 400, 404, 405);
    }

    @Test
    void aConnectionCarriesOneRequest() throws IOException {
        String response = response(get("/livez") + get("/livez"));

        assertThat(response.split("HTTP/1.1 200", -1)).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void anErrorIsInTheLogOnceAndNeverInTheResponse() throws IOException {
        for (int i = 0; i < 20; i++) {
            assertThat(response(get("/bug"))).startsWith("HTTP/1.1 500").doesNotContain("secret", "Exception");
        }

        assertThat(appender.list).hasSize(1);
        assertThat(appender.list.getFirst().getThrowableProxy().getMessage()).isEqualTo("secret detail");
    }

    @Test
    void aTakenPortIsReportedOnceWithItsOwnerAndUsedWhenItIsFree() throws Exception {
        InetSocketAddress wanted;
        AdminServer started;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            wanted = (InetSocketAddress) taken.getLocalSocketAddress();
            started = start(wanted);
            assertThat(started.address()).isEmpty();
        }
        try (AdminServer waiting = started) {
            await().until(() -> waiting.address().isPresent());
            assertThat(RawRequest.status(wanted, get("/livez"))).isEqualTo(200);
        }
        assertThat(appender.list.stream().filter(event -> event.getLevel() == Level.WARN))
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage())
                        .contains("nginx (pid 7) uses the port", ":" + wanted.getPort(), "[admin]"));
    }

    @Test
    void theUrlOfThePageLeadsABrowserOnThisMachineToIt() {
        for (String address : new String[] {"127.0.0.1", "0.0.0.0"}) {
            try (AdminServer started = start(new InetSocketAddress(address, 0))) {
                int port = started.address().orElseThrow().getPort();
                assertThat(started.url()).contains("http://127.0.0.1:" + port + "/");
            }
        }
    }

    @Test
    void anAddressOfAnotherServerIsReportedWithTheRemedy() {
        try (AdminServer unusable = start(new InetSocketAddress("192.0.2.1", 0))) {
            assertThat(unusable.url()).isEmpty();
            assertThat(unusable.address()).isEmpty();
            assertThat(appender.list.getFirst().getFormattedMessage())
                    .contains("this server does not have that address", "[[node]]");
        }
    }
}
