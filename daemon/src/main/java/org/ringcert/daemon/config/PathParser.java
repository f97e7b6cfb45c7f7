package org.ringcert.daemon.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Parses paths. */
public final class PathParser {

    private PathParser() {}

    /**
     * Returns the normalized path. It must be absolute, so that it means the same in every working directory.
     *
     * @throws IllegalArgumentException if it is not; the message says what to write
     */
    static Path parseAbsolute(String written) {
        try {
            Path path = Path.of(written);
            if (path.isAbsolute()) {
                return path.normalize();
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    written.indexOf('\0') < 0 ? "this path " + notRepresentable() : "this is not a path", e);
        }
        throw new IllegalArgumentException("write an absolute path, one that begins with /");
    }

    /**
     * Returns what is wrong with a path whose characters this process cannot encode, and the remedy. Java encodes file
     * names in the character set of the locale in which it was started.
     */
    public static String notRepresentable() {
        return "cannot be represented in the locale of this process, whose character set is "
                + System.getProperty("sun.jnu.encoding") + "; set LC_ALL=C.UTF-8";
    }
}
