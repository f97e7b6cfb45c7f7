package org.ringcert.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** Creates and deletes whole folders. */
final class Folders {

    private Folders() {}

    /**
     * Creates the folder with its content, completely or not at all. If another process creates the same folder at the
     * same time and finishes first, that folder stays.
     */
    static void fill(Path folder, Filler filler) throws IOException {
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
    static void delete(Path folder) throws IOException {
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
    interface Filler {
        void fill(Path folder) throws IOException;
    }
}
