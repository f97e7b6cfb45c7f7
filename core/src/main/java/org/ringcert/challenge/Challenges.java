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
 * The key authorizations published on this node. They are kept in memory, and in files named after the token in
 * {@code challenges/}; directories of other ACME programs are searched as well. Files are read at the moment of the
 * request, so a key authorization that another process has just published is found, and misses are not cached.
 *
 * <p>A file expires {@link #RETENTION} after its modification time, and is not found from then on. A modification time
 * in the future comes from a wrong clock and is set to now. Thus published tokens survive a restart, and those of a
 * process that died expire by themselves. Thread-safe, and safe with other processes on the same directory.
 */
public final class Challenges {

    /** How long a file that is never retired is kept: longer than an order of Let's Encrypt can be open. */
    public static final Duration RETENTION = Duration.ofDays(8);

    /**
     * How long a token remains published after its order has ended: slower vantage points of the CA may still request
     * it.
     */
    public static final Duration GRACE_PERIOD = Duration.ofMinutes(1);

    /** How long a test challenge is kept if its process dies. No test takes longer. */
    public static final Duration TEST_RETENTION = Duration.ofHours(1);

    private static final Logger log = LoggerFactory.getLogger(Challenges.class);
    private static final int MAX_FILE_BYTES = 1024;

    private final Store store;
    private final Path ownDirectory;
    private final List<Path> otherDirectories;
    private final InstantSource clock;
    private final Map<Token, Published> memory;
    private final AtomicBoolean cleanupFailureLogged = new AtomicBoolean();

    private record Published(KeyAuthorization keyAuthorization, Instant expiry) {}

    /**
     * @param store its {@code challenges/} are served
     * @param otherDirectories where other ACME programs on this server publish; these directories need not exist
     */
    public Challenges(Store store, List<Path> otherDirectories, InstantSource clock) {
        this(store, otherDirectories, clock, new ConcurrentHashMap<>());
    }

    private Challenges(Store store, List<Path> otherDirectories, InstantSource clock, Map<Token, Published> memory) {
        this.store = store;
        this.ownDirectory = store.challenges();
        this.otherDirectories = List.copyOf(otherDirectories);
        this.clock = clock;
        this.memory = memory;
    }

    /** Returns a view of the same published challenges with other directories of other programs. */
    public Challenges withOtherDirectories(List<Path> newDirectories) {
        return new Challenges(store, newDirectories, clock, memory);
    }

    /**
     * Publishes the key authorization, in memory and in a file. When this returns, every process that searches the
     * directory finds it.
     *
     * @throws StoreException if the file cannot be written; nothing is published then
     */
    public void publish(KeyAuthorization keyAuthorization) throws StoreException {
        Token token = keyAuthorization.token();
        store.saveChallenge(token.value(), keyAuthorization.text());
        memory.put(token, new Published(keyAuthorization, clock.instant().plus(RETENTION)));
    }

    /**
     * Publishes a key authorization that no CA has requested. As {@link #publish}, but it expires after
     * {@link #TEST_RETENTION}.
     */
    void publishTest(KeyAuthorization keyAuthorization) throws StoreException {
        publish(keyAuthorization);
        expire(keyAuthorization.token(), TEST_RETENTION);
    }

    /**
     * Lets the token expire after {@link #GRACE_PERIOD}, because its order has ended. Does nothing if the token is not
     * published.
     */
    public void retire(Token token) {
        expire(token, GRACE_PERIOD);
    }

    private void expire(Token token, Duration delay) {
        Instant expiry = clock.instant().plus(delay);
        memory.computeIfPresent(token, (_, published) -> new Published(published.keyAuthorization(), expiry));
        Path file = ownDirectory.resolve(token.value());
        try {
            if (Files.isRegularFile(file, NOFOLLOW_LINKS)) {
                Files.setLastModifiedTime(file, FileTime.from(expiry.minus(RETENTION)));
            }
        } catch (IOException e) {
            log.warn(
                    "{} is kept for {} days because its modification time cannot be set: {}",
                    file,
                    RETENTION.toDays(),
                    e.toString());
        }
    }

    /**
     * Removes the token at once, which is right if no CA will request it. Does nothing if the token is not published.
     */
    public void withdraw(Token token) {
        memory.remove(token);
        Path file = ownDirectory.resolve(token.value());
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.warn("{} is kept for {} days because it cannot be removed: {}", file, RETENTION.toDays(), e.toString());
        }
    }

    /** Returns the key authorization for the token if it is in memory. Never blocks. */
    public Optional<KeyAuthorization> findInMemory(Token token) {
        return Optional.ofNullable(memory.get(token))
                .filter(published -> clock.instant().isBefore(published.expiry()))
                .map(Published::keyAuthorization);
    }

    /** Returns the key authorization for the token from memory or from a file. Blocks on disk access. */
    public Optional<KeyAuthorization> find(Token token) {
        return findInMemory(token)
                .or(() -> findInOwnFile(token))
                .or(() -> otherDirectories.stream()
                        .flatMap(directory -> findInFile(directory, token).stream())
                        .findFirst());
    }

    /** Removes expired tokens from memory and from {@code challenges/}; does not touch the other directories. */
    public void removeExpired() {
        Instant now = clock.instant();
        Instant latest = now.plus(RETENTION);
        memory.values().removeIf(published -> !now.isBefore(published.expiry()));
        memory.replaceAll((_, published) ->
                published.expiry().isAfter(latest) ? new Published(published.keyAuthorization(), latest) : published);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(ownDirectory)) {
            for (Path file : files) {
                Instant modified =
                        Files.getLastModifiedTime(file, NOFOLLOW_LINKS).toInstant();
                if (!now.isBefore(modified.plus(RETENTION))) {
                    Files.deleteIfExists(file);
                } else if (modified.isAfter(now) && Files.isRegularFile(file, NOFOLLOW_LINKS)) {
                    Files.setLastModifiedTime(file, FileTime.from(now));
                }
            }
            cleanupFailureLogged.set(false);
        } catch (IOException e) {
            if (!cleanupFailureLogged.getAndSet(true)) {
                log.warn("cannot remove expired challenges from {}: {}", ownDirectory, e.toString());
            }
        }
    }

    /** Returns nothing from a file that has expired but was not removed: on some nodes nobody cleans up for hours. */
    private Optional<KeyAuthorization> findInOwnFile(Token token) {
        try {
            FileTime modified = Files.getLastModifiedTime(ownDirectory.resolve(token.value()), NOFOLLOW_LINKS);
            return clock.instant().isBefore(modified.toInstant().plus(RETENTION))
                    ? findInFile(ownDirectory, token)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<KeyAuthorization> findInFile(Path directory, Token token) {
        Path file = directory.resolve(token.value());
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
            if (!attributes.isRegularFile() || attributes.size() > MAX_FILE_BYTES) {
                return Optional.empty();
            }
            try (SeekableByteChannel channel =
                    Files.newByteChannel(file, Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS))) {
                ByteBuffer bytes = ByteBuffer.allocate(MAX_FILE_BYTES + 1);
                while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
                String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
                return KeyAuthorization.parse(token, text.stripTrailing());
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
