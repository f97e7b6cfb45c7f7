package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class IssuanceLimitTest {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    private final IssuanceLimit limit = new IssuanceLimit(5, Duration.ofHours(34));

    @Test
    void ordersWithinTheLimitDoNotWait() {
        assertThat(limit.wait(1)).isZero();
        assertThat(limit.wait(5)).isZero();
    }

    @Test
    void eachFurtherOrderWaitsForAnotherInterval() {
        assertThat(limit.wait(6)).isEqualTo(Duration.ofHours(34));
        assertThat(limit.wait(8)).isEqualTo(Duration.ofHours(102));
    }

    @Test
    void isFullBeforeTheFirstCertificate() {
        assertThat(limit.remaining(List.of(), NOW)).isEqualTo(5);
        assertThat(limit.earliest(5, List.of(), NOW)).isEqualTo(NOW);
    }

    @Test
    void eachCertificateTakesAPlaceThatIsFreeAgainAfterAnInterval() {
        Instant first = NOW.minus(Duration.ofHours(1));

        assertThat(limit.remaining(List.of(first), NOW)).isEqualTo(4);
        assertThat(limit.remaining(List.of(first), first.plus(Duration.ofHours(34))))
                .isEqualTo(5);
        assertThat(limit.remaining(List.of(first), NOW.plus(Duration.ofDays(400))))
                .isEqualTo(5);
    }

    @Test
    void theNextIsPossibleAnIntervalAfterAllWereUsed() {
        List<Instant> issued = Collections.nCopies(5, NOW);

        assertThat(limit.remaining(issued, NOW)).isZero();
        assertThat(limit.earliest(1, issued, NOW)).isEqualTo(NOW.plus(Duration.ofHours(34)));
        assertThat(limit.earliest(2, issued, NOW)).isEqualTo(NOW.plus(Duration.ofHours(68)));
        Instant later = NOW.plus(Duration.ofHours(35));
        assertThat(limit.remaining(issued, later)).isOne();
        assertThat(limit.earliest(1, issued, later)).isEqualTo(later);
    }

    /** As Boulder does with exempt renewals. */
    @Test
    void aCertificateForWhichThereIsNoPlaceTakesNone() {
        assertThat(limit.earliest(1, Collections.nCopies(9, NOW), NOW)).isEqualTo(NOW.plus(Duration.ofHours(34)));
    }

    @Test
    void onlyLetsEncryptHasOne() {
        assertThat(IssuanceLimit.ofSameNames(PublicCa.ZEROSSL.limits())).isEmpty();
    }

    @Test
    void aKnownCaIsFoundByItsDirectory() {
        assertThat(PublicCa.fromDirectory(PublicCa.LETSENCRYPT.directory())).contains(PublicCa.LETSENCRYPT);
        assertThat(PublicCa.fromDirectory(URI.create("https://ca.example.org/directory")))
                .isEmpty();
    }
}
