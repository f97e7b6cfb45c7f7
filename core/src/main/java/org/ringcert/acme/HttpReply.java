package org.ringcert.acme;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/** An HTTP answer of the CA, as it came. Immutable. */
record HttpReply(URI url, int status, HttpHeaders headers, String body) {

    /** RFC 8555, section 6.5.1; the length is ours. */
    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9_-]{1,1024}");

    private static final Pattern TERMS =
            Pattern.compile("<([^<>]{1,600})>[^<>]*;\\s*rel=\"?terms-of-service\"?", Pattern.CASE_INSENSITIVE);
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");
    private static final Duration LONGEST = Duration.ofDays(7);

    boolean success() {
        return status >= 200 && status < 300;
    }

    Optional<String> header(String name) {
        return headers.firstValue(name).map(String::strip);
    }

    /** The nonce that came along; one that is not of the right syntax is none. */
    Optional<String> nonce() {
        return header("Replay-Nonce").filter(nonce -> NONCE.matcher(nonce).matches());
    }

    /** Where the CA's terms of service are, where it says so (RFC 8555, section 7.3.3; RFC 8288). */
    Optional<String> termsOfService() {
        return headers.allValues("Link").stream()
                .flatMap(line -> TERMS.matcher(line).results())
                .flatMap(link -> ProblemDocument.page(link.group(1)).stream())
                .findFirst();
    }

    /** How long to wait, from 0 to 7 days, by either form of Retry-After (RFC 9110, section 10.2.3). */
    Optional<Duration> retryAfter(Clock clock) {
        return header("Retry-After")
                .flatMap(text -> wait(text, clock.instant()))
                .map(HttpReply::clamped);
    }

    private static Optional<Duration> wait(String text, Instant now) {
        if (SECONDS.matcher(text).matches()) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(Duration.between(now, then));
        } catch (DateTimeException | ArithmeticException _) {
            return Optional.empty();
        }
    }

    private static Duration clamped(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
