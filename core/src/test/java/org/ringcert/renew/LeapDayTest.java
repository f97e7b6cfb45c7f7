package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.ringcert.store.CertificateVersion;

/** Certificates of 160 hours over the end of a February with 29 days, with a restart at each step. */
class LeapDayTest extends RenewalInformationTestBase {

    private static final Instant LEAP_DAY = Instant.parse("2028-02-29T00:00:00Z");
    private static final Duration LIFETIME = Duration.ofHours(160);

    @Test
    void renewalsAreAsFarApartAsInAnyOtherWeek() throws Exception {
        cas.clock.set(LEAP_DAY.minus(Duration.ofHours(75)));
        cas.first.lifetime = LIFETIME;
        suggest(Duration.ofHours(79), Duration.ofHours(82));
        cas.first.beforeCall = call -> {
            if (call.equals("certificate")) {
                began = cas.clock.instant();
            }
        };
        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);

        Instant renewed = renewNext();

        assertThat(renewed).isBetween(LEAP_DAY, LEAP_DAY.plus(Duration.ofDays(1)));
        CertificateVersion version = cas.current();
        assertThat(Duration.between(version.notBefore(), version.notAfter())).isEqualTo(LIFETIME);
        assertThat(renewNext()).isBetween(renewed.plus(Duration.ofHours(79)), renewed.plus(Duration.ofHours(82)));
    }

    /** Follows the daemon to its next renewal. Returns its time. */
    private Instant renewNext() throws Exception {
        cas.restart();
        RenewalResult result = cas.pass();
        while (result instanceof RenewalResult.NotDue(var _, var _, Instant next)) {
            cas.clock.set(next);
            cas.restart();
            result = cas.pass();
        }
        assertThat(result).isInstanceOf(RenewalResult.Renewed.class);
        return cas.clock.instant();
    }
}
