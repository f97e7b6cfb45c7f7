package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class IssuanceLimitTest {

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
    void onlyLetsEncryptHasOne() {
        assertThat(PublicCa.LETSENCRYPT.sameNamesLimit()).contains(limit);
        assertThat(PublicCa.LETSENCRYPT_STAGING.sameNamesLimit()).isEmpty();
    }

    @Test
    void aKnownCaIsFoundByItsDirectory() {
        assertThat(PublicCa.fromDirectory(PublicCa.LETSENCRYPT.directory())).contains(PublicCa.LETSENCRYPT);
        assertThat(PublicCa.fromDirectory(URI.create("https://ca.example.org/directory")))
                .isEmpty();
    }
}
