package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.renew.Due.Urgency;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.RenewalSchedule;
import org.ringcert.store.Revocation;

class DueTest {

    private static final URI CA = URI.create("https://ca.example.net/dir");
    private static final HostName WWW = new HostName("www.example.org");
    private static final HostName BARE = new HostName("example.org");
    private static final Instant START = Instant.parse("2026-11-23T10:15:00Z");
    private static final Duration LIFETIME = Duration.ofDays(90);
    private static final Instant RENEWAL = START.plus(Duration.ofDays(60));
    private static final CertificateSpec SPEC = spec(KeyType.EC256, "classic", WWW, BARE);

    private static CertificateSpec spec(KeyType type, String profile, HostName... names) {
        return spec(CA, type, profile, names);
    }

    private static CertificateSpec spec(URI ca, KeyType type, String profile, HostName... names) {
        return new CertificateSpec(
                new Site(List.of(names)),
                List.of(new CertificateSpec.Source(
                        ca, type, Optional.of(profile).filter(name -> !name.isEmpty()))));
    }

    private static Optional<CertificateVersion> version(Origin origin) {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        return Optional.of(new CertificateVersion(
                CertificateName.first(WWW),
                Path.of("/nowhere"),
                List.of(SelfSignedCertificate.create(key, List.of(WWW, BARE), START, START.plus(LIFETIME))),
                origin));
    }

    private static Optional<CertificateVersion> issued() {
        return version(new Origin.IssuedByCa(CA, Optional.of(CA.resolve("/account/1")), Optional.of("classic")));
    }

    private static Due due(CertificateSpec spec, Optional<CertificateVersion> current, Instant now) {
        return Due.of(spec, current, RenewalSchedule.UNKNOWN, now);
    }

    private static String reason(Due due) {
        return switch (due) {
            case Due.Now(String reason, var _, var _) -> reason;
            case Due.Later(Instant at) -> "not before " + at;
        };
    }

    @Test
    void isDueWhenAThirdOfTheLifetimeIsLeftToTheSecond() {
        assertThat(due(SPEC, issued(), START)).isEqualTo(new Due.Later(RENEWAL));
        assertThat(due(SPEC, issued(), RENEWAL.minusNanos(1))).isEqualTo(new Due.Later(RENEWAL));
        assertThat(reason(due(SPEC, issued(), RENEWAL))).contains("a third");
        assertThat(reason(due(SPEC, issued(), START.plus(LIFETIME.multipliedBy(2)))))
                .contains("a third");
    }

    @Test
    void isDueAtOnceIfThisNodeHasRevokedIt() {
        for (Revocation.State state : Revocation.State.values()) {
            CertificateVersion good = issued().orElseThrow();
            CertificateVersion revoked = new CertificateVersion(
                    CertificateName.first(good.site()),
                    good.directory(),
                    good.chain(),
                    good.origin(),
                    Optional.of(new Revocation("superseded", START, state)));

            Due due = due(SPEC, Optional.of(revoked), START);

            assertThat(due)
                    .isInstanceOfSatisfying(
                            Due.Now.class, now -> assertThat(now.urgency()).isEqualTo(Urgency.URGENT));
            assertThat(reason(due)).contains("revoked", "2026-11-23T10:15:00Z (superseded)");
        }
    }

    /** The CA may have refused to revoke it, so this must not claim that it may be revoked. */
    @Test
    void isDueAtOnceIfItsKeyIsCompromised() {
        CertificateVersion good = issued().orElseThrow();
        CertificateVersion compromised = new CertificateVersion(
                CertificateName.first(good.site()),
                good.directory(),
                good.chain(),
                good.origin(),
                Optional.of(new Revocation("keyCompromise", START, Revocation.State.REQUESTED)));

        assertThat(due(SPEC, Optional.of(compromised), START))
                .isEqualTo(new Due.Now(
                        "its key was reported as compromised at 2026-11-23T10:15:00Z (keyCompromise),"
                                + " and the CA has not confirmed the revocation",
                        Urgency.URGENT));
    }

    @Test
    void isNotDueBeforeTheCertificateBegins() {
        assertThat(due(SPEC, issued(), START.minus(Duration.ofDays(400)))).isEqualTo(new Due.Later(RENEWAL));
    }

    @Test
    void isDueWithoutACertificateFromACa() {
        assertThat(reason(due(SPEC, Optional.empty(), START))).contains("no certificate");
        assertThat(reason(due(SPEC, version(new Origin.SelfSigned()), START))).contains("self-signed");
    }

    @Test
    void isDueWhenTheConfigurationHasChanged() {
        assertThat(reason(due(spec(KeyType.EC256, "classic", WWW), issued(), START)))
                .contains("names");
        assertThat(reason(due(
                        spec(KeyType.EC256, "classic", WWW, BARE, new HostName("more.example.org")), issued(), START)))
                .contains("names");
        assertThat(reason(due(spec(CA.resolve("/staging"), KeyType.EC256, "classic", WWW, BARE), issued(), START)))
                .contains("CA");
        assertThat(reason(due(spec(KeyType.EC256, "tlsserver", WWW, BARE), issued(), START)))
                .contains("profile");
        assertThat(reason(due(spec(KeyType.EC256, "", WWW, BARE), issued(), START)))
                .contains("profile");
        assertThat(reason(due(spec(KeyType.EC384, "classic", WWW, BARE), issued(), START)))
                .contains("key");
        assertThat(reason(due(spec(KeyType.RSA2048, "classic", WWW, BARE), issued(), START)))
                .contains("key");
    }

    @Test
    void ignoresTheOrderOfNames() {
        assertThat(due(spec(KeyType.EC256, "classic", BARE, WWW), issued(), START))
                .isEqualTo(new Due.Later(RENEWAL));
    }

    private static Optional<Urgency> urgency(Due due) {
        return due instanceof Due.Now(var _, Urgency urgency, var _) ? Optional.of(urgency) : Optional.empty();
    }

    @Test
    void aSiteWithoutAGoodCertificateIsUrgent() {
        assertThat(urgency(due(SPEC, Optional.empty(), START))).contains(Urgency.URGENT);
        assertThat(urgency(due(SPEC, version(new Origin.SelfSigned()), START))).contains(Urgency.URGENT);
        assertThat(urgency(due(spec(KeyType.EC256, "classic", WWW), issued(), START)))
                .contains(Urgency.URGENT);
        assertThat(urgency(due(SPEC, issued(), START.plus(LIFETIME)))).contains(Urgency.URGENT);
    }

    @Test
    void aSixthOfTheLifetimeIsUrgent() {
        Instant sixth = START.plus(Duration.ofDays(75));

        assertThat(urgency(due(SPEC, issued(), RENEWAL))).contains(Urgency.CAN_WAIT);
        assertThat(urgency(due(SPEC, issued(), sixth.minusSeconds(1)))).contains(Urgency.CAN_WAIT);
        assertThat(urgency(due(SPEC, issued(), sixth))).contains(Urgency.URGENT);
    }

    @Test
    void otherChangesOfTheConfigurationCanWaitUntilASixthIsLeft() {
        for (CertificateSpec changed : List.of(
                spec(KeyType.EC384, "classic", WWW, BARE),
                spec(KeyType.EC256, "tlsserver", WWW, BARE),
                spec(CA.resolve("/other"), KeyType.EC256, "classic", WWW, BARE))) {
            assertThat(urgency(due(changed, issued(), START))).contains(Urgency.CAN_WAIT);
            assertThat(urgency(due(changed, issued(), START.plus(Duration.ofDays(75)))))
                    .contains(Urgency.URGENT);
        }
    }

    @Test
    void aCertificateOfAnyConfiguredCaCountsWithThatCasProfileAndKeyType() {
        CertificateSpec.Source other =
                new CertificateSpec.Source(CA.resolve("/other"), KeyType.RSA2048, Optional.of("shortlived"));
        CertificateSpec both = new CertificateSpec(SPEC.site(), List.of(other, SPEC.preferredSource()));

        assertThat(due(both, issued(), START)).isEqualTo(new Due.Later(RENEWAL));
    }

    private static Due dueWithWindow(Instant start, Instant end, Instant chosen, Instant now) {
        return Due.of(
                SPEC,
                issued(),
                new RenewalSchedule(
                        Optional.of(new RenewalSchedule.Suggestion(start, end, Optional.empty(), chosen)), now, 0),
                now);
    }

    @Test
    void aWindowThatEndedBeforeTheUsualTimeIsUrgent() {
        Instant now = START.plus(Duration.ofDays(10));

        assertThat(urgency(dueWithWindow(START, now, START, now))).contains(Urgency.URGENT);
        assertThat(urgency(dueWithWindow(START, now.plusSeconds(1), START, now)))
                .contains(Urgency.CAN_WAIT);
        assertThat(urgency(dueWithWindow(START, RENEWAL, START, RENEWAL.plusSeconds(9))))
                .as("a window as usual")
                .contains(Urgency.CAN_WAIT);
    }

    @Test
    void followsTheChosenTimeUntilAQuarterIsLeft() {
        Instant quarter = START.plus(Duration.ofHours(90 * 18));

        assertThat(dueWithWindow(START, quarter, quarter.minusSeconds(1), START))
                .isEqualTo(new Due.Later(quarter.minusSeconds(1)));
        assertThat(dueWithWindow(START, Instant.MAX, quarter.plusSeconds(1), START))
                .isEqualTo(new Due.Later(quarter));
        assertThat(reason(dueWithWindow(START, Instant.MAX, quarter.plusSeconds(1), quarter)))
                .contains("a quarter");
        assertThat(reason(dueWithWindow(Instant.MIN, START, Instant.MIN, START)))
                .contains("CA suggests");
    }

    private static CertificateSpec withUniqueName(String name) {
        return new CertificateSpec(SPEC.site(), SPEC.name(), SPEC.sources(), Optional.of(new HostName(name)));
    }

    private static Optional<CertificateVersion> issuedWithUniqueName(String name) {
        return version(new Origin.IssuedByCa(
                CA,
                Optional.of(CA.resolve("/account/1")),
                Optional.of("classic"),
                SPEC.site().names(),
                Optional.of(new HostName(name)),
                Optional.empty()));
    }

    @Test
    void isNeverDueForAUniqueName() {
        Due later = new Due.Later(RENEWAL);
        assertThat(due(withUniqueName("web0.www.example.org"), issued(), START)).isEqualTo(later);
        assertThat(due(SPEC, issuedWithUniqueName("web0.www.example.org"), START))
                .isEqualTo(later);
        assertThat(due(withUniqueName("a.www.example.org"), issuedWithUniqueName("web0.www.example.org"), START))
                .isEqualTo(later);
    }

    /** It does not say which of its names belong to the site. */
    @Test
    void anImportedCertificateMayHaveTheUniqueNameAlready() {
        CertificateSpec spec =
                new CertificateSpec(new Site(List.of(WWW)), SPEC.name(), SPEC.sources(), Optional.of(BARE));

        assertThat(due(spec, issued(), START)).isEqualTo(new Due.Later(RENEWAL));
        assertThat(reason(due(spec.withoutUniqueName(), issued(), START))).contains("names have changed");
    }
}
