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
 * Locks on files, which the system lets go of when a process dies.
 *
 * <p>These locks belong to the process, not to the channel: when one channel of a file is closed, the process loses its
 * lock on the file through any other. So the channels stay open and only the locks come and go.
 */
final class Locks {

    private static final Duration WAIT = Duration.ofMillis(50);
    private static final int MOST_WAITS = 12_000;

    private static final int NOTE_BYTES = 200;

    private final Disk disk;
    private final Clock clock;
    private final Map<Path, Channel> channels = new HashMap<>();
    private final Map<Path, FileLock> held = new HashMap<>();

    Locks(Disk disk, Clock clock) {
        this.disk = disk;
        this.clock = clock;
    }

    /** @param file identifies the file, so that one that was deleted by hand is not locked in vain */
    private record Channel(FileChannel channel, Object file) {}

    synchronized Optional<Store.Lock> tryLock(Path file) throws StoreException {
        if (held.containsKey(file)) {
            return Optional.empty();
        }
        FileChannel channel = channel(file);
        return disk.attempt("be locked", file, () -> {
            try {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    return Optional.empty();
                }
                note(channel);
                held.put(file, lock);
                Store.Lock release = () -> release(file, lock);
                return Optional.of(release);
            } catch (OverlappingFileLockException e) {
                return Optional.empty();
            }
        });
    }

    private FileChannel channel(Path file) throws StoreException {
        Channel known = channels.get(file);
        if (known == null || !known.channel().isOpen() || !isSame(file, known)) {
            FileChannel opened = disk.openLock(file);
            known = new Channel(opened, disk.attempt("be opened", file, () -> identity(file)));
            channels.put(file, known);
        }
        return known.channel();
    }

    /** Who has the lock, and since when: for a person who looks for what hangs. Nothing else hangs on it. */
    private void note(FileChannel channel) throws IOException {
        try {
            byte[] note =
                    (ProcessHandle.current().pid() + " " + clock.instant() + "\n").getBytes(StandardCharsets.US_ASCII);
            channel.write(ByteBuffer.wrap(note), 0);
            channel.truncate(note.length);
        } catch (ClosedChannelException e) {
            // by an interrupt, and the lock went with it
            throw e;
        } catch (IOException e) {
            // the disk takes nothing; who needs it to finds out
        }
    }

    /** Who has the lock now; nothing where nobody has it, or it is not known since when. */
    synchronized Optional<Store.LockHolder> holder(Path file) throws StoreException {
        if (!disk.exists(file)) {
            return Optional.empty();
        }
        FileChannel channel = channel(file);
        return disk.attempt("be read", file, () -> {
            if (!held.containsKey(file)) {
                try (FileLock free = channel.tryLock()) {
                    if (free != null) {
                        return Optional.empty();
                    }
                } catch (OverlappingFileLockException e) {
                    // another part of this process has it
                }
            }
            ByteBuffer note = ByteBuffer.allocate(NOTE_BYTES);
            channel.read(note, 0);
            return parse(new String(note.array(), 0, note.position(), StandardCharsets.US_ASCII));
        });
    }

    private static Optional<Store.LockHolder> parse(String note) {
        String[] words = note.strip().split(" ", -1);
        try {
            return words.length == 2
                    ? Optional.of(new Store.LockHolder(Long.parseLong(words[0]), Instant.parse(words[1])))
                    : Optional.empty();
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
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
        String who = holder(file).map(holder -> "Process " + holder.process()).orElse("Another ringcert");
        throw new StoreException(
                who + " has held " + file + " for ten minutes: see whether it hangs, and end it", null);
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
