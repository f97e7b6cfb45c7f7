package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;

class CertificateIdTest {

    /** RFC 9773, appendix A. Its serial number begins with a zero byte. */
    private static final String RFC_9773_EXAMPLE = """
            -----BEGIN CERTIFICATE-----
            MIIBQzCB66ADAgECAgUAh2VDITAKBggqhkjOPQQDAjAVMRMwEQYDVQQDEwpFeGFt
            cGxlIENBMCIYDzAwMDEwMTAxMDAwMDAwWhgPMDAwMTAxMDEwMDAwMDBaMBYxFDAS
            BgNVBAMTC2V4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEeBZu
            7cbpAYNXZLbbh8rNIzuOoqOOtmxA1v7cRm//AwyMwWxyHz4zfwmBhcSrf47NUAFf
            qzLQ2PPQxdTXREYEnKMjMCEwHwYDVR0jBBgwFoAUaYhba4dGQEHhs3uEe6CuLN4B
            yNQwCgYIKoZIzj0EAwIDRwAwRAIge09+S5TZAlw5tgtiVvuERV6cT4mfutXIlwTb
            +FYN/8oCIClDsqBklhB9KAelFiYt9+6FDj3z4KGVelYM5MdsO3pK
            -----END CERTIFICATE-----
            """;

    @Test
    void isTheRfcsForItsExample() throws GeneralSecurityException {
        assertThat(CertificateId.of(certificate(RFC_9773_EXAMPLE)))
                .contains(new CertificateId("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE"));
    }

    /** The expected value was computed from the output of OpenSSL. */
    @Test
    void hasNoZeroByteBeforeASerialNumberThatNeedsNone() throws GeneralSecurityException {
        assertThat(CertificateId.of(certificate(ScriptedCa.PEM)))
                .contains(new CertificateId("ou5iDXUSwAwoIUiboEalTAi_CaQ.IOP1UWxBQgbql_WKd7B_B-Ev--s"));
    }

    @Test
    void isEmptyForACertificateThatDoesNotNameItsIssuersKey() {
        Instant now = Instant.now();
        X509Certificate selfSigned = SelfSignedCertificate.create(
                KeyType.EC256.generate(new SecureRandom()),
                List.of(HostName.of("www.example.org")),
                now,
                now.plus(Duration.ofDays(1)));

        assertThat(CertificateId.of(selfSigned)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "04 06 30 04 80 02 aabb, aabb",
        // The issuer's name and serial number may follow.
        "04 0b 30 09 80 02 aabb a1 00 82 01 05, aabb",
        "04 81 85 30 81 82 80 02 aabb a1 7c " + ZEROS_124 + ", aabb"
    })
    void readsTheKeyIdentifierInItsExtension(String extension, String expected) {
        assertThat(AuthorityKeyId.parse(bytes(extension)))
                .get()
                .extracting(HexFormat.of()::formatHex)
                .isEqualTo(expected);
    }

    private static final String ZEROS_124 = "00000000000000000000000000000000000000000000000000000000000000"
            + "00000000000000000000000000000000000000000000000000000000000000"
            + "00000000000000000000000000000000000000000000000000000000000000"
            + "00000000000000000000000000000000000000000000000000000000000000";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "04",
                "04 00",
                "04 80 30 04 80 02 aabb 00 00", // an indefinite length
                "04 81 06 30 04 80 02 aabb", // a length that is not the shortest
                "04 82 0006 30 04 80 02 aabb",
                "04 84 7fffffff 30 04 80 02 aabb",
                "04 ff 30 04 80 02 aabb",
                "04 06 31 04 80 02 aabb", // a SET
                "04 06 30 05 80 02 aabb", // longer than the rest
                "04 06 30 04 80 03 aabb",
                "04 06 30 04 80 02 aabb 00", // more than one value
                "04 07 30 04 80 02 aabb 00",
                "04 05 30 03 82 01 05", // no key identifier
                "04 04 30 02 80 00", // an empty one
                "04 02 30 00"
            })
    void ignoresAnExtensionThatIsNotValidDer(String extension) {
        assertThat(AuthorityKeyId.parse(bytes(extension))).isEmpty();
    }

    @Test
    void ignoresAKeyIdentifierThatNoCaWouldUse() {
        assertThat(AuthorityKeyId.parse(bytes("04 81 87 30 81 84 80 81 81 " + "aa".repeat(129))))
                .isEmpty();
        assertThat(AuthorityKeyId.parse(bytes("04 81 86 30 81 83 80 81 80 " + "aa".repeat(128))))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a", "a.", ".b", "a.b.c", "a/../b.c", "a.b=", "a.b\n", "\u00e4.b", "?a.b"})
    void isTwoBase64urlTextsOnly(String text) {
        assertThat(CertificateId.parse(text)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> new CertificateId(text));
    }

    private static X509Certificate certificate(String pem) throws GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
