package org.ringcert.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.acme.RenewalInfo;
import org.ringcert.cluster.HostName;
import org.ringcert.plan.LimitKind;
import org.ringcert.plan.NameSet;
import org.ringcert.simulate.ModelCa.Answer;
import org.ringcert.store.Origin;

/** The model of the CA, against what was seen of Boulder 0.20261105.0 with Let's Encrypt's limits. */
class ModelCaTest {

    private static final long START = Instant.parse("2027-01-01T00:00:00Z").toEpochMilli();
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final Duration NINETY_DAYS = Duration.ofDays(90);

    private final ModelCa ca = ca(NINETY_DAYS);

    private static ModelCa ca(Duration lifetime) {
        return new ModelCa(LetsEncrypt.LIMITS, lifetime, new SplittableRandom(1));
    }

    private CountedSet set(String name) {
        return new CountedSet(
                NameSet.of(List.of(HostName.of(name))),
                List.of(HostName.of("example.org")),
                ca.newBucket(LimitKind.CERTIFICATES_PER_NAME_SET));
    }

    private static IssuedCertificate issue(
            ModelCa ca, CountedSet set, int account, @Nullable IssuedCertificate replaced, boolean isExempt, long now) {
        return ca.issue(
                set,
                new Origin.IssuedByCa(URI.create("https://ca.example"), Optional.empty(), Optional.empty()),
                Optional.empty(),
                account,
                replaced,
                isExempt,
                now);
    }

    private IssuedCertificate issue(CountedSet set, long now) {
        return issue(ca, set, 1, null, false, now);
    }

    @Test
    void sixthCertificateOfOneSetIsRefusedForAThirdOfAHundredHours() {
        CountedSet set = set("www.example.org");
        for (int i = 0; i < 5; i++) {
            assertThat(ca.newOrder(set, i, null, START)).isEqualTo(new Answer.Accepted(false));
            issue(set, START);
        }

        assertThat(ca.newOrder(set, 9, null, START)).isInstanceOfSatisfying(Answer.Refused.class, refused -> {
            assertThat(refused.limit()).isEqualTo(LimitKind.CERTIFICATES_PER_NAME_SET);
            assertThat(refused.retryAfter().toSeconds()).isBetween(120_960L, 124_589L);
        });
        assertThat(ca.newOrder(set, 9, null, START + 2016 * MINUTE - 1)).isInstanceOf(Answer.Refused.class);
        assertThat(ca.newOrder(set, 9, null, START + 2016 * MINUTE)).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void fiftyFirstNewSetOfADomainIsRefusedButNotARenewalOfOne() {
        CountedSet first = set("www0.example.org");
        issue(first, START);
        for (int i = 1; i < 50; i++) {
            issue(set("www" + i + ".example.org"), START);
        }

        assertThat(ca.newOrder(set("www50.example.org"), 1, null, START))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.limit()).isEqualTo(LimitKind.CERTIFICATES_PER_REGISTERED_DOMAIN));
        assertThat(ca.newOrder(first, 2, null, START)).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void accountHas300OrdersForNewSetsInThreeHours() {
        CountedSet known = set("known.example.org");
        issue(known, START);
        for (int i = 0; i < 300; i++) {
            assertThat(ca.newOrder(set("www" + i + ".example.org"), 1, null, START))
                    .isInstanceOf(Answer.Accepted.class);
        }

        assertThat(ca.newOrder(set("www.example.org"), 1, null, START))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.limit()).isEqualTo(LimitKind.ORDERS_PER_ACCOUNT));
        assertThat(ca.newOrder(known, 1, null, START)).isInstanceOf(Answer.Accepted.class);
        assertThat(ca.newOrder(set("www.example.org"), 2, null, START)).isInstanceOf(Answer.Accepted.class);
    }

    @ParameterizedTest
    @CsvSource({"PT2160H, PT2592M, PT1439H", "PT1080H, PT1295M, PT719H", "PT160H, PT191M, PT79H"})
    void windowIsAtTwoThirdsOrHalfOfTheLifetimeAndTwoHundredthsWide(
            Duration lifetime, Duration width, Duration middle) {
        IssuedCertificate certificate = issue(ca(lifetime), set("www.example.org"), 1, null, false, START);

        RenewalInfo info = ca(lifetime).renewalInfo(certificate, START);

        Duration margin = Duration.ofMinutes(1);
        assertThat(Duration.between(info.start(), info.end()).minus(width).abs())
                .isLessThan(margin.multipliedBy(2));
        Instant centre =
                info.start().plus(Duration.between(info.start(), info.end()).dividedBy(2));
        assertThat(Duration.between(Instant.ofEpochMilli(START), centre)).isBetween(middle, middle.plusHours(1));
        assertThat(info.retryAfter().orElseThrow()).isBetween(Duration.ofMinutes(288), Duration.ofMinutes(432));
    }

    @Test
    void renewalInItsWindowIsExemptToTheMillisecond() {
        CountedSet set = set("www.example.org");
        IssuedCertificate certificate = issue(set, START);
        RenewalInfo info = ca.renewalInfo(certificate, START);
        long start = info.start().toEpochMilli();
        long end = info.end().toEpochMilli();
        for (int i = 0; i < 5; i++) {
            issue(set, start - 1);
        }

        assertThat(ca.newOrder(set, 1, certificate, start - 1)).isInstanceOf(Answer.Refused.class);
        assertThat(ca.newOrder(set, 1, certificate, start)).isEqualTo(new Answer.Accepted(true));
        assertThat(ca.newOrder(set, 1, certificate, end - 1)).isEqualTo(new Answer.Accepted(true));
        assertThat(ca.newOrder(set, 1, certificate, end)).isNotEqualTo(new Answer.Accepted(true));
        assertThat(ca.newOrder(set, 2, certificate, start)).isInstanceOf(Answer.Refused.class);
    }

    @Test
    void certificateIsReplacedOnce() {
        CountedSet set = set("www.example.org");
        IssuedCertificate certificate = issue(set, START);
        long start = ca.renewalInfo(certificate, START).start().toEpochMilli();
        assertThat(ca.newOrder(set, 1, certificate, start)).isEqualTo(new Answer.Accepted(true));
        issue(ca, set, 1, certificate, true, start);

        assertThat(ca.newOrder(set, 1, certificate, start)).isEqualTo(new Answer.Accepted(false));
    }

    @Test
    void windowOfARevokedCertificateHasPassedAndExemptsNothing() {
        CountedSet set = set("www.example.org");
        IssuedCertificate certificate = issue(set, START);
        long now = START + 3600 * MINUTE;
        certificate.revoke(now);

        RenewalInfo info = ca.renewalInfo(certificate, now);

        assertThat(info.start()).isEqualTo(Instant.ofEpochMilli(now - 60 * MINUTE));
        assertThat(info.end()).isEqualTo(Instant.ofEpochMilli(now - 30 * MINUTE));
        assertThat(ca.newOrder(set, 1, certificate, now)).isEqualTo(new Answer.Accepted(false));
    }

    @Test
    void exemptCertificatesTakeATokenIfThereIsOneAndLengthenNoWait() {
        CountedSet set = set("www.example.org");
        for (int i = 0; i < 5; i++) {
            issue(set, START);
        }
        for (int i = 0; i < 20; i++) {
            issue(ca, set, 1, null, true, START + MINUTE);
        }

        assertThat(ca.newOrder(set, 1, null, START + 2016 * MINUTE)).isInstanceOf(Answer.Accepted.class);
        issue(ca, set, 1, null, true, START + 2016 * MINUTE);
        assertThat(ca.newOrder(set, 1, null, START + 2016 * MINUTE)).isInstanceOf(Answer.Refused.class);
    }

    @Test
    void setIsNewAgainAfter120DaysWithoutACertificate() {
        CountedSet set = set("www.example.org");
        issue(set, START);
        for (int i = 1; i < 50; i++) {
            issue(set("www" + i + ".example.org"), START + Duration.ofDays(120).toMillis());
        }
        issue(set("other.example.org"), START + Duration.ofDays(120).toMillis());

        assertThat(ca.newOrder(set, 1, null, START + Duration.ofDays(120).toMillis()))
                .isInstanceOf(Answer.Accepted.class);
        assertThat(ca.newOrder(set, 1, null, START + Duration.ofDays(120).toMillis() + 1))
                .isInstanceOf(Answer.Refused.class);
    }
}
