package org.ringcert.challenge;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The challenges whose answers are held on this node: in memory, else as a file named by the token in
 * {@code challenges/} or in a folder of another ACME program. Files are opened at the moment of the request, so what
 * another process has published a moment ago is held, and a miss is not remembered.
 *
 * <p>A file's time of change says when it goes: {@link #RETENTION} later; one in the future was set by a clock that was
 * wrong, and is set to now. So a token survives a restart, and those that a process left behind when it died go by
 * themselves. Safe for any number of threads, and for other processes on the same folder.
 */
public final class Challenges {

    /** How long a file stays that nobody took back: longer than any order of Let's Encrypt lives. */
    public static final Duration RETENTION = Duration.ofDays(8);

    /** How long a token stays held after its order has ended: slower viewpoints of the CA may still be on their way. */
    public static final Duration GRACE_PERIOD = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(Challenges.class);
    private static final int LARGEST_FILE = 1024;

    private final Store store;
    private final Path directory;
    private final List<Path> also;
    private final InstantSource clock;
    private final Map<Token, Published> memory;
    private final AtomicBoolean troubleWasTold = new AtomicBoolean();

    private record Published(KeyAuthorization keyAuthorization, Instant until) {}

    /**
     * The challenges of one store.
     *
     * @param store whose {@code challenges/} are served
     * @param also folders where other ACME programs on this server publish; they may come and go
     */
    public Challenges(Store store, List<Path> also, InstantSource clock) {
        this(store, also, clock, new ConcurrentHashMap<>());
    }

    private Challenges(Store store, List<Path> also, InstantSource clock, Map<Token, Published> memory) {
        this.store = store;
        this.directory = store.challenges();
        this.also = List.copyOf(also);
        this.clock = clock;
        this.memory = memory;
    }

    /** The same challenges, held in common from now on, with other folders of other programs. */
    public Challenges withOtherDirectories(List<Path> otherAlso) {
        return new Challenges(store, otherAlso, clock, memory);
    }

    /**
     * Holds the key authorization from now on, in memory and as a file. When this returns, every process that looks
     * into the folder finds it.
     *
     * @throws StoreException if the file cannot be written; nothing is held then
     */
    public void publish(KeyAuthorization keyAuthorization) throws StoreException {
        Token token = keyAuthorization.token();
        store.saveChallenge(token.value(), keyAuthorization.text());
        memory.put(token, new Published(keyAuthorization, clock.instant().plus(RETENTION)));
    }

    /** The token's order has ended: it is held for a minute more. Does nothing for a token that is not held. */
    public void retire(Token token) {
        Instant until = clock.instant().plus(GRACE_PERIOD);
        memory.computeIfPresent(token, (t, published) -> new Published(published.keyAuthorization(), until));
        Path file = directory.resolve(token.value());
        try {
            if (Files.isRegularFile(file, NOFOLLOW_LINKS)) {
                Files.setLastModifiedTime(file, FileTime.from(until.minus(RETENTION)));
            }
        } catch (IOException e) {
            log.warn(
                    "{} stays for {} days: its time of change cannot be set: {}",
                    file,
                    RETENTION.toDays(),
                    e.toString());
        }
    }

    /** Lets go of it at once, for what no CA was told of. Does nothing for a token that is not held. */
    public void withdraw(Token token) {
        memory.remove(token);
        Path file = directory.resolve(token.value());
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.warn("{} stays for {} days: it cannot be removed: {}", file, RETENTION.toDays(), e.toString());
        }
    }

    /** What memory holds for the token; never blocks. */
    public Optional<KeyAuthorization> findInMemory(Token token) {
        return Optional.ofNullable(memory.get(token))
                .filter(published -> clock.instant().isBefore(published.until()))
                .map(Published::keyAuthorization);
    }

    /** What is held for the token, in memory or in a file. Blocks on the disk. */
    public Optional<KeyAuthorization> find(Token token) {
        return findInMemory(token)
                .or(() -> findInFile(directory, token))
                .or(() -> also.stream()
                        .flatMap(folder -> findInFile(folder, token).stream())
                        .findFirst());
    }

    /** Lets go of what has had its time, in memory and in {@code challenges/}; other folders are left alone. */
    public void removeExpired() {
        Instant now = clock.instant();
        Instant longest = now.plus(RETENTION);
        memory.values().removeIf(published -> !now.isBefore(published.until()));
        memory.replaceAll((_, published) ->
                published.until().isAfter(longest) ? new Published(published.keyAuthorization(), longest) : published);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Instant changed =
                        Files.getLastModifiedTime(file, NOFOLLOW_LINKS).toInstant();
                if (!now.isBefore(changed.plus(RETENTION))) {
                    Files.deleteIfExists(file);
                } else if (changed.isAfter(now) && Files.isRegularFile(file, NOFOLLOW_LINKS)) {
                    Files.setLastModifiedTime(file, FileTime.from(now));
                }
            }
            troubleWasTold.set(false);
        } catch (IOException e) {
            if (!troubleWasTold.getAndSet(true)) {
                log.warn("{} cannot be swept of old challenges: {}", directory, e.toString());
            }
        }
    }

    private static Optional<KeyAuthorization> findInFile(Path folder, Token token) {
        Path file = folder.resolve(token.value());
        try {
            BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
            if (!is.isRegularFile() || is.size() > LARGEST_FILE) {
                return Optional.empty();
            }
            try (SeekableByteChannel channel =
                    Files.newByteChannel(file, Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS))) {
                ByteBuffer bytes = ByteBuffer.allocate(LARGEST_FILE + 1);
                while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
                String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
                return KeyAuthorization.parse(token, text.stripTrailing());
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
