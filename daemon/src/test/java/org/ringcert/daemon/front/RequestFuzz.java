package org.ringcert.daemon.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.daemon.front.Fixture.CLUSTER;
import static org.ringcert.daemon.front.Fixture.HOSTS;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ringcert.challenge.Http01;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.front.Response.Persistence;
import org.ringcert.handoff.RemainingNodes;

/**
 * Made-up connections: what comes is a request, a refusal or not complete, and no answer leads anywhere but where it
 * may.
 */
class RequestFuzz {

    private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("192.0.2.7");
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    private static final Router CLOSED = new Router(CLUSTER, HOSTS, false);
    private static final Router OPEN = new Router(CLUSTER, HOSTS, true);

    private static final Pattern ANSWER =
            Pattern.compile("HTTP/1\\.1 [2-5][0-9]{2} [ -~]+\r\n" + "([A-Z][A-Za-z-]*: [ -~]*\r\n)+\r\n([ -~]*\n?)");

    /** Request, then how it ended: a refusal, or a wait for more. */
    private record Outcome(List<Head> heads, boolean refused) {}

    /** Input: how large the pieces are, then the bytes of a connection. */
    @FuzzTest
    void decide(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        Outcome whole = read(bytes, Math.max(1, bytes.length));

        assertThat(read(bytes, 1 + (input[0] & 0x7f))).isEqualTo(whole);
        whole.heads().forEach(RequestFuzz::check);
    }

    private static Outcome read(byte[] bytes, int piece) {
        HeadReader reader = new HeadReader();
        List<Head> heads = new ArrayList<>();
        try {
            for (int at = 0; at < bytes.length; at += piece) {
                reader.append(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece)));
                Optional<Head> head = reader.next();
                while (head.isPresent()) {
                    heads.add(head.get());
                    head = reader.next();
                }
                // One head, what came with its end, and room to grow.
                int longest = RequestLine.LONGEST + HeadReader.LONGEST_FIELDS + piece;
                assertThat(reader.capacity()).isLessThanOrEqualTo(2 * longest + 1024);
            }
            return new Outcome(heads, false);
        } catch (RefusedException e) {
            assertWellFormed(Response.of(e.refusal()));
            return new Outcome(heads, true);
        }
    }

    private static void check(Head head) {
        Route decision = CLOSED.decide(head, ELSEWHERE);
        switch (decision) {
            case Route.Redirect redirect -> {
                assertThat(redirect.location()).matches("https://(www|web0|web1)\\.example\\.org/[!-~]*");
                assertThat(redirect.location()).endsWith(head.target());
                assertThat(redirect.keepsMethod()).isEqualTo(!head.isGetOrHead());
                assertWellFormed(Response.of(redirect));
            }
            case Route.Ask ask -> {
                assertThat(head.isGetOrHead()).isTrue();
                assertThat(head.target()).startsWith(ask.request().token().path());
                assertThat(ask.request().source()).isEqualTo(ELSEWHERE);
                if (ask.request().remaining() instanceof RemainingNodes.Named(var nodes)) {
                    assertThat(nodes)
                            .hasSizeLessThanOrEqualTo(Http01.MAX_REDIRECTS)
                            .doesNotHaveDuplicates();
                    assertThat(nodes).allMatch(node -> CLUSTER.find(node.name()).isPresent());
                }
            }
            case Route.Well() -> assertThat(head.path()).isEqualTo(Router.HEALTH);
            case Route.Refuse(var refusal) -> assertWellFormed(Response.of(refusal));
        }
        if (OPEN.decide(head, ELSEWHERE) instanceof Route.Redirect(var _, var location)) {
            String host = location.substring("https://".length(), location.indexOf('/', "https://".length()));
            assertThat(new HostName(host).value()).isEqualTo(host);
            assertThat(location).matches("[!-~]+").endsWith(head.target());
        } else {
            assertThat(decision).isNotInstanceOf(Route.Redirect.class);
        }
        assertThat(CLOSED.decide(head, HERE)).hasSameClassAs(decision);
    }

    private static void assertWellFormed(Response response) {
        for (Persistence persistence : Persistence.values()) {
            byte[] bytes = response.bytes(true, persistence, "Tue, 24 Nov 2026 12:00:00 GMT");
            assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).matches(ANSWER);
        }
    }
}
