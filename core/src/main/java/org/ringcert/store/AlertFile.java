package org.ringcert.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.Function;

/**
 * Keeps over restarts which problems a person has been told of: {@code alerts.json} (0600). Written by the daemon
 * alone.
 */
public final class AlertFile {

    private static final int MAX_BYTES = 1 << 24;

    private final DurableFiles files;
    private final Path file;

    AlertFile(DurableFiles files, Path file) {
        this.files = files;
        this.file = file;
    }

    /** Returns the saved text; empty if nothing has been saved. */
    public Optional<String> read() throws StoreException {
        return files.read(file, MAX_BYTES, Function.identity(), "move it away");
    }

    /** Replaces the saved text atomically. */
    public void save(String text) throws StoreException {
        files.write(file, text, FileMode.SECRET_FILE);
    }

    /** Renames the file to {@code alerts.json.damaged}, and returns its new path. */
    public Path setAside() throws StoreException {
        Path aside = file.resolveSibling(file.getFileName() + ".damaged");
        return files.attempt("be renamed", file, () -> Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING));
    }
}
