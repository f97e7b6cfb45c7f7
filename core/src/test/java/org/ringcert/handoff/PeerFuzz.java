package org.ringcert.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.ringcert.challenge.Token;
import org.ringcert.http.CannedResponse;
import org.ringcert.http.HttpGet;

/** Made-up answers of a peer: they are a yes for this token, a no, or silence, in whatever pieces they come. */
class PeerFuzz {

    private static final Token TOKEN = new Token("a-token-that-is-asked-for");
    private static final int LARGEST_BODY = 300;

    /** The largest head, the body, a byte more that shows that it is longer, and what is read ahead. */
    private static final int MOST_READ = 8 * 1024 + LARGEST_BODY + 1 + 4096;

    /** Input: how large the pieces are, then the peer's bytes. */
    @FuzzTest
    void read(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        Optional<HttpGet.Response> answer = answer(bytes, Integer.MAX_VALUE);

        assertThat(answer(bytes, 1 + (input[0] & 0x7f))).isEqualTo(answer);
        answer.ifPresent(PeerFuzz::check);
    }

    private static void check(HttpGet.Response answer) {
        assertThat(answer.status()).isBetween(101, 599);
        assertThat(answer.body()).hasSizeLessThanOrEqualTo(answer.status() == 200 ? LARGEST_BODY : 0);
        answer.location()
                .ifPresent(location -> assertThat(location).doesNotContain("\n").hasSizeLessThan(8 * 1024));
        switch (HttpPeerClient.interpret(TOKEN, answer)) {
            case PeerReply.Holds(var keyAuthorization) -> {
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.truncated()).isFalse();
                assertThat(answer.body()).isEqualTo(keyAuthorization.text()).matches(TOKEN + "\\.[A-Za-z0-9_-]{43}");
            }
            case PeerReply.DoesNotHold() ->
                assertThat(answer.status() == 404 || answer.status() / 100 == 3).isTrue();
            case PeerReply.Unclear(var reason) -> assertThat(reason).matches("[ -~]+");
        }
    }

    /** Nothing where the bytes are no answer. */
    private static Optional<HttpGet.Response> answer(byte[] bytes, int piece) {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, piece));
            }
        };
        try {
            return Optional.of(CannedResponse.read(in, LARGEST_BODY));
        } catch (IOException e) {
            assertThat(e.getMessage()).matches("[ -~]+");
            return Optional.empty();
        } finally {
            assertThat(bytes.length - in.available()).isLessThanOrEqualTo(MOST_READ);
        }
    }
}
