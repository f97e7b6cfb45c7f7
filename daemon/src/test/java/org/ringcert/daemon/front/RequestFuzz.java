package org.ringcert.daemon.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.daemon.front.FrontFixture.CLUSTER;
import static org.ringcert.daemon.front.FrontFixture.service;

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
import org.ringcert.daemon.front.FrontResponse.ConnectionField;
import org.ringcert.daemon.front.FrontService.OtherHosts;
import org.ringcert.handoff.RemainingNodes;

/**
 * Arbitrary bytes on a connection. They are requests, rejected or incomplete, and no response redirects to a place that
 * is not allowed.
 */
class RequestFuzz {

    private static final InetAddress REMOTE = InetAddress.ofLiteral("192.0.2.7");
    private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");

    private static final Router CONFIGURED_HOSTS = new Router(service(OtherHosts.NOT_FOUND));
    private static final Router ALL_HOSTS = new Router(service(OtherHosts.REDIRECT));

    private static final Pattern RESPONSE =
            Pattern.compile("HTTP/1\\.1 [2-5][0-9]{2} [ -~]+\r\n" + "([A-Z][A-Za-z-]*: [ -~]*\r\n)+\r\n([ -~]*\n?)");

    /** The requests of a connection, and whether it ended with a rejection or waits for more bytes. */
    private record Outcome(List<RequestHead> heads, boolean rejected) {}

    /** The first byte is the size of the pieces, the others are the bytes of a connection. */
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
        RequestHeadReader reader = new RequestHeadReader();
        List<RequestHead> heads = new ArrayList<>();
        try {
            for (int start = 0; start < bytes.length; start += piece) {
                reader.append(Arrays.copyOfRange(bytes, start, Math.min(bytes.length, start + piece)));
                Optional<RequestHead> head = reader.next();
                while (head.isPresent()) {
                    heads.add(head.get());
                    head = reader.next();
                }
                // One head, the bytes that arrived with its end, and room to grow.
                int longest = RequestLine.MAX_LENGTH + RequestHeadReader.MAX_FIELD_BYTES + piece;
                assertThat(reader.capacity()).isLessThanOrEqualTo(2 * longest + 1024);
            }
            return new Outcome(heads, false);
        } catch (RejectedRequestException e) {
            assertWellFormed(FrontResponse.error(e.error()));
            return new Outcome(heads, true);
        }
    }

    private static void check(RequestHead head) {
        assertThat(head.userAgent()).hasSizeLessThanOrEqualTo(RequestHead.MAX_USER_AGENT);
        assertThat(head.userAgent().chars())
                .noneMatch(c -> (Character.isISOControl(c) && c < 0x80 && c != '\t') || c > 0xff);
        Route route = CONFIGURED_HOSTS.route(head, REMOTE);
        switch (route) {
            case Route.Redirect redirect -> {
                assertThat(redirect.location()).matches("https://(www|web0|web1)\\.example\\.org/[!-~]*");
                assertThat(redirect.location()).endsWith(head.target());
                assertThat(redirect.keepsMethod()).isEqualTo(!head.hasMethodGetOrHead());
                assertWellFormed(FrontResponse.redirect(redirect));
            }
            case Route.Challenge challenge -> {
                assertThat(head.hasMethodGetOrHead()).isTrue();
                assertThat(head.target()).startsWith(challenge.request().token().path());
                assertThat(challenge.request().source()).isEqualTo(REMOTE);
                assertThat(challenge.request().userAgent()).isEqualTo(head.userAgent());
                if (challenge.request().remaining() instanceof RemainingNodes.Named(var nodes)) {
                    assertThat(nodes)
                            .hasSizeLessThanOrEqualTo(Http01.MAX_REDIRECTS)
                            .doesNotHaveDuplicates();
                    assertThat(nodes).allMatch(node -> CLUSTER.find(node.name()).isPresent());
                }
            }
            case Route.Look(var request) -> {
                assertThat(head.hasMethodGetOrHead()).isTrue();
                assertThat(head.target()).startsWith(request.token().path());
                assertThat(request.source()).isEqualTo(REMOTE);
                assertThat(CLUSTER.find(request.at().name())).contains(request.at());
                assertThat(FrontFixture.HOSTS).contains(request.name());
            }
            case Route.HealthCheck() -> assertThat(head.path()).isEqualTo(Router.HEALTH);
            case Route.Reject(var error) -> assertWellFormed(FrontResponse.error(error));
        }
        if (ALL_HOSTS.route(head, REMOTE) instanceof Route.Redirect(var _, var location)) {
            String host = location.substring("https://".length(), location.indexOf('/', "https://".length()));
            assertThat(new HostName(host).value()).isEqualTo(host);
            assertThat(location).matches("[!-~]+").endsWith(head.target());
        } else {
            assertThat(route).isNotInstanceOf(Route.Redirect.class);
        }
        assertThat(CONFIGURED_HOSTS.route(head, LOCAL)).hasSameClassAs(route);
    }

    private static void assertWellFormed(FrontResponse response) {
        for (ConnectionField connectionField : ConnectionField.values()) {
            byte[] bytes = response.bytes(connectionField, "Tue, 24 Nov 2026 12:00:00 GMT");
            assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).matches(RESPONSE);
        }
    }
}
