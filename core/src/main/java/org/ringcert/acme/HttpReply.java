package org.ringcert.acme;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An HTTP response of the CA, unchecked. Immutable.
 *
 * @param url the URL of the request
 */
record HttpReply(URI url, int status, HttpHeaders headers, String body) {

    /** The syntax of RFC 8555, section 6.5.1. The maximum length is ours. */
    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9_-]{1,1024}");

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");
    private static final Duration MAX_RETRY_AFTER = Duration.ofDays(7);

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    Optional<String> header(String name) {
        return headers.firstValue(name).map(String::strip);
    }

    /** Returns the nonce of this reply; empty if it is missing or malformed. */
    Optional<String> nonce() {
        return header("Replay-Nonce").filter(nonce -> NONCE.matcher(nonce).matches());
    }

    /** Returns the targets of the reply's links of one relation type (RFC 8288). They may be relative URLs. */
    List<String> links(String relation) {
        return LinkHeader.targets(headers.allValues("Link"), relation);
    }

    /** Returns the URL of the CA's terms of service, if the reply links to them (RFC 8555, section 7.3.3). */
    Optional<String> termsOfService() {
        return links("terms-of-service").stream()
                .flatMap(target -> RemoteText.pageUrl(target).stream())
                .findFirst();
    }

    /** Returns the wait of a Retry-After header in either form (RFC 9110, section 10.2.3), clamped to 0 to 7 days. */
    Optional<Duration> retryAfter(Clock clock) {
        return header("Retry-After")
                .flatMap(text -> parseRetryAfter(text, clock.instant()))
                .map(HttpReply::clamped);
    }

    /**
     * Returns how far the CA's clock is ahead of the given one, which is read now; empty if the reply has no valid Date
     * (RFC 9110, section 6.6.1).
     */
    Optional<Duration> clockOffset(Clock clock) {
        return date().map(date -> Duration.between(clock.instant(), date));
    }

    /** Returns when the reply was sent by the CA's clock; empty if it has no valid Date (RFC 9110, section 6.6.1). */
    Optional<Instant> date() {
        return header("Date").flatMap(HttpReply::parseDate);
    }

    private static Optional<Instant> parseDate(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> parseRetryAfter(String text, Instant now) {
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
        return wait.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : wait;
    }
}
