package org.ringcert.daemon.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.PublicCa;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.pki.TestIssuer;

class IssuerMatchTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final URI LETSENCRYPT = PublicCa.LETSENCRYPT.directory();
    private static final URI STAGING = PublicCa.LETSENCRYPT_STAGING.directory();
    private static final URI PRIVATE = URI.create("https://ca.example.org/dir");
    private static final URI OTHER = URI.create("https://ca.example.net/dir");

    private final TestIssuer issuer = new TestIssuer(NOW);
    private final X509Certificate letsEncrypt = issuer.issuedBy("Let's Encrypt", "E8");
    private final X509Certificate staging = issuer.issuedBy("(STAGING) Let's Encrypt", "(STAGING) Counterfeit Cashew");
    private final X509Certificate unknown = issuer.issuedBy("Example Ltd", "Example CA 3");

    private static boolean isFrom(X509Certificate leaf, URI ca) {
        return IssuerMatch.isFrom(leaf, ca, Map.of());
    }

    @Test
    void theOrganizationTellsLetsEncryptFromItsStagingEnvironment() {
        assertThat(isFrom(letsEncrypt, LETSENCRYPT)).isTrue();
        assertThat(isFrom(letsEncrypt, STAGING)).isFalse();
        assertThat(isFrom(staging, STAGING)).isTrue();
        assertThat(isFrom(staging, LETSENCRYPT)).isFalse();
        assertThat(isFrom(unknown, LETSENCRYPT)).isFalse();
        assertThat(isFrom(issuer.issuedBy("Let's Encrypt"), LETSENCRYPT))
                .as("a common name says nothing")
                .isFalse();
    }

    @Test
    void theIssuerOfAnOwnCertificateIsThatOfTheCaWhateverItIsCalled() {
        Map<URI, List<X509Certificate>> own = Map.of(LETSENCRYPT, List.of(unknown));

        assertThat(IssuerMatch.isFrom(issuer.issuedBy("Example Ltd", "Example CA 4"), LETSENCRYPT, own))
                .isTrue();
        assertThat(IssuerMatch.isFrom(unknown, STAGING, own)).isFalse();
    }

    @Test
    void anUnknownIssuerIsThatOfAnotherCa() {
        assertThat(isFrom(unknown, PRIVATE)).isTrue();
        assertThat(isFrom(letsEncrypt, PRIVATE)).isFalse();
        assertThat(isFrom(staging, PRIVATE)).isFalse();
    }

    @Test
    void theIssuerOfACertificateFromAnotherCaIsKnown() {
        Map<URI, List<X509Certificate>> own = Map.of(OTHER, List.of(unknown));

        assertThat(IssuerMatch.isFrom(unknown, PRIVATE, own)).isFalse();
        assertThat(IssuerMatch.isFrom(unknown, OTHER, own)).isTrue();
        assertThat(IssuerMatch.isFrom(issuer.issuedBy("another CA"), PRIVATE, own))
                .isTrue();
    }

    @Test
    void aSelfSignedCertificateIsFromNobody() {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        X509Certificate selfSigned = SelfSignedCertificate.create(
                key, List.of(new HostName("www.example.org")), NOW, NOW.plus(Duration.ofDays(365)));

        assertThat(isFrom(selfSigned, PRIVATE)).isFalse();
        assertThat(IssuerMatch.isFrom(selfSigned, PRIVATE, Map.of(PRIVATE, List.of(selfSigned))))
                .isFalse();
    }
}
