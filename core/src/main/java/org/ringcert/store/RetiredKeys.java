package org.ringcert.store;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The marks of keys that no further certificate may have. A mark is a file named by the SHA-256 hash of the public key,
 * so it holds for every certificate with that key, and outlives them.
 */
final class RetiredKeys {

    private static final int MAX_BYTES = 1 << 16;
    private static final int MAX_REASON = 300;

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

    /** Returns why the key was retired: one line, at most 300 characters. Empty if it was not retired. */
    Optional<String> reason(PublicKey key) throws StoreException {
        Path mark = mark(key);
        return files.read(mark, MAX_BYTES, RetiredKeys::firstLine, "shorten it; the key stays retired");
    }

    private static String firstLine(String text) {
        String line =
                text.lines().findFirst().orElse("").replaceAll("\\p{C}", "").strip();
        return line.isEmpty()
                ? "no reason is known"
                : line.length() > MAX_REASON ? line.substring(0, MAX_REASON) + "..." : line;
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
