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
import org.ringcert.acme.Polling.Snapshot;

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
    void bothFormsOfRetryAfterAreReadAndClamped(String header, Duration expected) {
        assertThat(retryAfter(header)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "1e3", "99999999999999999999", "Wed, 99 Nov 2026 08:00:30 GMT"})
    void aRetryAfterThatIsNoneIsIgnored(String header) {
        assertThat(retryAfter(header)).isEmpty();
    }

    private static Optional<Duration> retryAfter(String header) {
        HttpHeaders headers = HttpHeaders.of(Map.of("Retry-After", List.of(header)), (_, _) -> true);
        return new HttpReply(URI.create("https://ca.example.org/"), 503, headers, "")
                .retryAfter(Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @Test
    void theNewestNonceGoesFirstAndOldOnesAreDropped() {
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
        nonces.put("one");
        nonces.put("two");
        nonces.put("three");

        assertThat(nonces.take()).contains("three");
        assertThat(nonces.take()).contains("two");
        now[0] = NOW.plusSeconds(3600);
        assertThat(nonces.take()).isEmpty();
    }

    @Test
    void aCaThatGivesNoncesWithoutEndFillsNoMemory() {
        Nonces nonces = new Nonces(Clock.fixed(NOW, ZoneOffset.UTC));
        for (int i = 0; i < 1000; i++) {
            nonces.put("n" + i);
        }
        int kept = 0;
        while (nonces.take().isPresent()) {
            kept++;
        }
        assertThat(kept).isEqualTo(64);
    }

    @Test
    void looksAreCloseAtFirst() throws AcmeException {
        List<Duration> waits = new ArrayList<>();
        Queue<String> states = new ArrayDeque<>(List.of("no", "no", "no", "yes"));

        new Polling(waits::add, Deadline.after(Duration.ofMinutes(1)))
                .until(
                        "yes"::equals,
                        new Snapshot<>("no", Optional.empty()),
                        () -> new Snapshot<>(states.remove(), Optional.empty()),
                        state -> state);

        assertThat(waits)
                .containsExactly(
                        Duration.ofMillis(100), Duration.ofMillis(150), Duration.ofMillis(225), Duration.ofMillis(250));
    }

    @Test
    void laterLooksAreOneAndTwoSecondsApart() {
        assertThat(Polling.nextInterval(Duration.ofMillis(250), Duration.ofSeconds(6)))
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(Polling.nextInterval(Duration.ofSeconds(1), Duration.ofSeconds(31)))
                .isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void theCaSaysWhenToLookAgain() throws AcmeException {
        List<Duration> waits = new ArrayList<>();

        new Polling(waits::add, Deadline.after(Duration.ofMinutes(1)))
                .until(
                        "yes"::equals,
                        new Snapshot<>("no", Optional.of(Duration.ofSeconds(7))),
                        () -> new Snapshot<>("yes", Optional.empty()),
                        state -> state);

        assertThat(waits).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void aRetryAfterBeyondAllPatienceIsReportedAtOnce() {
        List<Duration> waits = new ArrayList<>();

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> new Polling(waits::add, Deadline.after(Duration.ofMinutes(1)))
                        .until(
                                "yes"::equals,
                                new Snapshot<>("no", Optional.of(Duration.ofHours(3))),
                                () -> new Snapshot<>("yes", Optional.empty()),
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
    void aDirectoryIsAskedOverHttpsOnly(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AcmeClient.create(URI.create(url), Optional.empty(), "1", Clock.systemUTC()))
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
    void aTestCaOnThisMachineMayDoWithout(String url) {
        assertThat(UrlRule.forDirectory(URI.create(url)).allowsLoopbackHttp()).isTrue();
    }

    @Test
    void aCaElsewhereCannotLeadToWhatListensOnThisMachine() {
        UrlRule rule = UrlRule.forDirectory(URI.create("https://ca.example.org/dir"));

        assertThat(rule.error(URI.create("http://127.0.0.1:9402/"))).isPresent();
        assertThat(rule.error(URI.create("https://other.example.org/x"))).isEmpty();
    }

    @Test
    void textsOfACaCannotReachTheTerminal() {
        assertThat(RemoteText.clean("a\u001b[2J\r\nb\u202ec\u0000\ud800", 100)).isEqualTo("a [2J b c");
        assertThat(RemoteText.clean("x".repeat(5000), 1000)).hasSize(1003).endsWith("x...");
        assertThat(RemoteText.clean("\ud83d\ude00".repeat(3), 2)).isEqualTo("\ud83d\ude00\ud83d\ude00...");
    }

    @Test
    void aProblemOfManyNamesStaysReadable() {
        List<ProblemDocument.Subproblem> subproblems = Collections.nCopies(
                50, new ProblemDocument.Subproblem(ProblemDocument.NAMESPACE + "caa", "no", Optional.empty()));

        assertThat(new ProblemDocument(ProblemDocument.NAMESPACE + "compound", "", 403, subproblems, Optional.empty())
                        .summary())
                .isEqualTo("compound; no (caa); no (caa); no (caa); no (caa); no (caa); and 45 more");
    }
}
