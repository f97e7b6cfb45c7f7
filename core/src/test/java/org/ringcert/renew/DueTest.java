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
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;

class DueTest {

    private static final URI CA = URI.create("https://ca.example.net/dir");
    private static final HostName WWW = new HostName("www.example.org");
    private static final HostName BARE = new HostName("example.org");
    private static final Instant START = Instant.parse("2026-11-23T10:15:00Z");
    private static final Duration LIFETIME = Duration.ofDays(90);
    private static final Instant RENEWAL = START.plus(Duration.ofDays(60));
    private static final CertificateSpec SPEC = spec(KeyType.EC256, "classic", WWW, BARE);

    private static CertificateSpec spec(KeyType type, String profile, HostName... names) {
        return new CertificateSpec(
                new Site(List.of(names)), type, Optional.of(profile).filter(name -> !name.isEmpty()));
    }

    private static Optional<CertificateVersion> version(Origin origin) {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        return Optional.of(new CertificateVersion(
                WWW,
                Path.of("/nowhere"),
                List.of(SelfSignedCertificate.create(key, List.of(WWW, BARE), START, START.plus(LIFETIME))),
                origin));
    }

    private static Optional<CertificateVersion> issued() {
        return version(new Origin.IssuedByCa(CA, Optional.of(CA.resolve("/account/1")), Optional.of("classic")));
    }

    private static String reason(Due due) {
        return switch (due) {
            case Due.Now(String reason) -> reason;
            case Due.Later(Instant at) -> "not before " + at;
        };
    }

    @Test
    void isDueWhenAThirdOfTheLifetimeIsLeftToTheSecond() {
        assertThat(Due.of(SPEC, CA, issued(), START)).isEqualTo(new Due.Later(RENEWAL));
        assertThat(Due.of(SPEC, CA, issued(), RENEWAL.minusNanos(1))).isEqualTo(new Due.Later(RENEWAL));
        assertThat(reason(Due.of(SPEC, CA, issued(), RENEWAL))).contains("a third");
        assertThat(reason(Due.of(SPEC, CA, issued(), START.plus(LIFETIME.multipliedBy(2)))))
                .contains("a third");
    }

    @Test
    void isNotDueBeforeTheCertificateBegins() {
        assertThat(Due.of(SPEC, CA, issued(), START.minus(Duration.ofDays(400))))
                .isEqualTo(new Due.Later(RENEWAL));
    }

    @Test
    void isDueWithoutACertificateFromACa() {
        assertThat(reason(Due.of(SPEC, CA, Optional.empty(), START))).contains("no certificate");
        assertThat(reason(Due.of(SPEC, CA, version(new Origin.SelfSigned()), START)))
                .contains("self-signed");
    }

    @Test
    void isDueWhenTheConfigurationHasChanged() {
        assertThat(reason(Due.of(spec(KeyType.EC256, "classic", WWW), CA, issued(), START)))
                .contains("names");
        assertThat(reason(Due.of(
                        spec(KeyType.EC256, "classic", WWW, BARE, new HostName("more.example.org")),
                        CA,
                        issued(),
                        START)))
                .contains("names");
        assertThat(reason(Due.of(SPEC, CA.resolve("/staging"), issued(), START)))
                .contains("CA");
        assertThat(reason(Due.of(spec(KeyType.EC256, "tlsserver", WWW, BARE), CA, issued(), START)))
                .contains("profile");
        assertThat(reason(Due.of(spec(KeyType.EC256, "", WWW, BARE), CA, issued(), START)))
                .contains("profile");
        assertThat(reason(Due.of(spec(KeyType.EC384, "classic", WWW, BARE), CA, issued(), START)))
                .contains("key");
        assertThat(reason(Due.of(spec(KeyType.RSA2048, "classic", WWW, BARE), CA, issued(), START)))
                .contains("key");
    }

    @Test
    void ignoresTheOrderOfNames() {
        assertThat(Due.of(spec(KeyType.EC256, "classic", BARE, WWW), CA, issued(), START))
                .isEqualTo(new Due.Later(RENEWAL));
    }
}
