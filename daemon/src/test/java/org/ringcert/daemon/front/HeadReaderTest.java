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

/** Where heads begin and end, however the bytes are cut into pieces, and what is kept of them. */
class HeadReaderTest {

    private static final String SIMPLE = "GET /x?y HTTP/1.1\r\nHost: a.example\r\n\r\n";

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.ringcert.daemon.front.HostileRequestsTest#requestsThatEndTheConnection")
    void bytesOneByOneAreJudgedLikeTheWhole(String name, String text, int status) throws RefusedException {
        HeadReader reader = new HeadReader();
        Optional<Refusal> refusal = Optional.empty();
        for (int i = 0; i < text.length() && refusal.isEmpty(); i++) {
            reader.append(bytes(text.substring(i, i + 1)));
            try {
                Optional<Head> head = reader.next();
                if (head.isPresent()) {
                    // The one kind in the table that is well-formed, and refused for what it asks.
                    assertThat(status).isEqualTo(405);
                    return;
                }
            } catch (RefusedException e) {
                refusal = Optional.of(e.refusal());
            }
            assertThat(reader.capacity()).isLessThanOrEqualTo(2 * 13 * 1024);
        }
        assertThat(refusal)
                .map(Refusal::status)
                .hasValueSatisfying(said -> assertThat(said).startsWith("" + status));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 1_000})
    void requestsAreFoundWhereverTheyAreCut(int size) throws RefusedException {
        String text = (SIMPLE + "\r\n" + SIMPLE).repeat(5);
        HeadReader reader = new HeadReader();
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
    void anythingAtAllEndsInAHeadARefusalOrAWaitForMore() {
        Random random = new Random(42);
        String alphabet = "GET /.\r\n\r\n :\t\u0000\u00ffHTTP/1.1Host: a.example\r\nContent-Length: 1\r\n";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "GET / HTTP/1.1\r\nHost: a\r\n" : "");
            for (int i = random.nextInt(60); i > 0; i--) {
                int at = random.nextInt(alphabet.length());
                text.append(alphabet, at, Math.min(alphabet.length(), at + 1 + random.nextInt(12)));
            }
            HeadReader reader = new HeadReader();
            reader.append(bytes(text.toString()));
            try {
                while (reader.next().isPresent()) {
                    assertThat(reader.capacity()).isLessThan(text.length());
                }
            } catch (RefusedException e) {
                assertThat(e.refusal().closes()).isTrue();
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
    void aHeadSaysWhatMatters(String line, String fields, String host, boolean ends, boolean persistent)
            throws RefusedException {
        Head head = read(line + "\r\n" + fields + "\r\n\r\n");

        assertThat(head.host()).isEqualTo(Optional.ofNullable(host));
        assertThat(head.ends()).isEqualTo(ends);
        assertThat(head.body()).isEqualTo(ends && head.method().equals("POST"));
        assertThat(head.persistent()).isEqualTo(persistent);
        assertThat(head.target()).isEqualTo("/x?y");
        assertThat(head.path()).isEqualTo("/x");
        assertThat(head.query()).isEqualTo("y");
    }

    @Test
    void anAbsoluteTargetWithoutAPathMeansTheRoot() throws RefusedException {
        assertThat(read("GET http://a.example HTTP/1.1\r\nHost: a\r\n\r\n").target())
                .isEqualTo("/");
        assertThat(read("GET http://a.example?x HTTP/1.1\r\nHost: a\r\n\r\n").target())
                .isEqualTo("/?x");
    }

    @Test
    void whatJustFitsIsTaken() throws RefusedException {
        String line = "GET /" + "x".repeat(RequestLine.LONGEST - "GET / HTTP/1.1".length()) + " HTTP/1.1\r\n";
        String host = "Host: a\r\n";
        String fields = host + "X: " + "x".repeat(HeadReader.LONGEST_FIELDS - host.length() - 7) + "\r\n\r\n";

        assertThat(read(line + host + "\r\n").target()).hasSize(RequestLine.LONGEST - "GET  HTTP/1.1".length());
        assertThat(fields).hasSize(HeadReader.LONGEST_FIELDS);
        assertThat(read("GET / HTTP/1.1\r\n" + fields).target()).isEqualTo("/");
        assertThat(read("GET / HTTP/1.1\r\n" + host + "a:\r\n".repeat(HeadReader.MOST_FIELDS - 1) + "\r\n")
                        .target())
                .isEqualTo("/");
    }

    @Test
    void whatJustDoesNotFitIsRefused() {
        String line = "GET /" + "x".repeat(RequestLine.LONGEST - "GET / HTTP/1.1".length() + 1) + " HTTP/1.1\r\n";
        String fields = "X: " + "x".repeat(HeadReader.LONGEST_FIELDS) + "\r\n\r\n";

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> read(line + "Host: a\r\n\r\n"))
                .satisfies(e -> assertThat(e.refusal()).isEqualTo(Refusal.URI_TOO_LONG));
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> read("GET / HTTP/1.1\r\nHost: a\r\n" + fields))
                .satisfies(e -> assertThat(e.refusal()).isEqualTo(Refusal.FIELDS_TOO_LARGE));
    }

    private static Head read(String text) throws RefusedException {
        HeadReader reader = new HeadReader();
        reader.append(bytes(text));
        return reader.next().orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
