package org.ringcert.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.plan.PlanFixture.LIMITS;
import static org.ringcert.plan.PlanFixture.SET_INTERVAL;
import static org.ringcert.plan.PlanFixture.SET_LIMIT;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ringcert.pki.KeyAlgorithm;

class ShortagesTest {

    private static final Duration DAYS_90 = Duration.ofDays(90);
    private static final Duration HOURS_160 = Duration.ofHours(160);

    @Test
    void renewalsThatCountFitUpToTwoThirdsOfTheLifetime() {
        assertThat(of(42, RenewalLimit.COUNTED, DAYS_90)).isEmpty();
        assertThat(of(43, RenewalLimit.COUNTED, DAYS_90))
                .singleElement()
                .isInstanceOfSatisfying(Shortage.TooManyRenewals.class, shortage -> {
                    assertThat(shortage.orders()).isEqualTo(43);
                    assertThat(shortage.most()).isEqualTo(42);
                });
        assertThat(of(3, RenewalLimit.COUNTED, HOURS_160)).isEmpty();
        assertThat(of(4, RenewalLimit.COUNTED, HOURS_160)).hasSize(1);
    }

    @Test
    void exemptRenewalsLeaveNoTokenForNewServersIfThereAreTooMany() {
        assertThat(of(42, RenewalLimit.EXEMPT, DAYS_90)).isEmpty();
        assertThat(of(43, RenewalLimit.EXEMPT, DAYS_90)).hasExactlyElementsOfTypes(Shortage.NoTokenForNewServers.class);
        assertThat(of(31, RenewalLimit.EXEMPT, Duration.ofDays(64))).hasSize(1);
        assertThat(of(22, RenewalLimit.EXEMPT, Duration.ofDays(45))).hasSize(1);
        assertThat(of(2, RenewalLimit.EXEMPT, HOURS_160)).isEmpty();
        assertThat(of(3, RenewalLimit.EXEMPT, HOURS_160)).hasSize(1);
    }

    @Test
    void aRolloutMayTakeLongerThanTheFirstCertificatesLast() {
        assertThat(of(50, RenewalLimit.EXEMPT, DAYS_90))
                .hasExactlyElementsOfTypes(Shortage.NoTokenForNewServers.class, Shortage.RolloutBeyondRenewal.class);
    }

    @Test
    void groupsAndKindsOfKeysAreCounted() {
        Layout groups = PlanFixture.layout(40, PlanFixture.grouped("www.example.org", 40, 4));
        Layout twoKinds = PlanFixture.layout(22, PlanFixture.site("www.example.org", 22, KeyAlgorithm.RSA));

        assertThat(Shortages.of(groups, LIMITS, RenewalLimit.EXEMPT, Duration.ofDays(45)))
                .isEmpty();
        assertThat(Shortages.of(twoKinds, LIMITS, RenewalLimit.COUNTED, DAYS_90))
                .singleElement()
                .matches(shortage -> shortage.orders() == 44);
    }

    @Test
    void withoutALimitAllFits() {
        Layout layout = PlanFixture.layout(200, PlanFixture.site("www.example.org", 200));

        assertThat(Shortages.of(layout, Limits.NONE, RenewalLimit.COUNTED, HOURS_160))
                .isEmpty();
    }

    @Test
    void foretellsForHowLongCertificatesAreInvalidAfterARevocation() {
        assertThat(Shortages.invalidAfterRevocation(5, SET_LIMIT)).isZero();
        assertThat(Shortages.invalidAfterRevocation(8, SET_LIMIT)).isEqualTo(SET_INTERVAL.multipliedBy(1 + 2 + 3));
    }

    private static List<Shortage> of(int nodes, RenewalLimit renewals, Duration lifetime) {
        return Shortages.of(
                PlanFixture.layout(nodes, PlanFixture.site("www.example.org", nodes)), LIMITS, renewals, lifetime);
    }
}
