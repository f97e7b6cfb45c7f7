package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.acme.AcmeException.Fault;
import org.ringcert.issue.IssuanceOutcome;
import org.ringcert.store.FailureKind;
import org.ringcert.store.Progress;
import org.ringcert.store.Progress.Failure;

class ProgressAfterFailureTest {

    private static final URI CA = URI.create("https://ca.example.org/directory");

    private Instant now = Instant.parse("2028-02-28T23:59:00Z");
    private Progress progress = Progress.NONE;

    private Failure failure() {
        return progress.at(CA).failure().orElseThrow();
    }

    /** Fails at the earliest time, and returns the minutes to the next attempt. */
    private long fail(FailureKind kind) {
        return fail(kind, Optional.empty());
    }

    private long fail(FailureKind kind, Optional<Duration> retryAfter) {
        return fail(
                kind,
                retryAfter,
                RenewalMode.DUE_ONLY,
                progress.at(CA).failure().map(Failure::nextAttempt).orElse(now));
    }

    private long fail(FailureKind kind, Optional<Duration> retryAfter, RenewalMode mode, Instant time) {
        now = time;
        Fault fault = kind == FailureKind.COUNTED ? Fault.SITE : Fault.CA;
        progress = ProgressAfterFailure.failed(
                progress, CA, new IssuanceOutcome.Failed("It failed.", retryAfter, fault, kind), mode, now);
        return minutesToNext();
    }

    private long force(FailureKind kind) {
        return fail(kind, Optional.empty(), RenewalMode.FORCE, now.plusSeconds(30));
    }

    private long minutesToNext() {
        return Duration.between(now, failure().nextAttempt()).toMinutes();
    }

    private List<Long> fail(FailureKind... kinds) {
        return List.of(kinds).stream().map(this::fail).toList();
    }

    @Test
    void outagesAndFailedValidationsAreCountedApart() {
        assertThat(fail(
                        FailureKind.UNREACHABLE,
                        FailureKind.UNCOUNTED,
                        FailureKind.UNREACHABLE,
                        FailureKind.UNREACHABLE,
                        FailureKind.UNREACHABLE))
                .containsExactly(1L, 2L, 5L, 10L, 10L);
        assertThat(fail(FailureKind.COUNTED, FailureKind.COUNTED)).containsExactly(1L, 10L);
        assertThat(fail(FailureKind.UNREACHABLE, FailureKind.UNREACHABLE)).containsExactly(1L, 2L);
        assertThat(fail(FailureKind.COUNTED, FailureKind.COUNTED, FailureKind.COUNTED))
                .containsExactly(100L, 1440L, 1440L);
        assertThat(failure().count()).isEqualTo(12);
    }

    @Test
    void aRateLimitLengthensNoLaterWait() {
        fail(FailureKind.COUNTED);
        for (int i = 0; i < 5; i++) {
            assertThat(fail(FailureKind.RATE_LIMITED, Optional.of(Duration.ofHours(34))))
                    .isEqualTo(34 * 60);
        }
        assertThat(fail(FailureKind.COUNTED)).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNREACHABLE", "UNCOUNTED", "COUNTED"})
    void forcedAttemptsDoNotLengthenAWait(FailureKind kind) {
        fail(FailureKind.COUNTED, FailureKind.COUNTED);
        Instant next = failure().nextAttempt();

        for (int i = 0; i < 10; i++) {
            force(kind);
            assertThat(failure().nextAttempt()).isEqualTo(next);
        }

        assertThat(failure().lastAttempt()).isEqualTo(now);
        assertThat(fail(FailureKind.COUNTED)).isEqualTo(100);
    }

    @Test
    void aForcedAttemptWithoutAWaitIsFollowedByAnotherAfterAMinute() {
        assertThat(force(FailureKind.COUNTED)).isEqualTo(1);
        fail(FailureKind.COUNTED, FailureKind.COUNTED);
        assertThat(minutesToNext()).isEqualTo(100);

        assertThat(fail(
                        FailureKind.COUNTED,
                        Optional.empty(),
                        RenewalMode.FORCE,
                        failure().nextAttempt()))
                .isEqualTo(1);
        assertThat(fail(FailureKind.COUNTED)).isEqualTo(1440);
    }

    @Test
    void aForcedAttemptObeysTheRateLimitThatItMeets() {
        fail(FailureKind.COUNTED);

        assertThat(fail(FailureKind.RATE_LIMITED, Optional.of(Duration.ofHours(34)), RenewalMode.FORCE, now))
                .isEqualTo(34 * 60);
        assertThat(fail(FailureKind.COUNTED)).isEqualTo(10);
    }

    @Test
    void aForcedAttemptDoesNotShortenTheWaitAfterACertificateThatWasDueWhenIssued() {
        progress = ProgressAfterFailure.dueWhenIssued(progress, CA, "no", Optional.empty(), now);
        Failure previous = failure();

        force(FailureKind.COUNTED);

        assertThat(failure()).isEqualTo(previous);
        progress = ProgressAfterFailure.dueWhenIssued(progress, CA, "no", Optional.of(previous), now);
        assertThat(minutesToNext()).isEqualTo(600);
    }
}
