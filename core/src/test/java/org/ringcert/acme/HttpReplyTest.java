package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpReplyTest {

    private static final Instant NOW = Instant.parse("2026-11-25T08:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "120 | PT2M",
                "0 | PT0S",
                "999999999 | PT168H",
                "Wed, 25 Nov 2026 08:00:30 GMT | PT30S",
                "Wed, 25 Nov 2026 07:00:00 GMT | PT0S",
                "Wed, 25 Nov 2099 08:00:00 GMT | PT168H",
            })
    void readsAndClampsBothFormsOfRetryAfter(String header, Duration expected) {
        assertThat(retryAfter(header)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "1e3", "99999999999999999999", "Wed, 99 Nov 2026 08:00:30 GMT"})
    void ignoresAMalformedRetryAfter(String header) {
        assertThat(retryAfter(header)).isEmpty();
    }

    private static Optional<Duration> retryAfter(String header) {
        HttpHeaders headers = HttpHeaders.of(Map.of("Retry-After", List.of(header)), (_, _) -> true);
        return new HttpReply(URI.create("https://ca.example.org/"), 503, headers, "")
                .retryAfter(Clock.fixed(NOW, ZoneOffset.UTC));
    }
}
