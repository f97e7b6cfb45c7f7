package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException.Kind;

/** Renewal information and several CAs on a node whose clock is wrong and is corrected later. */
class WrongClockScheduleTest extends RenewalInformationTestBase {

    @ParameterizedTest
    @ValueSource(strings = {"PT30H", "P3D", "P60D"})
    void asksNowIfTheLastRequestWasInTheFuture(Duration ahead) throws Exception {
        cas.clock.move(ahead);
        cas.first.notBeforeOffset = ahead.negated();
        began = cas.clock.instant();
        cas.pass();
        assertThat(polls()).isEqualTo(1);

        cas.clock.move(ahead.negated());
        suggest(Duration.ofDays(20), Duration.ofDays(21));
        began = cas.clock.instant();
        assertThat(cas.pass()).isInstanceOf(RenewalResult.NotDue.class);

        assertThat(polls()).isEqualTo(2);
        assertThat(chosen()).isBetween(began.plus(window.start()), began.plus(window.end()));
        assertThat(interval()).isEqualTo(POLL);
    }

    @Test
    void asksNoLaterThanADayAndAnIntervalAfterTheClockIsSetBack() {
        cas.pass();
        cas.clock.move(Duration.ofHours(-18));

        cas.passesFor(Duration.ofDays(1).plusSeconds(1));

        assertThat(polls()).isEqualTo(2);
    }

    @Test
    void keepsTheChosenTimeWhenTheClockIsSet() throws Exception {
        cas.pass();
        Instant chosen = chosen();
        for (Duration jump : new Duration[] {Duration.ofDays(-400), Duration.ofDays(430)}) {
            cas.clock.move(jump);
            assertThat(cas.pass()).isInstanceOf(RenewalResult.NotDue.class);
            assertThat(chosen()).isEqualTo(chosen);
        }
        assertThat(polls()).isEqualTo(3);
    }

    @Test
    void renewsAtOnceWhenTheClockJumpsBehindTheWindow() {
        cas.pass();
        cas.clock.move(Duration.ofDays(53));
        cas.first.beforeCall = call -> {
            if (call.equals("certificate")) {
                began = cas.clock.instant();
            }
        };

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(cas.first.count("newOrder")).isEqualTo(2);
    }

    @Test
    void aClockBehindTheEndOfNewCertificatesOrdersOneADay() throws Exception {
        cas.first.notBeforeOffset = Duration.ofDays(-400);
        cas.second.notBeforeOffset = Duration.ofDays(-400);
        cas.clock.move(Duration.ofDays(400));

        cas.passesFor(Duration.ofDays(3));

        assertThat(cas.first.count("newOrder")).isEqualTo(3);
        assertThat(cas.second.count("newOrder")).isEqualTo(3);
        assertThat(polls()).isZero();
        assertThat(cas.currentCa()).isEmpty();
        cas.clock.move(Duration.ofDays(-400));
        cas.first.notBeforeOffset = Duration.ZERO;
        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT2H", "P3D", "P400D"})
    void anOutageInTheFutureDoesNotLeadToTheSecondCa(Duration ahead) throws Exception {
        cas.clock.move(ahead);
        cas.first.beforeCall = TwoCas.down();
        cas.second.beforeCall = TwoCas.failing(Kind.RATE_LIMITED, Optional.of(Duration.ofDays(7)));
        cas.passesFor(Duration.ofMinutes(61));
        assertThat(cas.progress(TwoCas.SECOND).turn()).isPresent();

        cas.clock.move(ahead.plusMinutes(61).negated());
        cas.second.beforeCall = _ -> {};
        assertThat(cas.pass()).isInstanceOf(RenewalResult.Failed.class);

        assertThat(cas.progress(TwoCas.SECOND).turn()).isEmpty();
        assertThat(cas.progress(TwoCas.FIRST).failure().orElseThrow().count()).isEqualTo(1);
        assertThat(cas.second.count("newOrder")).isZero();
        cas.passesFor(Duration.ofMinutes(61));
        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
    }

    /** The node believes for a moment that the first CA has failed for a year. */
    @Test
    void aClockThatJumpsForwardBeforeTheThirdFailureIsNotEnough() throws Exception {
        cas.first.beforeCall = TwoCas.down();
        cas.pass();
        cas.clock.move(Duration.ofDays(400));

        cas.pass();

        assertThat(cas.progress(TwoCas.FIRST)
                        .failure()
                        .orElseThrow()
                        .outage()
                        .orElseThrow()
                        .failures())
                .isEqualTo(2);
        assertThat(cas.second.count("newOrder")).isZero();
    }
}
