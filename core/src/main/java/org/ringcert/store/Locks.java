package org.ringcert.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Locks on files, which the system lets go of when a process dies.
 *
 * <p>These locks belong to the process, not to the channel: when one channel of a file is closed, the process loses its lock on the file through any other.
 * So the channels stay open and only the locks come and go.
 */
final class Locks {

    private static final Duration WAIT = Duration.ofMillis(50);
    private static final int MOST_WAITS = 12_000;

    private final Disk disk;
    private final Map<Path, Channel> channels = new HashMap<>();
    private final Map<Path, FileLock> held = new HashMap<>();

    Locks(Disk disk) {
        this.disk = disk;
    }

    /** @param file identifies the file, so that one that was deleted by hand is not locked in vain */
    private record Channel(FileChannel channel, Object file) {}

    synchronized Optional<Store.Lock> tryLock(Path file) throws StoreException {
        if (held.containsKey(file)) {
            return Optional.empty();
        }
        Channel known = channels.get(file);
        if (known == null || !known.channel().isOpen() || !isSame(file, known)) {
            FileChannel opened = disk.openLock(file);
            known = new Channel(opened, disk.attempt("be opened", file, () -> identity(file)));
            channels.put(file, known);
        }
        FileChannel channel = known.channel();
        return disk.attempt("be locked", file, () -> {
            try {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    return Optional.empty();
                }
                held.put(file, lock);
                Store.Lock release = () -> release(file, lock);
                return Optional.of(release);
            } catch (OverlappingFileLockException e) {
                return Optional.empty();
            }
        });
    }

    /** Waits for ten minutes at most: who holds a lock longer hangs. */
    Store.Lock lock(Path file) throws StoreException {
        for (int waited = 0; waited < MOST_WAITS; waited++) {
            Optional<Store.Lock> lock = tryLock(file);
            if (lock.isPresent()) {
                return lock.get();
            }
            try {
                // the system's file locks can be waited for without a limit only
                Thread.sleep(WAIT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoreException("Interrupted while another held " + file + "; try again", e);
            }
        }
        throw new StoreException(
                "Another ringcert has held " + file + " for ten minutes: see whether one hangs, and end it", null);
    }

    private synchronized void release(Path file, FileLock lock) {
        if (!held.remove(file, lock)) {
            return;
        }
        try {
            lock.release();
        } catch (IOException e) {
            // its channel is closed, and the lock gone with it; who locks next opens another
        }
    }

    private static boolean isSame(Path file, Channel known) {
        try {
            return identity(file).equals(known.file());
        } catch (IOException e) {
            return false;
        }
    }

    private static Object identity(Path file) throws IOException {
        return Objects.requireNonNull(
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .fileKey(),
                "a POSIX file system numbers its files");
    }
}
