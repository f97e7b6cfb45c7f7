package org.ringcert.daemon.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where heads begin and end, however the bytes are split, and how much of them is kept. */
class RequestHeadReaderTest {

    private static final String SIMPLE = "GET /x?y HTTP/1.1\r\nHost: a.example\r\n\r\n";

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.ringcert.daemon.front.HostileRequestsTest#requestsThatEndTheConnection")
    void rejectsBytesOneByOneLikeTheWhole(String name, String text, int status) throws RejectedRequestException {
        RequestHeadReader reader = new RequestHeadReader();
        Optional<HttpError> rejection = Optional.empty();
        for (int i = 0; i < text.length() && rejection.isEmpty(); i++) {
            reader.append(bytes(text.substring(i, i + 1)));
            try {
                Optional<RequestHead> head = reader.next();
                if (head.isPresent()) {
                    // Only these rows of the table are well-formed; they are rejected for what they ask.
                    assertThat(status).isEqualTo(405);
                    return;
                }
            } catch (RejectedRequestException e) {
                rejection = Optional.of(e.error());
            }
            assertThat(reader.capacity()).isLessThanOrEqualTo(2 * 13 * 1024);
        }
        assertThat(rejection)
                .map(HttpError::status)
                .hasValueSatisfying(actual -> assertThat(actual).startsWith("" + status));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 1_000})
    void findsRequestsWhereverTheyAreSplit(int size) throws RejectedRequestException {
        String text = (SIMPLE + "\r\n" + SIMPLE).repeat(5);
        RequestHeadReader reader = new RequestHeadReader();
        int found = 0;
        for (int i = 0; i < text.length(); i += size) {
            reader.append(bytes(text.substring(i, Math.min(text.length(), i + size))));
            while (reader.next().filter(head -> head.target().equals("/x?y")).isPresent()) {
                found++;
            }
        }
        assertThat(found).isEqualTo(10);
        assertThat(reader.isEmpty()).isTrue();
        assertThat(reader.capacity()).isZero();
    }

    @Test
    void anyBytesAreAHeadOrRejectedOrIncomplete() {
        Random random = new Random(42);
        String alphabet = "GET /.\r\n\r\n :\t\u0000\u00ffHTTP/1.1Host: a.example\r\nContent-Length: 1\r\n";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "GET / HTTP/1.1\r\nHost: a\r\n" : "");
            for (int i = random.nextInt(60); i > 0; i--) {
                int start = random.nextInt(alphabet.length());
                text.append(alphabet, start, Math.min(alphabet.length(), start + 1 + random.nextInt(12)));
            }
            RequestHeadReader reader = new RequestHeadReader();
            reader.append(bytes(text.toString()));
            try {
                while (reader.next().isPresent()) {
                    assertThat(reader.capacity()).isLessThan(text.length());
                }
            } catch (RejectedRequestException e) {
                assertThat(e.error().closesConnection()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET /x?y HTTP/1.1, Host: A.Example:80, a.example, false, true",
        "GET /x?y HTTP/1.1, Host: 192.0.2.1, 192.0.2.1, false, true",
        "GET /x?y HTTP/1.1, Host: [2001:DB8::1]:80, [2001:db8::1], false, true",
        "GET /x?y HTTP/1.1, Host: a_b.example., a_b.example., false, true",
        "GET http://other.example:80/x?y HTTP/1.1, Host: a.example, other.example, false, true",
        "GET HTTP://Other.Example/x?y HTTP/1.1, Host: a.example, other.example, false, true",
        "GET /x?y HTTP/1.1, 'Host: a\r\nConnection: x, CLOSE', a, true, true",
        "GET /x?y HTTP/1.0, X: y, , true, false",
        "GET /x?y HTTP/1.0, Connection: keep-alive, , false, false",
        "GET /x?y HTTP/1.0, 'Connection: keep-alive, close', , true, false",
        "GET /x?y HTTP/1.1, 'Host: a\r\nX: \u00e9', a, false, true",
        "GET /x?y HTTP/1.1, 'host:a\r\nCONTENT-LENGTH: 0', a, false, true",
        "POST /x?y HTTP/1.1, 'Host: a\r\nContent-Length: 7', a, true, true",
        "POST /x?y HTTP/1.1, 'Host: a\r\nTransfer-Encoding: Chunked', a, true, true",
        "POST /x?y HTTP/1.1, 'Host: a\r\nExpect: 100-continue', a, true, true",
    })
    void parsesAHead(String line, String fields, String host, boolean closesConnection, boolean isHttp11)
            throws RejectedRequestException {
        RequestHead head = read(line + "\r\n" + fields + "\r\n\r\n");

        assertThat(head.host()).isEqualTo(Optional.ofNullable(host));
        assertThat(head.closesConnection()).isEqualTo(closesConnection);
        assertThat(head.mayHaveBody())
                .isEqualTo(closesConnection && head.method().equals("POST"));
        assertThat(head.isHttp11()).isEqualTo(isHttp11);
        assertThat(head.target()).isEqualTo("/x?y");
        assertThat(head.path()).isEqualTo("/x");
        assertThat(head.query()).isEqualTo("y");
    }

    @ParameterizedTest
    @CsvSource({
        "X: y, ''",
        "User-Agent:, ''",
        "User-Agent: CA (x; é)	, CA (x; é)",
        "USER-AGENT:CA, CA",
        "'User-Agent: one\r\nuser-agent:\r\nuser-agent: two', 'one, , two'",
    })
    void keepsTheUserAgent(String fields, String userAgent) throws RejectedRequestException {
        assertThat(read("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n").userAgent())
                .isEqualTo(userAgent);
    }

    @Test
    void cutsOffALongUserAgent() throws RejectedRequestException {
        String line = "User-Agent: " + "x".repeat(300) + "\r\n";
        assertThat(read("GET / HTTP/1.1\r\nHost: a\r\n" + line.repeat(20) + "\r\n")
                        .userAgent())
                .hasSize(RequestHead.MAX_USER_AGENT)
                .matches("x{300}, x*");
    }

    @Test
    void readsAnAbsoluteTargetWithoutAPathAsTheRoot() throws RejectedRequestException {
        assertThat(read("GET http://a.example HTTP/1.1\r\nHost: a\r\n\r\n").target())
                .isEqualTo("/");
        assertThat(read("GET http://a.example?x HTTP/1.1\r\nHost: a\r\n\r\n").target())
                .isEqualTo("/?x");
    }

    @Test
    void acceptsTheMaximumSizes() throws RejectedRequestException {
        String line = "GET /" + "x".repeat(RequestLine.MAX_LENGTH - "GET / HTTP/1.1".length()) + " HTTP/1.1\r\n";
        String host = "Host: a\r\n";
        String fields = host + "X: " + "x".repeat(RequestHeadReader.MAX_FIELD_BYTES - host.length() - 7) + "\r\n\r\n";

        assertThat(read(line + host + "\r\n").target()).hasSize(RequestLine.MAX_LENGTH - "GET  HTTP/1.1".length());
        assertThat(fields).hasSize(RequestHeadReader.MAX_FIELD_BYTES);
        assertThat(read("GET / HTTP/1.1\r\n" + fields).target()).isEqualTo("/");
        assertThat(read("GET / HTTP/1.1\r\n" + host + "a:\r\n".repeat(RequestHeadReader.MAX_FIELDS - 1) + "\r\n")
                        .target())
                .isEqualTo("/");
    }

    @Test
    void rejectsWhatExceedsTheMaximumSizes() {
        String line = "GET /" + "x".repeat(RequestLine.MAX_LENGTH - "GET / HTTP/1.1".length() + 1) + " HTTP/1.1\r\n";
        String fields = "X: " + "x".repeat(RequestHeadReader.MAX_FIELD_BYTES) + "\r\n\r\n";

        assertThatExceptionOfType(RejectedRequestException.class)
                .isThrownBy(() -> read(line + "Host: a\r\n\r\n"))
                .satisfies(e -> assertThat(e.error()).isEqualTo(HttpError.URI_TOO_LONG));
        assertThatExceptionOfType(RejectedRequestException.class)
                .isThrownBy(() -> read("GET / HTTP/1.1\r\nHost: a\r\n" + fields))
                .satisfies(e -> assertThat(e.error()).isEqualTo(HttpError.FIELDS_TOO_LARGE));
    }

    private static RequestHead read(String text) throws RejectedRequestException {
        RequestHeadReader reader = new RequestHeadReader();
        reader.append(bytes(text));
        return reader.next().orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
