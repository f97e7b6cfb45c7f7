package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.RenewalInfo;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.CertificateSpec.Source;
import org.ringcert.pki.KeyType;
import org.ringcert.plan.WindowPlace;

/** When certificates are renewed if their CA suggests a window (RFC 9773). */
class RenewalInformationTest extends RenewalInformationTestBase {

    @Test
    void choosesItsPlaceInTheWindow() throws Exception {
        for (int i = 1; i <= 3; i++) {
            suggest(Duration.ofDays(50), Duration.ofDays(50 + i));
            cas.pass();
            Instant start = began.plus(window.start());
            Instant end = began.plus(window.end());
            assertThat(chosen()).isEqualTo(WindowPlace.MIDDLE.in(start, end));
            assertThat(chosen()).isBetween(start, end);
            cas.clock.move(POLL);
        }
    }

    /** A CA's limits may count what comes a second too early or too late, and clocks differ. */
    @ParameterizedTest
    @CsvSource({"PT3H, PT9M", "P2D, PT10M"})
    void keepsAwayFromTheEdgesOfTheWindow(Duration width, Duration margin) throws Exception {
        for (int i = 1; i <= 60; i++) {
            suggest(Duration.ofDays(50), Duration.ofDays(50).plus(width).plusSeconds(i));
            cas.pass();
            assertThat(chosen())
                    .isAfterOrEqualTo(began.plus(window.start()).plus(margin))
                    .isBefore(began.plus(window.end()).minus(margin));
            cas.clock.move(POLL);
        }
    }

    @ParameterizedTest
    @CsvSource({"PT0.0001S, PT0.0002S", "PT0.9S, PT1.1S", "PT1S, PT2S"})
    void choosesATimeInTheShortestWindow(Duration start, Duration end) throws Exception {
        suggest(Duration.ofDays(50).plus(start), Duration.ofDays(50).plus(end));

        cas.pass();

        assertThat(chosen()).isAfterOrEqualTo(began.plus(window.start())).isBefore(began.plus(window.end()));
    }

    @Test
    void keepsTheChosenTimeAsLongAsTheWindowIsTheSame() throws Exception {
        cas.pass();
        Instant chosen = chosen();
        cas.clock.move(POLL);
        cas.restart();

        cas.pass();

        assertThat(polls()).isEqualTo(2);
        assertThat(chosen()).isEqualTo(chosen);
    }

    @Test
    void choosesAgainWhenTheWindowMoves() throws Exception {
        cas.pass();
        suggest(Duration.ofDays(10), Duration.ofDays(11));
        cas.clock.move(POLL);

        cas.pass();

        assertThat(chosen()).isBetween(began.plus(window.start()), began.plus(window.end()));
    }

    @Test
    void renewsAtTheChosenTimeAndNotBefore() throws Exception {
        cas.pass();
        Instant chosen = chosen();
        cas.clock.set(chosen.minusSeconds(1));
        assertThat(cas.pass()).isInstanceOf(RenewalResult.NotDue.class);
        cas.clock.set(chosen);
        countWindowsFromEachCertificate();

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(cas.first.count("newOrder")).isEqualTo(2);
    }

    /** Six hours between requests are longer than the window; a client that only looks at each request misses it. */
    @Test
    void renewsAShortLivedCertificateInItsWindowOfThreeHours() throws Exception {
        cas.first.lifetime = Duration.ofHours(160);
        suggest(Duration.ofHours(80), Duration.ofHours(83));
        countWindowsFromEachCertificate();
        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);
        for (int i = 1; i <= 5; i++) {
            Instant issued = began;
            cas.restart();
            RenewalResult result = cas.pass();
            while (result instanceof RenewalResult.NotDue(var _, var _, Instant next)) {
                assertThat(next).isAfter(cas.clock.instant());
                cas.clock.set(next);
                result = cas.pass();
            }
            assertThat(result).isInstanceOf(RenewalResult.Renewed.class);
            assertThat(cas.clock.instant())
                    .isBetween(issued.plus(Duration.ofHours(80)), issued.plus(Duration.ofHours(83)));
        }
    }

    /** From now on, windows are relative to the time when the latest certificate was issued. */
    private void countWindowsFromEachCertificate() {
        cas.first.beforeCall = call -> {
            if (call.equals("certificate")) {
                began = cas.clock.instant();
            }
        };
    }

    @Test
    void aRevokedCertificateIsRenewedAtTheNextRequest() throws Exception {
        cas.pass();
        cas.clock.move(POLL);
        suggest(Duration.ofHours(-2), Duration.ofHours(-1));
        assertThat(cas.renewals().plan(TwoCas.SPEC, RenewalMode.DUE_ONLY).due()).isInstanceOf(Due.Later.class);

        RenewalResult result = passThatMendsTheWindow();

        assertThat(result).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(cas.first.count("newOrder")).isEqualTo(2);
        assertThat(cas.pass()).isInstanceOf(RenewalResult.NotDue.class);
    }

    /** Runs a pass in which the certificate that is ordered gets a window of its own. */
    private RenewalResult passThatMendsTheWindow() {
        cas.first.beforeCall = call -> {
            if (call.equals("certificate")) {
                suggest(Duration.ofDays(50), Duration.ofDays(52));
            }
        };
        return cas.pass();
    }

    @Test
    void aRevokedCertificateIsSoUrgentThatTheSecondCaMayBeAsked() throws Exception {
        cas.pass();
        cas.clock.move(POLL);
        suggest(Duration.ofHours(-2), Duration.ofHours(-1));
        cas.first.beforeCall = TwoCas.failing(Kind.RATE_LIMITED, Optional.of(Duration.ofHours(34)));

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
        assertThat(polls()).isEqualTo(2);
    }

    @Test
    void aWindowThatHasOnlyBegunIsNotUrgent() throws Exception {
        cas.pass();
        cas.clock.move(POLL);
        suggest(Duration.ofHours(-2), Duration.ofDays(1));
        cas.first.beforeCall = TwoCas.failing(Kind.RATE_LIMITED, Optional.of(Duration.ofHours(34)));

        cas.passesFor(Duration.ofDays(1).minus(POLL).minusSeconds(1));

        assertThat(cas.second.count("newOrder")).isZero();
    }

    /** A limit that counts before the window does not count in it. */
    @Test
    void aWaitFromBeforeTheWindowEndsInIt() throws Exception {
        suggest(Duration.ofHours(10), Duration.ofHours(13));
        cas.pass();
        Instant chosen = chosen();
        reachLimit();

        assertThat(passWithNewKeyType())
                .isInstanceOfSatisfying(
                        RenewalResult.Waiting.class,
                        refused -> assertThat(refused.next()).isEqualTo(chosen));
        cas.first.beforeCall = _ -> {};
        cas.clock.set(chosen.minusSeconds(1));
        assertThat(passWithNewKeyType()).isInstanceOf(RenewalResult.Waiting.class);
        cas.clock.set(chosen);

        assertThat(passWithNewKeyType().name().site()).isEqualTo(TwoCas.SITE.name());
        assertThat(cas.current().keyType()).contains(KeyType.EC384);
    }

    private void reachLimit() {
        cas.first.beforeCall = TwoCas.failing(Kind.RATE_LIMITED, Optional.of(Duration.ofHours(34)));
    }

    private RenewalResult passWithNewKeyType() {
        return cas.pass(
                new CertificateSpec(TwoCas.SITE, List.of(new Source(TwoCas.FIRST, KeyType.EC384, Optional.empty()))),
                RenewalMode.DUE_ONLY);
    }

    @Test
    void aWaitThatBeginsInTheWindowIsNotShortened() throws Exception {
        suggest(Duration.ofHours(10), Duration.ofHours(13));
        cas.pass();
        reachLimit();
        passWithNewKeyType();
        cas.clock.set(chosen());

        RenewalResult second = passWithNewKeyType();

        assertThat(second.next()).isAfterOrEqualTo(cas.clock.instant().plus(Duration.ofHours(34)));
        cas.clock.move(Duration.ofMinutes(1));
        assertThat(passWithNewKeyType()).isInstanceOf(RenewalResult.Waiting.class);
        assertThat(cas.first.count("newOrder")).isEqualTo(3);
    }

    @Test
    void aWaitIsNotShortenedWhenTheWindowIsOver() throws Exception {
        suggest(Duration.ofHours(10), Duration.ofHours(13));
        cas.pass();
        reachLimit();
        passWithNewKeyType();
        cas.clock.set(began.plus(window.end()));

        assertThat(passWithNewKeyType()).isInstanceOf(RenewalResult.Waiting.class);

        assertThat(cas.first.count("newOrder")).isEqualTo(2);
    }

    @Test
    void theReasonShowsTheWindowAndTheExplanation() throws Exception {
        cas.first.renewalInfo = Optional.of(_ -> new RenewalInfo(
                began.minusSeconds(9),
                began.minusSeconds(4),
                Optional.of("https://ca.example.net/why"),
                Optional.empty()));
        cas.pass();

        assertThat(cas.renewals().plan(TwoCas.SPEC, RenewalMode.DUE_ONLY).due())
                .isInstanceOfSatisfying(
                        Due.Now.class,
                        now -> assertThat(now.reason())
                                .contains(
                                        began.minusSeconds(9).toString(),
                                        began.minusSeconds(4).toString())
                                .contains("https://ca.example.net/why"));
    }

    @Test
    void aNewExplanationDoesNotChangeTheChosenTime() throws Exception {
        cas.pass();
        Instant chosen = chosen();
        cas.first.renewalInfo = Optional.of(_ -> new RenewalInfo(
                began.plus(window.start()),
                began.plus(window.end()),
                Optional.of("https://e.example"),
                Optional.empty()));
        cas.clock.move(POLL);

        cas.pass();

        assertThat(chosen()).isEqualTo(chosen);
        assertThat(schedule().suggestion().orElseThrow().explanationUrl()).contains("https://e.example");
    }

    @Test
    void aWindowInTheFarFutureEndsWhenAQuarterOfTheLifetimeIsLeft() throws Exception {
        suggest(Duration.ofDays(400), Duration.ofDays(402));
        cas.pass();
        Instant latest =
                began.plus(Duration.ofDays(90)).minus(Duration.ofDays(90).dividedBy(4));
        assertThat(cas.renewals().plan(TwoCas.SPEC, RenewalMode.DUE_ONLY).due()).isEqualTo(new Due.Later(latest));
        cas.clock.set(latest.minusSeconds(1));
        assertThat(cas.pass()).isInstanceOf(RenewalResult.NotDue.class);

        cas.clock.set(latest);
        assertThat(cas.renewals().plan(TwoCas.SPEC, RenewalMode.DUE_ONLY).due())
                .isInstanceOfSatisfying(
                        Due.Now.class, now -> assertThat(now.reason()).contains("quarter"));
        suggest(Duration.ofDays(150), Duration.ofDays(151));

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);
    }

    @ParameterizedTest
    @CsvSource({"P90D, P60D", "P30D, P20D", "P10D, PT160H", "PT160H, PT80H", "PT24H, PT12H"})
    void withoutRenewalInformationAThirdOrAHalfOfAShortLifetimeIsLeft(Duration lifetime, Duration renewal) {
        cas.first.renewalInfo = Optional.empty();
        cas.first.lifetime = lifetime;

        assertThat(cas.pass().next()).isEqualTo(began.plus(renewal));
    }

    @Test
    void aCaWhoseWindowsAreAlwaysInThePastIsNotAskedForACertificateInEachPass() throws Exception {
        suggest(Duration.ofDays(-3), Duration.ofDays(-2));
        for (long hours : List.of(1, 10, 100, 168, 168)) {
            Instant next = cas.clock.instant().plus(Duration.ofHours(hours));
            long orders = cas.first.count("newOrder");
            assertThat(cas.pass()).isInstanceOf(RenewalResult.ImplausibleDates.class);
            assertThat(cas.first.count("newOrder")).isEqualTo(orders + 1);
            cas.clock.set(next.minusSeconds(1));
            assertThat(cas.pass()).isInstanceOf(RenewalResult.Waiting.class);
            assertThat(cas.first.count("newOrder")).isEqualTo(orders + 1);
            cas.clock.set(next);
        }
        assertThat(cas.second.count("newOrder"))
                .as("it is not the CA that is down")
                .isZero();
        assertThat(cas.deployed).hasSize(5);
    }

    @Test
    void theLoopSleepsNoLongerThanToTheChosenTime() throws Exception {
        cas.pass();
        cas.clock.set(chosen().minusSeconds(40));

        RenewalResult result = cas.pass();

        assertThat(result.next()).isEqualTo(chosen());
    }

    /** A command cannot wait for the chosen time, and its timer runs again in two hours. */
    @Test
    void aTimerRenewsInTheWindowWhatIsDueBeforeItsNextRun() throws Exception {
        Duration interval = Duration.ofMinutes(125);
        Instant chosen = chosenWhenTheWindowHasBeenOpenFor(interval);
        cas.clock.set(chosen.minus(interval).minusSeconds(1));
        assertThat(cas.pass(TwoCas.SPEC, RenewalMode.DUE_BEFORE_NEXT_RUN)).isInstanceOf(RenewalResult.NotDue.class);
        cas.clock.move(Duration.ofSeconds(1));
        assertThat(cas.pass()).as("the daemon waits").isInstanceOf(RenewalResult.NotDue.class);
        assertThat(cas.renewals().wouldOrder(TwoCas.SPEC, RenewalMode.DUE_ONLY)).isFalse();
        assertThat(cas.renewals().wouldOrder(TwoCas.SPEC, RenewalMode.DUE_BEFORE_NEXT_RUN))
                .isTrue();
        countWindowsFromEachCertificate();

        assertThat(cas.pass(TwoCas.SPEC, RenewalMode.DUE_BEFORE_NEXT_RUN)).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(cas.pass(TwoCas.SPEC, RenewalMode.DUE_BEFORE_NEXT_RUN)).isInstanceOf(RenewalResult.NotDue.class);
    }

    /** Moves the window by a second at a time, so that another time is chosen. */
    private Instant chosenWhenTheWindowHasBeenOpenFor(Duration open) throws Exception {
        Duration start = window.start();
        cas.pass();
        while (chosen().isBefore(began.plus(window.start()).plus(open))) {
            start = start.plusSeconds(1);
            suggest(start, window.end());
            cas.clock.move(POLL);
            cas.pass();
        }
        return chosen();
    }

    @Test
    void aTimerRenewsNothingBeforeTheWindow() throws Exception {
        suggest(Duration.ofDays(50), Duration.ofDays(50).plusMinutes(10));
        cas.pass();
        cas.clock.set(began.plus(window.start()).minusSeconds(1));
        assertThat(cas.pass(TwoCas.SPEC, RenewalMode.DUE_BEFORE_NEXT_RUN)).isInstanceOf(RenewalResult.NotDue.class);

        cas.clock.move(Duration.ofSeconds(1));
        countWindowsFromEachCertificate();

        assertThat(cas.pass(TwoCas.SPEC, RenewalMode.DUE_BEFORE_NEXT_RUN)).isInstanceOf(RenewalResult.Renewed.class);
    }

    @Test
    void aTimerEveryTwoHoursMeetsAWindowOfThree() throws Exception {
        cas.first.lifetime = Duration.ofHours(160);
        suggest(Duration.ofHours(80), Duration.ofHours(83));
        countWindowsFromEachCertificate();
        cas.pass();
        for (int i = 1; i <= 5; i++) {
            Instant issued = began;
            cas.clock.set(issued.plus(Duration.ofMinutes(4_790 - 24L * i)));
            while (began.equals(issued)) {
                cas.restart();
                RenewalResult _ = cas.pass(TwoCas.SPEC, RenewalMode.DUE_BEFORE_NEXT_RUN);
                cas.clock.move(Duration.ofHours(2));
            }
            assertThat(began).isBetween(issued.plus(Duration.ofHours(80)), issued.plus(Duration.ofHours(83)));
        }
    }
}
