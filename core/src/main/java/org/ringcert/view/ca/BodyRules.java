package org.ringcert.view.ca;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.http.HttpGet;
import org.ringcert.http.ResponseHeaders;
import org.ringcert.view.ca.Walk.Verdict;

/** The rules for the body of a response with status 200. Stateless. */
final class BodyRules {

    /** The limit of Boulder before 2026-09; since then it is one more. */
    static final int MAX_BYTES = 127;

    /** More than 127 bytes ever need in gzip. */
    private static final int MAX_GZIP_BYTES = 4096;

    private static final String CONTENT_ENCODING = "Content-Encoding";

    private BodyRules() {}

    /** Returns how much of a body has to be read, as it comes over the network. */
    static int maxRawBytes(ResponseHeaders headers) {
        return isGzip(headers) ? MAX_GZIP_BYTES : MAX_BYTES;
    }

    private static boolean isGzip(ResponseHeaders headers) {
        return headers.onlyValue(CONTENT_ENCODING)
                .filter("gzip"::equalsIgnoreCase)
                .isPresent();
    }

    /**
     * Returns the verdict about a response with status 200.
     *
     * @param warnings receives what is suspicious about an accepted body
     */
    static Verdict verdict(
            HttpGet.Response response, ExpectedAnswer expected, Problems.At at, Consumer<Problem> warnings) {
        List<String> encodings = response.headers().values(CONTENT_ENCODING);
        if (!encodings.isEmpty() && !isGzip(response.headers())) {
            return new Verdict.Refused(Problems.contentEncoding(String.join(", ", encodings), at));
        }
        if (response.truncated()) {
            return new Verdict.Refused(Problems.bodyTooLong(MAX_BYTES, isHtml(response), at));
        }
        byte[] raw = response.body().getBytes(StandardCharsets.ISO_8859_1);
        Optional<byte[]> body = encodings.isEmpty() ? Optional.of(raw) : Gunzip.decompress(raw, MAX_BYTES + 1);
        if (body.isEmpty()) {
            return new Verdict.Refused(Problems.brokenGzip(at));
        }
        if (body.get().length > MAX_BYTES) {
            return new Verdict.Refused(Problems.bodyTooLong(MAX_BYTES, isHtml(response), at));
        }
        String text = withoutLineEnd(new String(body.get(), StandardCharsets.ISO_8859_1));
        Optional<KeyAuthorization> answer = expected.token()
                .flatMap(token -> KeyAuthorization.parse(token, text))
                .filter(found ->
                        expected.answer().isEmpty() || expected.answer().get().equals(found));
        if (answer.isEmpty()) {
            return new Verdict.Refused(Problems.otherBody(text, expected, isHtml(response), at));
        }
        if (isHtml(response)) {
            warnings.accept(Problems.html(at));
        }
        return new Verdict.Accepted(answer.get());
    }

    /** Only what every CA trims. Boulder trims all white space, Pebble these three. */
    private static String withoutLineEnd(String body) {
        int end = body.length();
        while (end > 0 && "\r\n\t".indexOf(body.charAt(end - 1)) >= 0) {
            end--;
        }
        return body.substring(0, end);
    }

    private static boolean isHtml(HttpGet.Response response) {
        return response.headers().values("Content-Type").stream()
                .anyMatch(type -> type.regionMatches(true, 0, "text/html", 0, "text/html".length()));
    }
}
