package org.ringcert.store;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.Optional;
import org.ringcert.pki.Pem;

/**
 * The keys of certificates that may be used again, and the marks of those that must not. A mark is a file named by the
 * SHA-256 hash of the public key, so it holds for every certificate with that key, and outlives them.
 */
final class KeyFiles {

    private static final int MAX_KEY_BYTES = 1 << 16;

    private final DurableFiles files;
    private final Path retired;

    /** @param retired the directory of marks; it is created for the first one */
    KeyFiles(DurableFiles files, Path retired) {
        this.files = files;
        this.retired = retired;
    }

    Optional<KeyPair> reusable(CertificateVersion version) throws StoreException {
        PublicKey certified = version.leaf().getPublicKey();
        if (isRetired(certified)) {
            return Optional.empty();
        }
        return files.read(
                version.directory().resolve(CertificateFiles.PRIVATE_KEY),
                MAX_KEY_BYTES,
                text -> Pem.keyPair(text, certified),
                "to get a new key, set reuse-key = false until the next renewal");
    }

    boolean isRetired(PublicKey key) {
        return files.exists(mark(key));
    }

    void retire(PublicKey key, String reason) throws StoreException {
        files.ensureDirectory(retired, FileMode.PUBLIC_DIRECTORY);
        files.write(mark(key), reason + "\n", FileMode.PUBLIC_FILE);
    }

    private Path mark(PublicKey key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return retired.resolve(HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }
}
