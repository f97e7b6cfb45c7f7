package org.ringcert.view.ca;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.challenge.KeyAuthorization;

/** Rules 18 to 22: which last response is accepted. */
class ResponseRulesTest {

    private static final String ANSWER = WalkLab.ANSWER.text();

    private WalkLab lab;

    @BeforeEach
    void start() throws IOException {
        lab = new WalkLab();
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    private static String gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private Walk walkToGzip(String body) {
        return lab.walkTo(WalkLab.ok("Content-Encoding: GZIP\r\n", body));
    }

    private Walk walkToChunks(String chunks) {
        return lab.walkTo("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 201, 204, 206, 400, 401, 403, 404, 410, 429, 500, 502, 503, 599})
    void rule18TheLastStatusIs200(int status) {
        Problem problem =
                WalkLab.refusal(lab.walkTo("HTTP/1.1 " + status + " X\r\nContent-Length: 87\r\n\r\n" + ANSWER));
        assertThat(problem.rule()).isEqualTo(Rule.FINAL_STATUS);
        assertThat(problem.caSays()).startsWith("Invalid response from http://").endsWith(": " + status);
        assertThat(problem.remedy()).isNotEmpty();
    }

    @Test
    void rule19TheBodyHasUpTo127Bytes() {
        assertThat(lab.walkTo(WalkLab.ok("", ANSWER + "\n".repeat(40))).isAccepted())
                .isTrue();
        assertThat(walkToGzip(gzip(ANSWER + "\n".repeat(40))).isAccepted()).isTrue();
        assertThat(walkToChunks("7f\r\n" + ANSWER + "\n".repeat(40) + "\r\n0\r\n\r\n")
                        .isAccepted())
                .isTrue();
    }

    @Test
    void rule19TheBodyHasNotMoreThan127Bytes() {
        String body = ANSWER + "\n".repeat(41);
        assertThat(WalkLab.refusal(lab.walkTo(WalkLab.ok("", body))).rule()).isEqualTo(Rule.BODY_SIZE);
        assertThat(WalkLab.refusal(walkToGzip(gzip(body))).rule()).isEqualTo(Rule.BODY_SIZE);
        assertThat(WalkLab.refusal(walkToChunks("80\r\n" + body + "\r\n0\r\n\r\n"))
                        .rule())
                .isEqualTo(Rule.BODY_SIZE);
    }

    @Test
    void rule19AShortBodyIsRefused() {
        assertThat(WalkLab.refusal(lab.walkTo("HTTP/1.1 200 OK\r\nContent-Length: 88\r\n\r\n" + ANSWER))
                        .what())
                .contains("ends too early");
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "deflate", "x-gzip", "identity", "gzip, gzip", "gzip\r\nContent-Encoding: gzip"})
    void rule19OtherContentEncodingsAreRefused(String encoding) {
        Walk walk = lab.walkTo(WalkLab.ok("Content-Encoding: " + encoding + "\r\n", ANSWER));
        assertThat(WalkLab.refusal(walk).rule()).isEqualTo(Rule.BODY_SIZE);
    }

    @Test
    void rule19ReadsGzip() {
        assertThat(walkToGzip(gzip(ANSWER)).isAccepted()).isTrue();
    }

    @Test
    void rule19RefusesGzipThatIsNotExactlyOneMember() {
        String gzip = gzip(ANSWER);
        assertThat(WalkLab.refusal(walkToGzip(gzip + "garbage")).what()).contains("not valid gzip");
        assertThat(WalkLab.refusal(walkToGzip(gzip.substring(0, gzip.length() - 1)))
                        .what())
                .contains("gzip");
        assertThat(WalkLab.refusal(walkToGzip(gzip.substring(0, gzip.length() - 8) + "x".repeat(8)))
                        .what())
                .contains("gzip");
        assertThat(WalkLab.refusal(walkToGzip(ANSWER)).what()).contains("gzip");
        assertThat(WalkLab.refusal(walkToGzip("\u001f\u008b\b\u0010" + "x".repeat(80)))
                        .what())
                .contains("gzip");
        assertThat(WalkLab.refusal(walkToGzip("")).what()).contains("gzip");
    }

    @Test
    void rule19AGzipBombIsReadToItsFirstBytes() {
        assertThat(WalkLab.refusal(walkToGzip(gzip("\n".repeat(1_000_000)))).rule())
                .isEqualTo(Rule.BODY_SIZE);
        assertThat(WalkLab.refusal(walkToGzip(gzip("\n".repeat(20_000_000)))).rule())
                .isEqualTo(Rule.BODY_SIZE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\t", "\r\n\t\t\n"})
    void rule20TrimsLineEndsAndTabs(String end) {
        assertThat(lab.walkTo(WalkLab.ok("", ANSWER + end)).isAccepted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\u000b", "\f", "\u0085", "\u00a0", "\n \n"})
    void rule20RefusesOtherWhiteSpaceAtTheEnd(String end) {
        assertThat(WalkLab.refusal(lab.walkTo(WalkLab.ok("", ANSWER + end))).what())
                .isEqualTo("white space follows the answer that not every CA removes");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\n", "\u00ef\u00bb\u00bf"})
    void rule20RefusesAnythingBeforeTheAnswer(String start) {
        assertThat(WalkLab.refusal(lab.walkTo(WalkLab.ok("", start + ANSWER))).what())
                .contains("precede");
    }

    @Test
    void rule20RefusesAnyOtherByte() {
        for (String body : new String[] {
            ANSWER + "\0", ANSWER.toUpperCase(java.util.Locale.ROOT), "\"" + ANSWER + "\"", ANSWER + ".x", ANSWER + "="
        }) {
            Problem problem = WalkLab.refusal(lab.walkTo(WalkLab.ok("", body)));
            assertThat(problem.caSays()).startsWith("The key authorization file from the server did not match");
        }
    }

    @Test
    void rule20RecognizesAnotherAccount() {
        KeyAuthorization other = new KeyAuthorization(WalkLab.ANSWER.token(), "x".repeat(43));
        Problem problem = WalkLab.refusal(lab.walkTo(WalkLab.ok("", other.text())));
        assertThat(problem.rule()).isEqualTo(Rule.BODY);
        assertThat(problem.what()).contains("of another account");
    }

    @Test
    void rule20RecognizesAPage() {
        Problem problem = WalkLab.refusal(lab.walkTo(WalkLab.ok("Content-Type: text/html\r\n", "<p>Not here</p>")));
        assertThat(problem.what()).isEqualTo("the body is a page in HTML");
        assertThat(problem.remedy()).contains("/.well-known/acme-challenge/");
    }

    @Test
    void rule20QuotesNoControlCharacters() {
        Problem problem = WalkLab.refusal(lab.walkTo(WalkLab.ok("", "\u001b[2J" + "x".repeat(100))));
        assertThat(problem.what()).contains("?[2Jxxx").hasSizeLessThan(130);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 200 OK\\r\\n: x\\r\\n | malformed",
                "HTTP/1.1 200 OK\\r\\nno colon\\r\\n | malformed",
                "HTTP/1.1 200 OK\\r\\nX Y: z\\r\\n | malformed",
                "HTTP/1.1 200 OK\\r\\nX : y\\r\\n | malformed",
                "HTTP/1.1 200 OK\\r\\n X: y\\r\\n | malformed",
                "HTTP/1.1 200 OK\\r\\nX: a\\r\\n b\\r\\n | malformed",
                "HTTP/1.1 200 OK\\r\\nX: a\\0b\\r\\n | malformed",
                "HTTP/1.1 200 OK\\r\\nX: a\\rb\\r\\n | malformed",
                "HTTP/1.1 200 OK\\r\\nContent-Length: 87\\r\\nContent-Length: 87\\r\\n | Content-Length",
                "HTTP/1.1 200 OK\\r\\nContent-Length: +87\\r\\n | Content-Length",
                "HTTP/1.1 200 OK\\r\\nContent-Length:\\r\\n | Content-Length",
                "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: gzip\\r\\n | ambiguous",
                "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\nContent-Length: 87\\r\\n | ambiguous",
                "HTTP/1.0 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n | HTTP/1.0",
                "HTTP/1.1 2000 OK\\r\\n | not answer in HTTP/1.1",
                "HTTP/1.1 099 OK\\r\\n | not answer in HTTP/1.1",
                "HTTP/1.1  200 OK\\r\\n | not answer in HTTP/1.1",
                "HTTP/2.0 200 OK\\r\\n | not answer in HTTP/1.1",
                "http/1.1 200 OK\\r\\n | not answer in HTTP/1.1",
                "ICY 200 OK\\r\\n | not answer in HTTP/1.1",
                "SSH-2.0-OpenSSH_9.2\\r\\n | not answer in HTTP/1.1"
            })
    void rule21RefusesMalformedResponses(String head, String reason) {
        String text = head.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");
        Problem problem = WalkLab.refusal(lab.walkTo(text + "\r\n" + ANSWER));
        assertThat(problem.rule()).isEqualTo(Rule.HEADERS);
        assertThat(problem.what()).contains(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "57\\n | \\r\\n0\\r\\n\\r\\n",
                "57\\r\\n | \\n0\\r\\n\\r\\n",
                "57\\r\\n | x\\r\\n0\\r\\n\\r\\n",
                "57\\r\\n | \\r\\n",
                "57\\r\\n | \\r\\n0\\r\\n",
                "57\\r\\n | \\r\\n0\\r\\nX Y\\r\\n\\r\\n",
                "zz\\r\\n | \\r\\n0\\r\\n\\r\\n",
                "58\\r\\n | \\r\\n0\\r\\n\\r\\n"
            })
    void rule21RefusesMalformedChunks(String before, String after) {
        Walk walk = walkToChunks(before.replace("\\r", "\r").replace("\\n", "\n")
                + ANSWER
                + after.replace("\\r", "\r").replace("\\n", "\n"));
        assertThat(WalkLab.refusal(walk).rule()).isEqualTo(Rule.HEADERS);
    }

    @Test
    void rule21ReadsWellFormedChunks() {
        String half = ANSWER.substring(0, 40);
        assertThat(walkToChunks("28\r\n" + half + "\r\n2f;a=b\r\n" + ANSWER.substring(40) + "\r\n0\r\nX: y\r\n\r\n")
                        .isAccepted())
                .isTrue();
    }

    @Test
    void rule21ReadsOldAndInterimResponses() {
        assertThat(lab.walkTo("HTTP/1.0 200 OK\r\n\r\n" + ANSWER).isAccepted()).isTrue();
        assertThat(lab.walkTo("HTTP/1.1 100 Continue\r\n\r\n".repeat(5) + WalkLab.ok())
                        .isAccepted())
                .isTrue();
        assertThat(WalkLab.refusal(lab.walkTo("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(6) + WalkLab.ok()))
                        .what())
                .contains("interim");
    }

    @Test
    void rule21NamesOtherProtocols() {
        assertThat(WalkLab.refusal(lab.walkTo("\0\0\u0012\u0004\0\0\0\0\0\0\u0003\0\0\0\u0080"))
                        .caSays())
                .endsWith("Server is speaking HTTP/2 over HTTP");
        assertThat(WalkLab.refusal(lab.walkTo("\u0015\u0003\u0001\0\u0002\u0002\n"))
                        .what())
                .contains("speaks TLS");
        assertThat(WalkLab.refusal(lab.walkTo("")).what()).contains("without a response");
    }

    @Test
    void rule22HtmlIsSuspicious() {
        Walk walk = lab.walkTo(WalkLab.ok("Content-Type: Text/HTML; charset=utf-8\r\n", ANSWER));
        assertThat(walk.isAccepted()).isTrue();
        assertThat(WalkLab.warnings(walk)).containsExactly(Rule.CONTENT_TYPE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Content-Type: application/octet-stream\r\n", "Content-Type: image/png\r\n"})
    void rule22OtherContentTypesDoNotMatter(String header) {
        assertThat(lab.walkTo(WalkLab.ok(header, ANSWER)).warnings()).isEmpty();
    }
}
