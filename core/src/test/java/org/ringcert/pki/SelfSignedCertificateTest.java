package org.ringcert.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.cluster.HostName;

class SelfSignedCertificateTest {

    private static final List<HostName> NAMES = List.of(new HostName("www.example.org"), new HostName("example.org"));
    private static final Instant FROM = Instant.parse("2026-11-23T10:15:00.7Z");
    private static final Instant TO = Instant.parse("2027-11-23T10:15:00Z");

    @ParameterizedTest
    @EnumSource(names = {"EC256", "EC384", "RSA2048"})
    void hasTheFieldsOfAServerCertificateAndAValidSignature(KeyType type) throws Exception {
        KeyPair key = type.generate(new SecureRandom());

        X509Certificate certificate = SelfSignedCertificate.create(key, NAMES, FROM, TO);

        certificate.verify(key.getPublic());
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getPublicKey()).isEqualTo(key.getPublic());
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=Ringcert: waiting for the CA");
        assertThat(certificate.getIssuerX500Principal()).isEqualTo(certificate.getSubjectX500Principal());
        assertThat(certificate.getBasicConstraints())
                .as("path length, -1 if not a CA")
                .isEqualTo(-1);
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(certificate.getKeyUsage()[0]).isTrue();
        assertThat(certificate.getKeyUsage()[2]).isEqualTo(type == KeyType.RSA2048);
        assertThat(certificate.getSubjectAlternativeNames())
                .extracting(List::getLast)
                .isEqualTo(List.of("www.example.org", "example.org"));
        assertThat(certificate.getNotBefore()).isEqualTo(Instant.parse("2026-11-23T10:15:00Z"));
        assertThat(certificate.getNotAfter()).isEqualTo(TO);
        assertThat(certificate.getSerialNumber().signum()).isEqualTo(1);
        assertThat(certificate.getSerialNumber().bitLength()).isEqualTo(128);
    }

    @Test
    void opensslReadsAndVerifiesIt(@TempDir Path folder) {
        X509Certificate certificate =
                SelfSignedCertificate.create(KeyType.EC256.generate(new SecureRandom()), NAMES, FROM, TO);
        byte[] pem = Pem.write(List.of(certificate)).getBytes(StandardCharsets.US_ASCII);

        assertThat(OpenSsl.run(folder, pem, "x509", "-noout", "-text"))
                .contains("Version: 3")
                .containsPattern("CN ?= ?Ringcert: waiting for the CA")
                .contains("CA:FALSE", "Digital Signature", "TLS Web Server Authentication")
                .contains("DNS:www.example.org, DNS:example.org")
                .contains("Nov 23 10:15:00 2026 GMT");
        assertThat(OpenSsl.run(
                        folder,
                        pem,
                        "verify",
                        "-x509_strict",
                        "-no_check_time",
                        "-purpose",
                        "sslserver",
                        "-CAfile",
                        folder.resolve("input").toString(),
                        folder.resolve("input").toString()))
                .contains(": OK");
    }

    @ParameterizedTest
    @CsvSource({
        "1949-12-31T23:59:59Z, 2049-12-31T23:59:59Z",
        "2050-01-01T00:00:00Z, 2050-01-01T00:00:01Z",
        "2049-12-31T23:59:59Z, 9999-12-31T23:59:59Z"
    })
    void keepsDatesOnBothSidesOfTheChangesOfEncoding(Instant from, Instant to) {
        X509Certificate certificate =
                SelfSignedCertificate.create(KeyType.EC256.generate(new SecureRandom()), NAMES, from, to);

        assertThat(certificate.getNotBefore()).isEqualTo(from);
        assertThat(certificate.getNotAfter()).isEqualTo(to);
    }

    @Test
    void encodesTheYears1950To2049WithTwoDigitsAndOthersWithFour() {
        assertThat(Der.time(Instant.parse("1950-01-01T00:00:00Z"))).startsWith(0x17, 13, '5', '0');
        assertThat(Der.time(Instant.parse("2049-12-31T23:59:59Z"))).startsWith(0x17, 13, '4', '9');
        assertThat(Der.time(Instant.parse("2050-01-01T00:00:00Z"))).startsWith(0x18, 15, '2', '0', '5', '0');
        assertThat(Der.time(Instant.parse("1949-12-31T23:59:59Z"))).startsWith(0x18, 15, '1', '9', '4', '9');
    }

    @Test
    void differentKeysGiveDifferentSerialNumbers() {
        SecureRandom random = new SecureRandom();

        assertThat(SelfSignedCertificate.create(KeyType.EC256.generate(random), NAMES, FROM, TO)
                        .getSerialNumber())
                .isNotEqualTo(SelfSignedCertificate.create(KeyType.EC256.generate(random), NAMES, FROM, TO)
                        .getSerialNumber());
    }

    @Test
    void rejectsAMissingNameAndReversedDates() {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());

        assertThatThrownBy(() -> SelfSignedCertificate.create(key, List.of(), FROM, TO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SelfSignedCertificate.create(key, NAMES, TO, FROM))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
