package org.ringcert.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps over restarts what a node needs to plan its orders: {@code plan.json} (0600). Plans work without it, only less
 * well: so a damaged file is set aside, and the log says so. Thread-safe, and may be used by several processes.
 */
public final class PlanFile {

    private static final Logger log = LoggerFactory.getLogger(PlanFile.class);

    private static final int MAX_BYTES = 1 << 26;

    private final DurableFiles files;
    private final FileLocks locks;
    private final Path file;
    private final Path lockFile;
    private final Clock clock;

    private @Nullable Cached cached;

    /** The content of the file in one state. Each write makes a new file. */
    private record Cached(@Nullable Object fileKey, Instant modified, long size, PlanRecords records) {

        boolean isOf(BasicFileAttributes attributes) {
            return Objects.equals(fileKey, attributes.fileKey())
                    && modified.equals(attributes.lastModifiedTime().toInstant())
                    && size == attributes.size();
        }
    }

    PlanFile(DurableFiles files, FileLocks locks, Path file, Path lockFile, Clock clock) {
        this.files = files;
        this.locks = locks;
        this.file = file;
        this.lockFile = lockFile;
        this.clock = clock;
    }

    /**
     * Returns what is remembered, as of now. Changes nothing.
     *
     * @throws StoreException also if the file is damaged
     */
    public synchronized PlanRecords read() throws StoreException {
        return load().asOf(clock.instant());
    }

    /** Changes what is remembered, under a lock. Does not write if nothing changes. A damaged file is set aside. */
    public synchronized PlanRecords update(UnaryOperator<PlanRecords> change) throws StoreException {
        try (Store.Lock _ = locks.lock(lockFile)) {
            PlanRecords previous = loadOrSetAside().asOf(clock.instant());
            PlanRecords next = change.apply(previous);
            if (!next.equals(previous)) {
                files.write(file, PlanJson.write(next), FileMode.SECRET_FILE);
                cached = attributes().map(written -> cached(written, next)).orElse(null);
            }
            return next;
        }
    }

    private PlanRecords loadOrSetAside() throws StoreException {
        try {
            return load();
        } catch (StoreException e) {
            if (e.isPermissionDenied() || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            Path aside = file.resolveSibling(file.getFileName() + ".damaged");
            files.attempt("be renamed", file, () -> Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING));
            log.warn(
                    "{}. It is now {}; what CAs have refused is forgotten, and is learned again from them",
                    e.getMessage(),
                    aside.getFileName());
            return PlanRecords.NONE;
        }
    }

    private PlanRecords load() throws StoreException {
        Optional<BasicFileAttributes> attributes = attributes();
        if (attributes.isEmpty()) {
            return PlanRecords.NONE;
        }
        Cached known = cached;
        if (known != null && known.isOf(attributes.get())) {
            return known.records();
        }
        PlanRecords records =
                files.read(file, MAX_BYTES, PlanJson::read, "move it away").orElse(PlanRecords.NONE);
        cached = cached(attributes.get(), records);
        return records;
    }

    private static Cached cached(BasicFileAttributes attributes, PlanRecords records) {
        return new Cached(attributes.fileKey(), attributes.lastModifiedTime().toInstant(), attributes.size(), records);
    }

    private Optional<BasicFileAttributes> attributes() throws StoreException {
        return files.attempt("be read", file, this::attributesOfFile);
    }

    private Optional<BasicFileAttributes> attributesOfFile() throws IOException {
        try {
            return Optional.of(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }
}
