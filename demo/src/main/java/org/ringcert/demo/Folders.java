package org.ringcert.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** Creates and deletes whole folders, and knows the one for what is fetched or built once. */
public final class Folders {

    private Folders() {}

    /**
     * Returns the folder for what was fetched or built once and is used again: {@code $XDG_CACHE_HOME/ringcert}, or
     * {@code ~/.cache/ringcert}. It need not exist.
     *
     * @param environment the environment variables
     */
    public static Path cache(Map<String, String> environment) {
        String named = environment.getOrDefault("XDG_CACHE_HOME", "");
        // The XDG base directory specification says to ignore relative paths.
        Path base = named.startsWith("/") ? Path.of(named) : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("ringcert");
    }

    /**
     * Creates the folder with its content, completely or not at all. If another process creates the same folder at the
     * same time and finishes first, that folder stays.
     */
    public static void fill(Path folder, Filler filler) throws IOException {
        Path parent = Files.createDirectories(folder.toAbsolutePath().getParent());
        Path work = Files.createTempDirectory(parent, folder.getFileName() + ".");
        try {
            filler.fill(work);
            try {
                Files.move(work, folder, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                if (!Files.isDirectory(folder)) {
                    throw e;
                }
            }
        } finally {
            delete(work);
        }
    }

    /** Deletes the folder and everything in it. Does nothing if there is no such folder. */
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> content = Files.walk(folder)) {
            content.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Writes the content of a new folder. */
    public interface Filler {
        void fill(Path folder) throws IOException;
    }
}
