package org.ringcert.view.ca;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.view.ca.ValidationRules.UserAgent;
import org.ringcert.view.ca.Walk.Verdict;

/** Rules 1 to 5 and 28: what is requested, and what is reported. */
class RequestRulesTest {

    private static final String PATH = WalkLab.ANSWER.token().path();

    private WalkLab lab;

    @BeforeEach
    void start() throws IOException {
        lab = new WalkLab();
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    @Test
    void rule1StartsAtTheChallengePathOfTheName() {
        assertThat(lab.walkTo(WalkLab.ok()).verdict()).isEqualTo(new Verdict.Accepted(WalkLab.ANSWER));
        assertThat(lab.server.requests().getFirst())
                .startsWith("GET " + PATH + " HTTP/1.1\r\nHost: www.example.org:" + lab.port() + "\r\n");
    }

    @Test
    void rule1TheEntryOfANodeAllowsNoRedirect() {
        lab.server.respond(request -> WalkLab.ok());
        Walk walk = lab.walker()
                .walkFrom(WalkLab.SITE, WalkLab.LOOPBACK, Entry.HOLDER_ONLY, WalkLab.ANSWER, Duration.ofSeconds(60));
        assertThat(walk.isAccepted()).isTrue();
        assertThat(lab.server.targets()).containsExactly(PATH + "?left=");
        assertThat(lab.lookups).isEmpty();
    }

    @Test
    void rule2TheAnswerOfAnyAccountWillDoIfNoneIsExpected() {
        lab.server.respond(request -> WalkLab.ok());
        Token token = WalkLab.ANSWER.token();
        assertThat(lab.walker()
                        .walk(WalkLab.SITE, token, Duration.ofSeconds(60))
                        .verdict())
                .isEqualTo(new Verdict.Accepted(WalkLab.ANSWER));
    }

    @Test
    void rule3SendsTheHeadersOfACaInTheirOrder() {
        lab.walkTo(WalkLab.ok());
        assertThat(lab.server.requests())
                .containsExactly("GET " + PATH + " HTTP/1.1\r\nHost: www.example.org:" + lab.port() + "\r\n"
                        + "User-Agent: Mozilla/5.0 (compatible; Let's Encrypt validation server;"
                        + " +https://www.letsencrypt.org) ringcert\r\n"
                        + "Accept: */*\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n");
    }

    @Test
    void rule3NeverLooksExactlyLikeACa() {
        assertThat(UserAgent.values()).allMatch(agent -> agent.header().endsWith(" ringcert"));
        assertThat(UserAgent.OTHER_CA.header()).doesNotContain("Let's Encrypt");
    }

    @Test
    void rule3APrivateCaIsNotTakenForLetsEncrypt() {
        assertThat(new ValidationRules(ValidationRules.Strictness.PRIVATE_CA, 80, 443, Set.of()).userAgent())
                .isEqualTo(UserAgent.OTHER_CA);
    }

    @Test
    void rule3NamesThePreviousUrlAndReturnsNoCookies() {
        lab.server.respond(request -> switch (lab.server.requests().size()) {
            case 1 -> "HTTP/1.1 301 X\r\nLocation: /x?y\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n";
            case 2 -> WalkLab.redirect("/z");
            default -> WalkLab.ok();
        });
        assertThat(lab.walk().isAccepted()).isTrue();
        assertThat(lab.server.requests().get(0)).doesNotContain("Referer");
        assertThat(lab.server.requests().get(1))
                .contains("\r\nReferer: " + lab.url("www.example.org", PATH) + "\r\n")
                .doesNotContain("Cookie");
        assertThat(lab.server.requests().get(2))
                .contains("\r\nReferer: " + lab.url("www.example.org", "/x?y") + "\r\n");
    }

    @Test
    void rule4MakesAConnectionForEachRequest() {
        lab.server.handle(socket -> {
            // A server that would keep the connection for further requests.
            for (int i = 0; i < 3; i++) {
                String head = RawServer.readHead(socket);
                lab.server.requests().add(head);
                RawServer.send(
                        socket, lab.server.requests().size() < 3 ? WalkLab.redirect(head.length() + "") : WalkLab.ok());
            }
        });
        lab.walk();
        assertThat(lab.server.connections())
                .isEqualTo(lab.server.requests().size())
                .isGreaterThan(1);
    }

    @Test
    void rule5LooksUpTheNameForEachRequest() {
        HostName other = new HostName("web1.example.org");
        lab.publish(other, WalkLab.LOOPBACK);
        lab.server.respond(request -> switch (lab.server.requests().size()) {
            case 1 -> WalkLab.redirect("/x");
            case 2 -> WalkLab.redirect(lab.url("web1.example.org", "/x"));
            default -> WalkLab.ok();
        });
        assertThat(lab.walk().isAccepted()).isTrue();
        assertThat(lab.lookups).containsExactly(WalkLab.SITE, WalkLab.SITE, other);
    }

    @Test
    void rule28ReportsEachHop() {
        Walk walk = lab.walkBy("/x");
        assertThat(walk.hops())
                .extracting(Walk.Hop::url)
                .containsExactly(lab.url("www.example.org", PATH), lab.url("www.example.org", "/x"));
        assertThat(walk.hops()).allMatch(hop -> hop.address().orElseThrow().equals(WalkLab.LOOPBACK));
        assertThat(walk.hops()).allMatch(hop -> hop.time().isPositive());
        assertThat(walk.hops().getFirst().status()).hasValue(302);
        assertThat(walk.lastStatus()).hasValue(200);
        assertThat(walk.redirects()).isEqualTo(1);
    }

    @Test
    void tracesAUrl() {
        lab.server.respond(request -> WalkLab.ok());
        Walker walker = lab.walker();
        assertThat(walker.trace(URI.create(lab.url("www.example.org", PATH)), Duration.ofSeconds(60))
                        .verdict())
                .isEqualTo(new Verdict.Accepted(WalkLab.ANSWER));
        assertThat(WalkLab.refusal(
                        walker.trace(URI.create(lab.url("www.example.org", "/index.html")), Duration.ofSeconds(60))))
                .returns(Rule.BODY, Problem::rule)
                .extracting(Problem::what)
                .asString()
                .contains("names no token");
        assertThat(WalkLab.refusal(walker.trace(URI.create("mailto:someone@example.org"), Duration.ofSeconds(60)))
                        .rule())
                .isEqualTo(Rule.TARGET_PORT);
    }

    @Test
    void aTracedTokenThatNobodyHasMayHaveBeenWithdrawn() {
        lab.server.respond(_ -> "HTTP/1.1 404 Not Found\r\n\r\n");
        Walker walker = lab.walker();
        URI url = URI.create(lab.url("www.example.org", WalkLab.ANSWER.token().path()));
        assertThat(WalkLab.refusal(walker.trace(url, Duration.ofSeconds(60))).remedy())
                .startsWith("Perhaps no server has this token")
                .contains("does not have the answer");
        assertThat(WalkLab.refusal(lab.walk()).remedy()).startsWith("The server at ");
    }
}
