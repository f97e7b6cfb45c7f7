package org.ringcert.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.cluster.HostName;

class CertificateRequestTest {

    private static final List<HostName> NAMES =
            List.of(new HostName("www.example.org"), new HostName("xn--bcher-kva.example.org"));

    @ParameterizedTest
    @CsvSource({
        "EC256, ecdsa-with-SHA256, NIST CURVE: P-256",
        "EC384, ecdsa-with-SHA384, NIST CURVE: P-384",
        "RSA2048, sha256WithRSAEncryption, (2048 bit)"
    })
    void opensslVerifiesTheSignatureAndReadsSubjectAndNames(
            KeyType type, String algorithm, String key, @TempDir Path folder) {
        byte[] request = CertificateRequest.create(type.generate(new SecureRandom()), NAMES);

        String output = OpenSsl.run(folder, request, "req", "-inform", "DER", "-verify", "-noout", "-text");

        assertThat(output)
                .containsIgnoringCase("verify OK")
                .containsPattern("Subject: CN ?= ?www.example.org\\R")
                .contains("DNS:www.example.org, DNS:xn--bcher-kva.example.org")
                .contains("Signature Algorithm: " + algorithm)
                .contains(key);
    }

    @Test
    void holdsAHundredLongNames(@TempDir Path folder) {
        List<HostName> names = IntStream.range(0, 100)
                .mapToObj(i -> new HostName("n" + i + "." + "a".repeat(60) + "." + "b".repeat(60) + ".example.org"))
                .toList();

        byte[] request = CertificateRequest.create(KeyType.EC256.generate(new SecureRandom()), names);

        assertThat(OpenSsl.run(folder, request, "req", "-inform", "DER", "-verify", "-noout", "-text"))
                .containsIgnoringCase("verify OK")
                .contains("DNS:" + names.getFirst(), "DNS:" + names.getLast());
    }

    /** A common name has at most 64 characters (RFC 5280, appendix A.1); some CAs fail on a longer one. */
    @Test
    void theSubjectIsTheFirstNameOfAtMost64CharactersOrEmpty(@TempDir Path folder) {
        HostName tooLong = new HostName("a".repeat(53) + ".example.org");
        HostName fits = new HostName("b".repeat(52) + ".example.org");
        assertThat(tooLong.value()).hasSize(65);
        assertThat(fits.value()).hasSize(64);

        assertThat(subject(folder, List.of(tooLong, fits, new HostName("www.example.org"))))
                .containsPattern("Subject: CN ?= ?" + fits + "\\R");
        assertThat(subject(folder, List.of(tooLong))).containsPattern("Subject: *\\R");
    }

    private static String subject(Path folder, List<HostName> names) {
        byte[] request = CertificateRequest.create(KeyType.EC256.generate(new SecureRandom()), names);
        return OpenSsl.run(folder, request, "req", "-inform", "DER", "-verify", "-noout", "-text");
    }

    @Test
    void rejectsAMissingNameAndUnsupportedKeys() throws Exception {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

        assertThatThrownBy(() -> CertificateRequest.create(key, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CertificateRequest.create(other, NAMES)).isInstanceOf(IllegalArgumentException.class);
    }
}
