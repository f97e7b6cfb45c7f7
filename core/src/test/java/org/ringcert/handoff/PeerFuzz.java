package org.ringcert.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ringcert.challenge.Token;
import org.ringcert.http.CannedResponse;
import org.ringcert.http.HttpGet;

/** Feeds arbitrary bytes as a peer's response. The reply must be one of three, whatever pieces the bytes come in. */
class PeerFuzz {

    /** The stored inputs contain this token. */
    private static final Token TOKEN = new Token("a-token-that-is-asked-for");

    private static final int MAX_BODY = 300;

    /** The largest head and body, one byte that shows that the body is longer, and one buffer that is read ahead. */
    private static final int MAX_READ = 8 * 1024 + MAX_BODY + 1 + 4096;

    /** The first byte of the input is the size of the pieces; the rest is the response. */
    @FuzzTest
    void read(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        Optional<HttpGet.Response> response = read(bytes, Integer.MAX_VALUE);

        assertThat(read(bytes, 1 + (input[0] & 0x7f))).isEqualTo(response);
        response.ifPresent(PeerFuzz::check);
    }

    private static void check(HttpGet.Response response) {
        assertThat(response.status()).isBetween(101, 599);
        assertThat(response.body()).hasSizeLessThanOrEqualTo(response.status() == 200 ? MAX_BODY : 0);
        response.location()
                .ifPresent(location -> assertThat(location).doesNotContain("\n").hasSizeLessThan(8 * 1024));
        switch (HttpPeerClient.interpret(TOKEN, response)) {
            case PeerReply.Holds(var keyAuthorization, var hint) -> {
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.truncated()).isFalse();
                assertThat(response.body()).isEqualTo(keyAuthorization.text()).matches(TOKEN + "\\.[A-Za-z0-9_-]{43}");
                assertThat(hint).isEqualTo(hasOneRelayHeader(response) ? HandoffHint.RELAY : HandoffHint.NONE);
            }
            case PeerReply.DoesNotHold() ->
                assertThat(response.status() == 404 || response.status() / 100 == 3)
                        .isTrue();
            case PeerReply.Unclear(var reason) -> assertThat(reason).matches("[ -~]+");
        }
    }

    /** Written in another way than the program, so that a mistake is not made twice. */
    private static boolean hasOneRelayHeader(HttpGet.Response response) {
        List<String> hints = response.headers().lines().stream()
                .filter(line -> line.matches("(?i)Ringcert-Handoff:(.|\\s)*"))
                .toList();
        return hints.size() == 1 && hints.getFirst().matches("[^:]+:\\s*relay\\s*");
    }

    /** Returns empty if the bytes are not a response. */
    private static Optional<HttpGet.Response> read(byte[] bytes, int pieceSize) {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, pieceSize));
            }
        };
        try {
            return Optional.of(CannedResponse.read(in, MAX_BODY));
        } catch (IOException e) {
            assertThat(e.getMessage()).matches("[ -~]+");
            return Optional.empty();
        } finally {
            assertThat(bytes.length - in.available()).isLessThanOrEqualTo(MAX_READ);
        }
    }
}
