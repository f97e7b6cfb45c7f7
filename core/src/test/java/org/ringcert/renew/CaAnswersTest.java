package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.acme.AcmeException.Fault;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.IssuanceOutcome;
import org.ringcert.store.CertificateName;
import org.ringcert.store.FailureKind;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;

class CaAnswersTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:15:00Z");
    private static final URI CA = URI.create("https://ca.example.org/directory");
    private static final URI OTHER = URI.create("https://other.example.org/directory");
    private static final CertificateName SITE = CertificateName.first(new HostName("www.example.org"));

    @TempDir
    private Path folder;

    private final CaAnswers answers = new CaAnswers();

    private static Progress failed(FailureKind kind, Optional<Duration> retryAfter) {
        return ProgressAfterFailure.failed(
                Progress.NONE,
                CA,
                new IssuanceOutcome.Failed("no route", retryAfter, Fault.CA, kind),
                RenewalMode.DUE_ONLY,
                NOW);
    }

    private static Progress unreachable() {
        return failed(FailureKind.UNREACHABLE, Optional.empty());
    }

    private Instant nextAttempt(Progress progress, Instant now) {
        return answers.endWaits(progress, now).at(CA).failure().orElseThrow().nextAttempt();
    }

    @Test
    void theWaitForACaThatCouldNotBeReachedEndsWhenItAnswers() throws Exception {
        Instant answered = NOW.plusSeconds(5);
        Store store = Store.open(folder.resolve("store"), Clock.fixed(NOW, ZoneOffset.UTC));
        store.saveProgress(SITE, unreachable());
        answers.keepWait(new RenewalResult.Failed(SITE, "no route", NOW), store);
        assertThat(answers.takeRecovered(answered)).isEmpty();

        answers.add(CA, answered);

        assertThat(nextAttempt(unreachable(), answered.plusSeconds(1))).isEqualTo(answered.plusSeconds(1));
        assertThat(answers.takeRecovered(answered)).containsExactly(SITE);
        assertThat(answers.takeRecovered(answered)).as("once for each wait").isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = "UNREACHABLE", mode = EnumSource.Mode.EXCLUDE)
    void otherWaitsGoOn(FailureKind kind) {
        answers.add(CA, NOW.plusSeconds(5));

        Progress progress = failed(kind, Optional.empty());
        assertThat(answers.endWaits(progress, NOW.plusSeconds(6))).isEqualTo(progress);
    }

    @Test
    void aWaitThatTheCaAsksForGoesOn() {
        answers.add(CA, NOW.plusSeconds(5));

        Progress progress = failed(FailureKind.UNREACHABLE, Optional.of(Duration.ofMinutes(2)));
        assertThat(answers.endWaits(progress, NOW.plusSeconds(6))).isEqualTo(progress);
    }

    @Test
    void anAnswerBeforeTheFailureOrOfAnotherCaChangesNothing() {
        answers.add(CA, NOW);
        answers.add(OTHER, NOW.plusSeconds(5));

        assertThat(answers.endWaits(unreachable(), NOW.plusSeconds(6))).isEqualTo(unreachable());
    }

    /** Otherwise each pass would try the site at once, until the clock comes to that time again. */
    @Test
    void anAnswerFromTheFutureChangesNothing() {
        answers.add(CA, NOW.plus(Duration.ofHours(1)));

        assertThat(answers.endWaits(unreachable(), NOW.plusSeconds(6))).isEqualTo(unreachable());
    }
}
