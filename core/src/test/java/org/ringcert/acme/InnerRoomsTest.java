package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.Polling.Seen;

/** Nonces, waiting, URLs and texts, each alone. */
class InnerRoomsTest {

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
    void both_forms_of_retry_after_are_read_and_clamped(String header, Duration expected) {
        assertThat(retryAfter(header)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "1e3", "99999999999999999999", "Wed, 99 Nov 2026 08:00:30 GMT"})
    void a_retry_after_that_is_none_is_ignored(String header) {
        assertThat(retryAfter(header)).isEmpty();
    }

    private static Optional<Duration> retryAfter(String header) {
        HttpHeaders headers = HttpHeaders.of(Map.of("Retry-After", List.of(header)), (_, _) -> true);
        return new Reply(URI.create("https://ca.example.org/"), 503, headers, "")
                .retryAfter(Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @Test
    void the_newest_nonce_goes_first_and_old_ones_are_dropped() {
        Instant[] now = {NOW};
        Nonces nonces = new Nonces(new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now[0];
            }
        });
        nonces.keep("one");
        nonces.keep("two");
        nonces.keep("three");

        assertThat(nonces.take()).contains("three");
        assertThat(nonces.take()).contains("two");
        now[0] = NOW.plusSeconds(3600);
        assertThat(nonces.take()).isEmpty();
    }

    @Test
    void a_ca_that_gives_nonces_without_end_fills_no_memory() {
        Nonces nonces = new Nonces(Clock.fixed(NOW, ZoneOffset.UTC));
        for (int i = 0; i < 1000; i++) {
            nonces.keep("n" + i);
        }
        int kept = 0;
        while (nonces.take().isPresent()) {
            kept++;
        }
        assertThat(kept).isEqualTo(64);
    }

    @Test
    void looks_are_close_at_first() throws AcmeException {
        List<Duration> waits = new ArrayList<>();
        Queue<String> states = new ArrayDeque<>(List.of("no", "no", "no", "yes"));

        new Polling(waits::add, Deadline.in(Duration.ofMinutes(1)))
                .until(
                        "yes"::equals,
                        new Seen<>("no", Optional.empty()),
                        () -> new Seen<>(states.remove(), Optional.empty()),
                        state -> state);

        assertThat(waits)
                .containsExactly(
                        Duration.ofMillis(100), Duration.ofMillis(150), Duration.ofMillis(225), Duration.ofMillis(250));
    }

    @Test
    void later_looks_are_one_and_two_seconds_apart() {
        assertThat(Polling.next(Duration.ofMillis(250), Duration.ofSeconds(6))).isEqualTo(Duration.ofSeconds(1));
        assertThat(Polling.next(Duration.ofSeconds(1), Duration.ofSeconds(31))).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void the_ca_says_when_to_look_again() throws AcmeException {
        List<Duration> waits = new ArrayList<>();

        new Polling(waits::add, Deadline.in(Duration.ofMinutes(1)))
                .until(
                        "yes"::equals,
                        new Seen<>("no", Optional.of(Duration.ofSeconds(7))),
                        () -> new Seen<>("yes", Optional.empty()),
                        state -> state);

        assertThat(waits).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void a_retry_after_beyond_all_patience_is_reported_at_once() {
        List<Duration> waits = new ArrayList<>();

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> new Polling(waits::add, Deadline.in(Duration.ofMinutes(1)))
                        .until(
                                "yes"::equals,
                                new Seen<>("no", Optional.of(Duration.ofHours(3))),
                                () -> new Seen<>("yes", Optional.empty()),
                                _ -> "undecided"))
                .withMessageContaining("look again in 3 h")
                .satisfies(e -> assertThat(e.retryAfter()).contains(Duration.ofHours(3)));
        assertThat(waits).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://ca.example.org/dir",
                "http://127.0.0.1.example.org/dir",
                "ftp://localhost/dir",
                "https:///dir",
                "https://user@ca.example.org/dir",
                "https://ca.example.org/dir#top",
                "letsencrypt"
            })
    void a_directory_is_asked_over_https_only(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AcmeClient.connect(URI.create(url), Optional.empty(), "1", Clock.systemUTC()))
                .withMessageStartingWith("the URL of a directory");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:1/dir",
                "http://127.3.2.1/dir",
                "http://[::1]:80/dir",
                "HTTP://LOCALHOST/dir",
                "http://[0:0:0:0:0:0:0:1]/dir"
            })
    void a_test_ca_on_this_machine_may_do_without(String url) {
        assertThat(UrlRule.of(URI.create(url)).loopback()).isTrue();
    }

    @Test
    void a_ca_elsewhere_cannot_lead_to_what_listens_on_this_machine() {
        UrlRule rule = UrlRule.of(URI.create("https://ca.example.org/dir"));

        assertThat(rule.mistake(URI.create("http://127.0.0.1:9402/"))).isPresent();
        assertThat(rule.mistake(URI.create("https://other.example.org/x"))).isEmpty();
    }

    @Test
    void texts_of_a_ca_cannot_reach_the_terminal() {
        assertThat(Problem.clean("a\u001b[2J\r\nb\u202ec\u0000\ud800", 100)).isEqualTo("a [2J b c");
        assertThat(Problem.clean("x".repeat(5000), 1000)).hasSize(1003).endsWith("x...");
        assertThat(Problem.clean("\ud83d\ude00".repeat(3), 2)).isEqualTo("\ud83d\ude00\ud83d\ude00...");
    }

    @Test
    void a_problem_of_many_names_stays_readable() {
        List<Problem.Subproblem> subproblems =
                Collections.nCopies(50, new Problem.Subproblem(Problem.NAMESPACE + "caa", "no", Optional.empty()));

        assertThat(new Problem(Problem.NAMESPACE + "compound", "", 403, subproblems, Optional.empty()).words())
                .isEqualTo("compound; no (caa); no (caa); no (caa); no (caa); no (caa); and 45 more");
    }
}
