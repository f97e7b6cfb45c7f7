package org.ringcert.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.ringcert.cluster.HostName;

/**
 * What has happened to each site, in {@code history/SITE.jsonl}: a line of JSON for each event, the newest last. The
 * history of a site that is no longer configured stays.
 *
 * <p>Unlike the rest of the store, lines are not forced to disk: a crash of the machine may cost the latest. Lines that
 * are damaged, cut or of an unknown type are skipped. Thread-safe, also while other processes append.
 */
public final class HistoryStore {

    /** How many events {@link #read} returns at most. */
    public static final int MAX_EVENTS = 50;

    /** The size above which a file is replaced by its last lines. A line is rarely longer than 1,000 bytes. */
    private static final int MAX_BYTES = 128 << 10;

    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);
    private static final byte NEWLINE = '\n';

    private final DurableFiles files;
    private final StoreLayout layout;
    private final FileLocks locks;

    HistoryStore(DurableFiles files, StoreLayout layout, FileLocks locks) {
        this.files = files;
        this.layout = layout;
        this.locks = locks;
    }

    /**
     * Returns the latest events of a site, the oldest first; at most {@link #MAX_EVENTS}. Empty if nothing has been
     * recorded. At most the last 128 KiB of the file are read, whatever its size.
     *
     * @throws StoreException also if the file is not a regular file, or has content but no event that can be read
     */
    public List<HistoryEvent> read(HostName site) throws StoreException {
        Path file = file(site);
        List<HistoryEvent> events = files.attempt("be read", file, () -> tail(file)).stream()
                .flatMap(line -> HistoryJson.read(line).stream())
                .toList();
        if (events.isEmpty() && file.toFile().length() > 0) {
            throw new StoreException(file + " has no event that this version can read; move it away", null);
        }
        return events.subList(Math.max(0, events.size() - MAX_EVENTS), events.size());
    }

    /** Adds an event to the history of its site. */
    public void append(HistoryEvent event) throws StoreException {
        Path file = file(event.certificate().site());
        synchronized (this) {
            try (Store.Lock _ = lock()) {
                requireRegularFile(file);
                if (append(file, HistoryJson.write(event)) > MAX_BYTES) {
                    shorten(file);
                }
            }
        }
    }

    private Store.Lock lock() throws StoreException {
        if (!files.exists(layout.history())) {
            files.ensureDirectory(layout.history(), FileMode.SECRET_DIRECTORY);
        }
        return locks.lock(layout.history().resolve("lock"), LOCK_TIMEOUT);
    }

    /** Appends a line, after a newline if the last line has none. Returns the file's size. */
    private long append(Path file, String line) throws StoreException {
        try (FileChannel channel = files.openSecretFile(file)) {
            return files.attempt("be written", file, () -> append(channel, line));
        } catch (IOException e) {
            throw new StoreException(file + " cannot be written: " + DurableFiles.reason(e), e);
        }
    }

    private static long append(FileChannel channel, String line) throws IOException {
        long size = channel.size();
        String start = size > 0 && !endsWithNewline(channel, size) ? "\n" : "";
        ByteBuffer bytes = ByteBuffer.wrap((start + line + "\n").getBytes(StandardCharsets.UTF_8));
        long position = size;
        try {
            while (bytes.hasRemaining()) {
                position += channel.write(bytes, position);
            }
            return position;
        } catch (IOException e) {
            // A full disk leaves no half line, if that can be helped.
            channel.truncate(size);
            throw e;
        }
    }

    private static boolean endsWithNewline(FileChannel channel, long size) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return channel.read(last, size - 1) == 1 && last.get(0) == NEWLINE;
    }

    private void shorten(Path file) throws StoreException {
        List<String> lines = files.attempt("be read", file, () -> tail(file));
        List<String> kept = lines.subList(Math.max(0, lines.size() - MAX_EVENTS), lines.size());
        files.write(file, String.join("\n", kept) + "\n", FileMode.SECRET_FILE);
    }

    /** Returns the last complete lines of the file; none if it does not exist. */
    private List<String> tail(Path file) throws IOException, StoreException {
        requireRegularFile(file);
        try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            long size = channel.size();
            long start = Math.max(0, size - MAX_BYTES);
            ByteBuffer bytes = ByteBuffer.allocate((int) (size - start));
            while (bytes.hasRemaining() && channel.read(bytes, start + bytes.position()) > 0) {
                // Reads on until the end of the file.
            }
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            // The first line of a part of the file has lost its beginning.
            return text.lines()
                    .skip(start > 0 ? 1 : 0)
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Opening a pipe would block the thread forever. */
    private static void requireRegularFile(Path file) throws StoreException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new StoreException(file + " is not a regular file; move it away", null);
        }
    }

    private Path file(HostName site) {
        return layout.history().resolve(site.value() + ".jsonl");
    }
}
