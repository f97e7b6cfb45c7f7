package org.ringcert.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Locks on files. The system releases them when the process dies.
 *
 * <p>POSIX file locks belong to the process, not to the channel: if the process closes any channel of a file, it loses
 * its locks on that file. So channels stay open, and only the locks are acquired and released. Thread-safe.
 */
final class FileLocks {

    /** How long {@link #lock(Path)} waits: whoever holds a lock for longer hangs. */
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

    /** The bytes that are read of a lock file: more than a process ID and a time take. */
    private static final int HOLDER_BYTES = 200;

    private final DurableFiles files;
    private final Clock clock;
    private final Map<Path, OpenFile> openFiles = new HashMap<>();
    private final Map<Path, FileLock> held = new HashMap<>();

    FileLocks(DurableFiles files, Clock clock) {
        this.files = files;
        this.clock = clock;
    }

    /**
     * An open lock file.
     *
     * @param fileKey identifies the file, to notice when someone has deleted it: a lock on a deleted file excludes no
     *     one
     */
    private record OpenFile(FileChannel channel, Object fileKey) {}

    /** Acquires the lock without waiting; returns empty if it is held by this or another process. */
    synchronized Optional<Store.Lock> tryLock(Path file) throws StoreException {
        if (held.containsKey(file)) {
            return Optional.empty();
        }
        FileChannel channel = channel(file);
        return files.attempt("be locked", file, () -> {
            try {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    return Optional.empty();
                }
                writeHolder(channel);
                held.put(file, lock);
                Store.Lock release = () -> release(file, lock);
                return Optional.of(release);
            } catch (OverlappingFileLockException e) {
                return Optional.empty();
            }
        });
    }

    /** Acquires the lock, waiting for it up to {@link #TIMEOUT}. */
    Store.Lock lock(Path file) throws StoreException {
        return lock(file, TIMEOUT);
    }

    /** Acquires the lock, waiting for it up to {@code timeout}. */
    Store.Lock lock(Path file, Duration timeout) throws StoreException {
        long attempts = timeout.dividedBy(POLL_INTERVAL);
        for (long attempt = 0; attempt < attempts; attempt++) {
            Optional<Store.Lock> lock = tryLock(file);
            if (lock.isPresent()) {
                return lock.get();
            }
            try {
                // The system can wait for a file lock, but not with a timeout.
                Thread.sleep(POLL_INTERVAL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoreException("Interrupted while waiting for the lock " + file + "; try again", e);
            }
        }
        String who = holder(file).map(holder -> "Process " + holder.pid()).orElse("Another ringcert");
        throw new StoreException(
                who + " has held the lock " + file + " for " + timeout.toSeconds()
                        + " seconds: check whether it hangs, and end it",
                null);
    }

    /** Returns who holds the lock; empty if no one does, or if the file does not say. */
    synchronized Optional<Store.LockHolder> holder(Path file) throws StoreException {
        if (!files.exists(file)) {
            return Optional.empty();
        }
        FileChannel channel = channel(file);
        return files.attempt("be read", file, () -> {
            if (!held.containsKey(file)) {
                try (FileLock free = channel.tryLock()) {
                    if (free != null) {
                        return Optional.empty();
                    }
                } catch (OverlappingFileLockException e) {
                    // Another Store in this process holds the lock.
                }
            }
            ByteBuffer content = ByteBuffer.allocate(HOLDER_BYTES);
            channel.read(content, 0);
            return parseHolder(new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII));
        });
    }

    private FileChannel channel(Path file) throws StoreException {
        OpenFile known = openFiles.get(file);
        if (known == null || !known.channel().isOpen() || !isCurrent(file, known)) {
            FileChannel opened = files.openSecretFile(file);
            known = new OpenFile(opened, files.attempt("be opened", file, () -> fileKey(file)));
            openFiles.put(file, known);
        }
        return known.channel();
    }

    /**
     * Writes who holds the lock and since when, for a person who wants to know what hangs. The lock itself does not
     * depend on it.
     */
    private void writeHolder(FileChannel channel) throws IOException {
        try {
            byte[] content =
                    (ProcessHandle.current().pid() + " " + clock.instant() + "\n").getBytes(StandardCharsets.US_ASCII);
            channel.write(ByteBuffer.wrap(content), 0);
            channel.truncate(content.length);
        } catch (ClosedChannelException e) {
            // An interrupt closed the channel, and so released the lock.
            throw e;
        } catch (IOException e) {
            // The disk may be full. That is reported by whatever is written under the lock.
        }
    }

    private static Optional<Store.LockHolder> parseHolder(String content) {
        String[] words = content.strip().split(" ", -1);
        try {
            return words.length == 2
                    ? Optional.of(new Store.LockHolder(Long.parseLong(words[0]), Instant.parse(words[1])))
                    : Optional.empty();
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private synchronized void release(Path file, FileLock lock) {
        if (!held.remove(file, lock)) {
            return;
        }
        try {
            lock.release();
        } catch (IOException e) {
            // The channel was closed, which released the lock. The next attempt opens the file again.
        }
    }

    private static boolean isCurrent(Path file, OpenFile known) {
        try {
            return fileKey(file).equals(known.fileKey());
        } catch (IOException e) {
            return false;
        }
    }

    private static Object fileKey(Path file) throws IOException {
        return Objects.requireNonNull(
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .fileKey(),
                "a POSIX file system identifies its files");
    }
}
