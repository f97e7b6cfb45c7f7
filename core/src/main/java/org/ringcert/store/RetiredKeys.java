package org.ringcert.store;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.HexFormat;

/**
 * The marks of keys that no further certificate may have. A mark is a file named by the SHA-256 hash of the public key,
 * so it holds for every certificate with that key, and outlives them.
 */
final class RetiredKeys {

    private final DurableFiles files;
    private final Path directory;

    /** @param directory is created for the first mark */
    RetiredKeys(DurableFiles files, Path directory) {
        this.files = files;
        this.directory = directory;
    }

    boolean contains(PublicKey key) {
        return files.exists(mark(key));
    }

    void retire(PublicKey key, String reason) throws StoreException {
        files.ensureDirectory(directory, FileMode.PUBLIC_DIRECTORY);
        files.write(mark(key), reason + "\n", FileMode.PUBLIC_FILE);
    }

    private Path mark(PublicKey key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return directory.resolve(HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }
}
