package org.ringcert.daemon.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;

/** Keys encrypted by the real openssl, with passphrases of any bytes, like those of mod_md. */
class EncryptedKeyTest {

    private static final Path OPENSSL = Path.of("/usr/bin/openssl");
    private static final KeyPair KEY = KeyType.RSA2048.generate(new SecureRandom());

    @TempDir
    private Path folder;

    private String encrypt(byte[] passphrase, String... options) throws Exception {
        assumeTrue(Files.isExecutable(OPENSSL), OPENSSL + " is not installed");
        Path plain = Files.writeString(folder.resolve("plain"), Pem.write(KEY.getPrivate()));
        Path secret = Files.write(folder.resolve("secret"), passphrase);
        Path encrypted = folder.resolve("encrypted");
        List<String> command = new ArrayList<>(List.of(
                OPENSSL.toString(),
                "pkcs8",
                "-topk8",
                "-in",
                plain.toString(),
                "-out",
                encrypted.toString(),
                "-passout",
                "file:" + secret));
        command.addAll(List.of(options));
        Process openssl = new ProcessBuilder(command).inheritIO().start();
        assertThat(openssl.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(openssl.exitValue()).isZero();
        return Files.readString(encrypted);
    }

    /** Returns bytes without those two that would end a line for openssl. */
    private static byte[] passphrase() {
        byte[] bytes = new byte[48];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (255 - 5 * i);
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-v2 aes-256-cbc",
                "-v2 aes-128-cbc",
                "-v2 aes-256-cbc -v2prf hmacWithSHA1",
                "-v2 aes-256-cbc -v2prf hmacWithSHA512",
                "-v2 aes-256-cbc -iter 10000"
            })
    void readsWhatOpensslEncrypted(String options) throws Exception {
        String pem = encrypt(passphrase(), options.split(" ", -1));

        KeyPair read = EncryptedKey.read(pem, passphrase());

        assertThat(read.getPrivate()).isEqualTo(KEY.getPrivate());
        assertThat(read.getPublic()).isEqualTo(KEY.getPublic());
    }

    @Test
    void readsAKeyThatIsNotEncrypted() {
        assertThat(EncryptedKey.read(Pem.write(KEY.getPrivate()), passphrase()).getPublic())
                .isEqualTo(KEY.getPublic());
    }

    @Test
    void reportsAnotherPassphrase() throws Exception {
        String pem = encrypt(passphrase(), "-v2", "aes-256-cbc", "-iter", "1");
        // So many attempts that some find a padding that is right by chance, which happens once in 256 times.
        for (int i = 0; i < 5_000; i++) {
            byte[] other = passphrase();
            other[46] ^= (byte) (1 + i % 255);
            other[47] ^= (byte) (i / 255);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> EncryptedKey.read(pem, other))
                    .withMessage("it is damaged, or not encrypted with the key of this store")
                    .withNoCause();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-v2 aes-256-cbc -iter 2000000", "-scrypt", "-v1 PBE-SHA1-3DES"})
    void reportsAnotherEncryption(String options) throws Exception {
        String pem = encrypt(passphrase(), options.split(" ", -1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> EncryptedKey.read(pem, passphrase()))
                .withMessageMatching(
                        "its encryption takes more than 1000000 rounds|it is (damaged, or not )?encrypted .*");
    }
}
