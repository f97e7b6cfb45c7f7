package org.ringcert.daemon.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Reads a small text file that only its owner may read. */
final class SecretFile {

    private static final int MAX_BYTES = 16 * 1024;

    private static final Set<PosixFilePermission> OTHER_USERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private SecretFile() {}

    /**
     * Returns the text of the file.
     *
     * @throws IllegalArgumentException if it cannot be used. The message says what to do, and contains nothing of the
     *     file.
     */
    static String read(Path file) {
        try {
            checkIsPrivate(file);
            try (InputStream in = Files.newInputStream(file)) {
                return decode(in.readNBytes(MAX_BYTES + 1));
            }
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no such file on this server; create it with mode 0600", e);
        } catch (AccessDeniedException e) {
            String user = System.getProperty("user.name");
            throw new IllegalArgumentException(
                    "user " + user + " is not allowed to read this file; if Ringcert runs as this user, run: chown "
                            + user + " " + file,
                    e);
        } catch (IOException | UnsupportedOperationException e) {
            throw new IllegalArgumentException("this file cannot be read: " + e.getMessage(), e);
        }
    }

    private static void checkIsPrivate(Path file) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new IllegalArgumentException("this is not a regular file; name a text file");
        }
        if (attributes.permissions().stream().anyMatch(OTHER_USERS::contains)) {
            throw new IllegalArgumentException(
                    "other users of this server may read or change this secret; run: chmod 0600 " + file);
        }
    }

    private static String decode(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "this file is larger than " + MAX_BYTES / 1024 + " KiB; it should hold only the credentials");
        }
        // Any byte is a character, so what is no text is refused where it stands.
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.startsWith("\u00ef\u00bb\u00bf") ? text.substring(3) : text;
    }
}
