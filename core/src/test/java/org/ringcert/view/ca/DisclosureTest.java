package org.ringcert.view.ca;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.HostAddresses;
import org.ringcert.view.ca.Walk.Verdict;

/** What strangers learn from a look at a server that they cannot see themselves. */
class DisclosureTest {

    private static final HostName INTERNAL = new HostName("internal.example.org");

    private WalkLab lab;

    @BeforeEach
    void start() throws IOException {
        lab = new WalkLab();
        lab.httpsPort = 1;
        lab.publish(INTERNAL, WalkLab.LOOPBACK);
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    private NameView look() {
        return new CaView(lab.dns(), lab.rules(), WalkLab.internet())
                .look(WalkLab.SITE, WalkLab.ANSWER, Entry.ANY_NODE, Duration.ofSeconds(60));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nSECRET",
                "HTTP/1.1 200 OK\r\nContent-Encoding: SECRET\r\nContent-Length: 1\r\n\r\nx",
                "HTTP/1.1 200 SECRET\r\nSECRET\r\n\r\n",
                "HTTP/1.1 302 Found\r\nLocation: SECRET/a\\b\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 302 Found\r\nLocation: secret:x\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 302 Found\r\nLocation: http://secret.example.org:9/\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 302 Found\r\nLocation: http://secret_x/\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 302 Found\r\nLocation: http://secret/\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 302 Found\r\nLocation: http://secret.well-known/\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 302 Found\r\nLocation: http://secret.example.org/#SECRET\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 302 Found\r\nLocation: ?SECRET\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 404 Not Found\r\nServer: SECRET\r\nContent-Length: 0\r\n\r\n"
            })
    void quotesNothingOfAResponse(String response) {
        lab.server.respond(_ -> response);
        NameView seen = look();
        assertThat(seen.isAnsweredEverywhere()).isFalse();
        assertThat(Disclosure.of(seen).toString()).doesNotContainIgnoringCase("secret");
    }

    @Test
    void quotesNothingOfAResponseAfterARedirect() {
        lab.server.respond(request -> request.contains("internal.example.org")
                ? "HTTP/1.1 302 Found\r\nLocation: /SECRET\r\nContent-Length: 0\r\n\r\n"
                : WalkLab.redirect(lab.url("internal.example.org", "/admin")));
        assertThat(Disclosure.of(look()).toString())
                .doesNotContainIgnoringCase("secret")
                .doesNotContain("internal", "admin");
    }

    /** So that the same problem is one finding, although one of the viewpoints must not say everything. */
    @Test
    void summarizesTheSameProblemInTheSameWayBeforeAndAfterAReport() {
        lab.server.respond(_ -> "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nSECRET");
        Walk own = look().views().getFirst().walk();
        Problem seen = WalkLab.refusal(own);
        Walk reported = Disclosure.of(look()).views().getFirst().walk();
        assertThat(seen.what()).contains("SECRET");
        assertThat(WalkLab.refusal(reported).what()).isEqualTo(Disclosure.summary(seen, own.hops()));
    }

    @Test
    void reportsOfACertificateForAnotherNameOnlyThatItIsOne() {
        HttpsView foreign = new HttpsView.Certificate("abc", "CN=SECRET", Instant.MIN, Instant.MAX, true, false);
        HttpsView failed = new HttpsView.None("the TLS handshake fails: SECRET");
        assertThat(Disclosure.of(view(foreign)).toString()).doesNotContain("SECRET", "abc");
        assertThat(Disclosure.of(view(failed)).views().getFirst().https())
                .isEqualTo(new HttpsView.None("the TLS handshake fails"));
        HttpsView own = new HttpsView.Certificate("abc", "CN=CA", Instant.EPOCH, Instant.MAX, false, true);
        assertThat(Disclosure.of(view(own))).isEqualTo(view(own));
    }

    private static NameView view(HttpsView https) {
        Walk walk = new Walk(List.of(), new Verdict.Accepted(WalkLab.ANSWER), List.of());
        AddressLookup none = new AddressLookup.None();
        return new NameView(
                WalkLab.SITE,
                new HostAddresses(none, none),
                List.of(new AddressView(WalkLab.LOOPBACK, walk, https)),
                List.of(),
                List.of(),
                true);
    }
}
