package org.ringcert.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;

class PemTest {

    @TempDir
    private Path folder;

    private static final KeyPair KEY = KeyType.EC256.generate(new SecureRandom());
    private static final X509Certificate CERTIFICATE = SelfSignedCertificate.create(
            KEY, List.of(new HostName("www.example.org")), Instant.EPOCH, Instant.parse("2030-01-01T00:00:00Z"));
    private static final String CHAIN = Pem.write(List.of(CERTIFICATE));

    @ParameterizedTest
    @EnumSource(names = {"EC256", "EC384", "RSA2048"})
    void writesKeysInLinesOf64AndReadsThemBack(KeyType type) {
        KeyPair key = type.generate(new SecureRandom());

        String text = Pem.write(key);

        assertThat(text.lines()).allMatch(line -> line.length() <= 64);
        assertThat(text).startsWith("-----BEGIN PRIVATE KEY-----\n").endsWith("\n-----END PUBLIC KEY-----\n");
        assertThat(Pem.keyPair(text).getPublic()).isEqualTo(key.getPublic());
        assertThat(Pem.keyPair(text).getPrivate().getEncoded())
                .isEqualTo(key.getPrivate().getEncoded());
        assertThat(Pem.keyPair(Pem.write(key.getPrivate()), key.getPublic()).getPublic())
                .isEqualTo(key.getPublic());
    }

    @Test
    void readsAChainWithEmptyLinesAndWindowsLineEnds() {
        X509Certificate other = SelfSignedCertificate.create(
                KEY, List.of(new HostName("example.org")), Instant.EPOCH, Instant.parse("2031-01-01T00:00:00Z"));

        String text = "\n" + CHAIN + "\n\n" + Pem.write(List.of(other)) + "\n";

        assertThat(Pem.certificates(text)).containsExactly(CERTIFICATE, other);
        assertThat(Pem.certificates(text.replace("\n", "\r\n"))).containsExactly(CERTIFICATE, other);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "-----BEGIN CERTIFICATE-----",
                "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
                "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----",
                "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----",
                "-----BEGIN X-----\nMAA=\n-----END X-----",
                "-----BEGIN CERTIFICATE-----\nMAA=\n-----END X-----"
            })
    void rejectsWhatIsNotACertificate(String text) {
        assertThatThrownBy(() -> Pem.certificates(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Pem.certificates(CHAIN + text + " x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rejectsTooManyCertificatesAndTooMuchText() {
        assertThat(Pem.certificates(CHAIN.repeat(20))).hasSize(20);
        assertThatThrownBy(() -> Pem.certificates(CHAIN.repeat(21))).hasMessageContaining("more than 20");
        assertThatThrownBy(() -> Pem.certificates(CHAIN + "\n".repeat(1 << 20))).hasMessageContaining("1 MiB");
    }

    @Test
    void rejectsExtraBytesAfterACertificate() throws Exception {
        byte[] longer = Arrays.copyOf(CERTIFICATE.getEncoded(), CERTIFICATE.getEncoded().length + 3);
        String text = "-----BEGIN CERTIFICATE-----\n" + Base64.getEncoder().encodeToString(longer)
                + "\n-----END CERTIFICATE-----\n";

        assertThatThrownBy(() -> Pem.certificates(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsOrRejectsCertificatesWithFlippedBits() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            byte[] der = CERTIFICATE.getEncoded();
            der[random.nextInt(der.length)] ^= (byte) (1 << random.nextInt(8));
            String text = "-----BEGIN CERTIFICATE-----\n" + Base64.getEncoder().encodeToString(der)
                    + "\n-----END CERTIFICATE-----\n";

            Throwable thrown = catchThrowable(() -> Pem.certificates(text));

            if (thrown != null) {
                assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void rejectsAPrivateKeyWithAnotherPublicKey() {
        for (KeyType type : List.of(KeyType.EC256, KeyType.EC384, KeyType.RSA2048)) {
            KeyPair other = type.generate(new SecureRandom());

            assertThatThrownBy(() -> Pem.keyPair(Pem.write(new KeyPair(other.getPublic(), KEY.getPrivate()))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("does not belong");
            assertThatThrownBy(() -> Pem.keyPair(Pem.write(KEY.getPrivate()), other.getPublic()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void doesNotShowADamagedKeyInTheError() {
        String text = Pem.write(KEY);
        List<String> lines = text.lines().toList();
        String secret = lines.get(1);
        for (String damaged : List.of(
                text.replace(secret, secret.substring(4)),
                text.replace(secret, "*" + secret),
                text.replace(secret, secret + "\n" + secret),
                text.replace("PRIVATE", "PUBLIC"),
                text.replace("PUBLIC", "PRIVATE"),
                text.replace("-----END PUBLIC KEY-----", ""),
                secret,
                String.join("\n", Collections.nCopies(3, text)))) {
            Throwable thrown = catchThrowable(() -> Pem.keyPair(damaged));

            assertThat(thrown).isInstanceOf(IllegalArgumentException.class).hasNoCause();
            assertThat(thrown.toString()).doesNotContain(secret.substring(4, 20));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ecparam -genkey -name prime256v1",
                "ecparam -genkey -name secp384r1 -noout",
                "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256",
                "genrsa -traditional 2048",
                "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048"
            })
    void readsAllOpenSslFormatsOfPrivateKeysWithTheirPublicKey(String command) {
        String text = openSsl(command);

        KeyPair pair = Pem.keyPairFromPrivateKey(text);

        assertThat(Pem.keyPair(text, pair.getPublic()).getPrivate()).isEqualTo(pair.getPrivate());
        assertThat(Pem.keyPair(Pem.write(pair)).getPublic()).isEqualTo(pair.getPublic());
        assertThatThrownBy(() -> Pem.keyPair(text, KEY.getPublic())).hasMessageContaining("does not belong");
    }

    @ParameterizedTest
    @CsvSource({
        "genrsa -traditional -aes128 -passout pass:secret 2048, is encrypted",
        "genpkey -algorithm RSA -aes128 -pass pass:secret, is encrypted",
        "ecparam -genkey -name secp521r1, neither on P-256 nor on P-384",
        "ecparam -genkey -name secp256k1, does not belong",
        "genpkey -algorithm ED25519, neither an EC nor an RSA key"
    })
    void rejectsUnsupportedOpenSslKeys(String command, String reason) {
        String text = openSsl(command);

        assertThatThrownBy(() -> Pem.keyPairFromPrivateKey(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessageContaining(reason);
    }

    @Test
    void readsOrRejectsDamagedEcKeys() {
        String text = openSsl("ecparam -genkey -name prime256v1 -noout");
        byte[] der = Base64.getMimeDecoder()
                .decode(text.lines().filter(line -> !line.startsWith("-")).collect(Collectors.joining()));
        for (int i = 0; i < der.length; i++) {
            byte[] flipped = der.clone();
            flipped[i] ^= (byte) 0x81;
            for (byte[] damaged : List.of(flipped, Arrays.copyOf(der, i))) {
                Throwable thrown = catchThrowable(() -> Pem.keyPairFromPrivateKey("-----BEGIN EC PRIVATE KEY-----\n"
                        + Base64.getEncoder().encodeToString(damaged) + "\n-----END EC PRIVATE KEY-----\n"));
                if (thrown != null) {
                    assertThat(thrown)
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasNoCause();
                }
            }
        }
    }

    /** Runs openssl and returns the key it prints, without the text before it. */
    private String openSsl(String command) {
        String output = OpenSsl.run(folder, new byte[0], command.split(" "));
        return output.substring(output.indexOf("-----BEGIN"));
    }
}
