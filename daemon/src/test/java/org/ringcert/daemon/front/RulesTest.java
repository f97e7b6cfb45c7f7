package org.ringcert.daemon.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.daemon.front.Fixture.CLUSTER;
import static org.ringcert.daemon.front.Fixture.HELD;
import static org.ringcert.daemon.front.Fixture.HOSTS;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.handoff.Left;

/** What becomes of a request that can be read. */
class RulesTest {

    private static final InetAddress SOURCE = InetAddress.ofLiteral("2001:db8::7");
    private final Rules rules = new Rules(CLUSTER, HOSTS, false);
    private final Rules open = new Rules(CLUSTER, HOSTS, true);

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
    void goesToHttps(String method, String host, String target, boolean keepsMethod, String location) {
        assertThat(decide(rules, method, Optional.of(host), target))
                .isEqualTo(new Decision.Redirect(keepsMethod, location));
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
    void anotherHostIsNotRedirected(String host) {
        assertThat(decide(rules, "GET", Optional.of(host), "/")).isEqualTo(new Decision.Refuse(Refusal.NOT_FOUND));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[::1]", "a_b.example", "-a.example", "a..example", ".", "www.example.org..", ""})
    void whatIsNoHostNameIsNotRedirectedEvenWhereOthersAre(String host) {
        assertThat(decide(open, "GET", Optional.of(host), "/")).isEqualTo(new Decision.Refuse(Refusal.NOT_FOUND));
    }

    @Test
    void otherHostsAreRedirectedWhereThatIsWanted() {
        assertThat(decide(open, "GET", Optional.of("other.example"), "/x"))
                .isEqualTo(new Decision.Redirect(false, "https://other.example/x"));
        assertThat(decide(open, "GET", Optional.empty(), "/x")).isEqualTo(new Decision.Refuse(Refusal.NOT_FOUND));
    }

    @Test
    void aChallengeIsAskedForWhateverTheHost() {
        Decision ask = new Decision.Ask(new ChallengeRequest(HELD, new Left.Absent(), SOURCE));
        for (Optional<String> host :
                List.of(Optional.of("www.example.org"), Optional.of("evil.example"), Optional.<String>empty())) {
            assertThat(decide(rules, "GET", host, HELD.path())).isEqualTo(ask);
            assertThat(decide(rules, "HEAD", host, HELD.path() + "?x=1&at=y")).isEqualTo(ask);
        }
    }

    @Test
    void theWordLeftIsReadFromTheQuery() {
        assertThat(decide(rules, "GET", Optional.empty(), HELD.path() + "?left=web2.example.org,web1.example.org"))
                .isEqualTo(new Decision.Ask(new ChallengeRequest(
                        HELD,
                        new Left.Named(
                                List.of(CLUSTER.peers().get(1), CLUSTER.peers().get(0))),
                        SOURCE)));
        assertThat(decide(rules, "GET", Optional.empty(), HELD.path() + "?left=evil.example"))
                .isEqualTo(new Decision.Ask(new ChallengeRequest(HELD, new Left.Refused(), SOURCE)));
        assertThat(decide(rules, "GET", Optional.empty(), HELD.path() + "?left=?"))
                .isEqualTo(new Decision.Ask(new ChallengeRequest(HELD, new Left.Refused(), SOURCE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
    void aChallengeIsOnlyRead(String method) {
        assertThat(decide(rules, method, Optional.of("www.example.org"), HELD.path()))
                .isEqualTo(new Decision.Refuse(Refusal.METHOD_NOT_ALLOWED));
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
    void whatIsNoTokenIsNotAskedFor(String name) {
        assertThat(decide(rules, "GET", Optional.of("www.example.org"), "/.well-known/acme-challenge/" + name))
                .isEqualTo(new Decision.Refuse(Refusal.NOT_FOUND));
    }

    private static Decision decide(Rules rules, String method, Optional<String> host, String target) {
        return rules.decide(new Head(method, host, target, false, false, true, Optional.empty()), SOURCE);
    }
}
