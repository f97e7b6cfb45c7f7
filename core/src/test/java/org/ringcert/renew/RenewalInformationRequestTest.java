package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.CertificateId;
import org.ringcert.acme.RenewalInfo;
import org.ringcert.issue.CaFaults;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.store.Store;

/** When a CA is asked for renewal information, and what is kept of it. */
class RenewalInformationRequestTest extends RenewalInformationTestBase {

    @Test
    void asksAboutACertificateByItsIdAsSoonAsItIsIssued() throws Exception {
        RenewalResult issued = cas.pass();

        CertificateId id = CertificateId.of(cas.current().leaf()).orElseThrow();
        assertThat(cas.first.calls).last().isEqualTo("renewalInfo " + id);
        assertThat(polls()).isEqualTo(1);
        assertThat(issued)
                .isInstanceOfSatisfying(
                        RenewalResult.Renewed.class,
                        renewed -> assertThat(renewed.renewal())
                                .isBetween(began.plus(window.start()), began.plus(window.end())));
        assertThat(issued.next()).as("the next request").isEqualTo(began.plus(POLL));
    }

    @Test
    void asksAgainWhenTheCaSaysSoAndNotBefore() {
        cas.pass();
        cas.clock.move(POLL.minusSeconds(1));
        cas.pass();
        assertThat(polls()).isEqualTo(1);

        cas.clock.move(Duration.ofSeconds(1));
        assertThat(cas.pass().next()).isEqualTo(cas.clock.instant().plus(POLL));

        assertThat(polls()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, PT1M",
        "PT59S, PT1M",
        "PT61S, PT61S",
        "PT6H, PT6H",
        "PT23H, PT23H",
        "P1D, P1D",
        "P7D, P1D",
        ", PT6H"
    })
    void limitsTheIntervalToAMinuteAndADay(Duration retryAfter, Duration interval) throws Exception {
        window = new Window(Duration.ofDays(50), Duration.ofDays(52), Optional.ofNullable(retryAfter));

        cas.pass();

        assertThat(interval()).isEqualTo(interval);
    }

    @Test
    void aRestartDoesNotAskAgain() {
        cas.pass();
        cas.restart();
        cas.clock.move(POLL.minusSeconds(1));

        assertThat(cas.pass().next()).isEqualTo(began.plus(POLL));

        assertThat(polls()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"UNREACHABLE", "RATE_LIMITED", "INVALID_RESPONSE", "NOT_FOUND", "REFUSED"})
    void aFailedRequestKeepsTheSuggestion(Kind kind) throws Exception {
        cas.pass();
        Instant chosen = chosen();
        failRequests(kind, Optional.empty());
        cas.clock.move(POLL);

        assertThat(cas.pass()).isInstanceOf(RenewalResult.NotDue.class);
        assertThat(polls()).isEqualTo(2);
        assertThat(chosen()).isEqualTo(chosen);

        cas.clock.set(chosen);
        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);
    }

    private void failRequests(Kind kind, Optional<Duration> retryAfter) {
        cas.first.renewalInfo = Optional.of(_ -> {
            throw CaFaults.failure(kind, "the test says " + kind, retryAfter);
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"UNREACHABLE", "RATE_LIMITED"})
    void repeatsARequestThatMayPassSoonAfterLongerAndLongerDelays(Kind kind) throws Exception {
        failRequests(kind, Optional.empty());
        cas.pass();
        for (long minutes : List.of(1, 10, 100, 360, 360)) {
            assertThat(interval()).isEqualTo(Duration.ofMinutes(minutes));
            cas.clock.move(Duration.ofMinutes(minutes));
            cas.pass();
        }
        answerRequests();
        cas.clock.move(POLL);
        cas.pass();
        assertThat(schedule().failedPolls()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"NOT_FOUND", "INVALID_RESPONSE", "REFUSED"})
    void repeatsARequestThatFailsForLongAfterSixHours(Kind kind) throws Exception {
        failRequests(kind, Optional.empty());

        cas.pass();

        assertThat(interval()).isEqualTo(Duration.ofHours(6));
        assertThat(cas.pass())
                .isInstanceOfSatisfying(
                        RenewalResult.NotDue.class,
                        notDue -> assertThat(notDue.renewal())
                                .as("by its dates")
                                .isEqualTo(began.plus(Duration.ofDays(60))));
    }

    @ParameterizedTest
    @CsvSource({"PT3S, PT1M", "PT3H, PT3H", "P6D, P1D"})
    void waitsLongerAfterAFailureIfTheCaAsksForIt(Duration retryAfter, Duration interval) throws Exception {
        failRequests(Kind.RATE_LIMITED, Optional.of(retryAfter));

        cas.pass();

        assertThat(interval()).isEqualTo(interval);
    }

    @Test
    void aBugInReadingTheAnswerDoesNotStopRenewals() throws Exception {
        cas.first.renewalInfo = Optional.of(_ -> {
            throw new IllegalStateException("unexpected");
        });
        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(interval()).isEqualTo(Duration.ofHours(6));
        cas.clock.move(Duration.ofDays(60));

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);
    }

    @Test
    void doesNotAskAboutAnExpiredCertificate() {
        cas.pass();
        cas.clock.move(Duration.ofDays(90));
        cas.first.beforeCall = TwoCas.down();

        cas.passesFor(Duration.ofDays(3).minusSeconds(1));

        assertThat(polls()).isEqualTo(1);
    }

    @Test
    void doesNotAskAboutASelfSignedCertificate() throws Exception {
        cas.first.beforeCall = TwoCas.down();

        cas.passesFor(Duration.ofMinutes(30));

        assertThat(cas.currentCa()).isEmpty();
        assertThat(polls()).isZero();
    }

    @Test
    void asksNothingOfACaThatIsNoLongerConfigured() throws Exception {
        cas.pass();
        cas.clock.move(POLL);
        CertificateSpec onlySecond = TwoCas.spec(TwoCas.SITE, TwoCas.SECOND);
        cas.second.beforeCall = TwoCas.down();

        cas.pass(onlySecond, RenewalMode.DUE_ONLY);

        assertThat(polls()).isEqualTo(1);
    }

    @Test
    void asksTheCaThatIssuedTheCertificate() throws Exception {
        cas.first.beforeCall = TwoCas.failing(Kind.RATE_LIMITED, Optional.of(Duration.ofHours(34)));
        cas.second.renewalInfo = Optional.of(_ ->
                new RenewalInfo(began.plusSeconds(99), began.plusSeconds(199), Optional.empty(), Optional.empty()));

        cas.pass();

        assertThat(cas.second.count("renewalInfo")).isEqualTo(1);
        assertThat(polls()).isZero();
        assertThat(chosen()).isBetween(began.plusSeconds(99), began.plusSeconds(199));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''",
                "{",
                "[]",
                "{}",
                "{\"nextPoll\":\"tomorrow\",\"failedPolls\":0}",
                "{\"nextPoll\":\"2026-11-23T10:15:00Z\",\"failedPolls\":0,\"suggestion\":{}}"
            })
    void asksAgainIfTheFileIsDamaged(String content) throws Exception {
        cas.pass();
        Files.writeString(cas.current().directory().resolve("renewal.json"), content);

        assertThat(cas.pass()).isInstanceOf(RenewalResult.NotDue.class);

        assertThat(polls()).isEqualTo(2);
        assertThat(schedule().suggestion()).isPresent();
    }

    /** Commands ask first, because they open a port only if they have to order. */
    @Test
    void aPassWouldOrderOnceTheCaHasSuggestedTo() throws Exception {
        cas.pass();
        suggest(Duration.ofHours(-2), Duration.ofHours(-1));
        cas.clock.move(POLL);
        assertThat(cas.renewals().wouldOrder(TwoCas.SPEC, RenewalMode.DUE_ONLY)).isFalse();

        cas.renewals().refreshSchedules(List.of(TwoCas.SPEC));

        assertThat(cas.renewals().wouldOrder(TwoCas.SPEC, RenewalMode.DUE_ONLY)).isTrue();
        assertThat(polls()).isEqualTo(2);
        assertThat(cas.first.count("newOrder")).isEqualTo(1);
    }

    @Test
    void asksNothingAboutASiteThatIsInUse() throws Exception {
        cas.pass();
        cas.clock.move(POLL);
        try (Store.Lock _ = cas.fixture.store.tryLock(TwoCas.SITE.name()).orElseThrow()) {
            cas.renewals().refreshSchedules(List.of(TwoCas.SPEC));
        }
        assertThat(polls()).isEqualTo(1);
    }
}
