package org.ringcert.daemon.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** The file of {@code --svg}. */
final class PictureFile {

    private PictureFile() {}

    /** Returns why no picture can be written there, before anything is computed; empty if one can. */
    static Optional<String> mistake(String written) {
        try {
            Path file = Path.of(written).toAbsolutePath();
            Path folder = file.getParent();
            if (Files.isDirectory(file)) {
                return mistake(written, "this is a directory; write the name of a file in it");
            }
            if (folder == null || !Files.isDirectory(folder)) {
                return mistake(
                        written,
                        "there is no directory " + printable(String.valueOf(folder))
                                + "; create it, or write the file elsewhere");
            }
            return Files.isWritable(folder) || isDevice(file)
                    ? Optional.empty()
                    : mistake(
                            written,
                            "user " + System.getProperty("user.name")
                                    + " is not allowed to write there; write the file elsewhere");
        } catch (InvalidPathException e) {
            return mistake(written, "this is not a path");
        }
    }

    private static Optional<String> mistake(String written, String text) {
        return Optional.of("--svg " + printable(written) + ": " + text);
    }

    private static String printable(String written) {
        return written.replaceAll("\\p{Cntrl}", "?");
    }

    /** Such as {@code /dev/stdout}. */
    private static boolean isDevice(Path file) {
        return Files.exists(file) && !Files.isRegularFile(file);
    }

    /** Writes the picture. Whoever reads the file meanwhile sees the previous one or this one, never a part. */
    static void write(String written, String picture) throws IOException {
        Path file = Path.of(written).toAbsolutePath();
        if (isDevice(file)) {
            Files.writeString(file, picture, StandardCharsets.UTF_8);
            return;
        }
        Path target = Files.exists(file) ? file.toRealPath() : file;
        Path folder = target.getParent();
        Path temporary = Files.createTempFile(
                folder,
                ".picture",
                ".svg",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        try {
            Files.writeString(temporary, picture, StandardCharsets.UTF_8);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
