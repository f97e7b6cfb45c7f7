package org.ringcert.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads and writes files, directories and links in the store directory.
 *
 * <p>Whatever is created belongs to the store's owner, has its mode regardless of the umask, and is forced to disk
 * before it gets its final name. Symbolic links in the store are not followed, except by callers that resolve
 * {@code certs/SITE} themselves.
 *
 * <p>Names of unfinished files begin with {@link #TEMPORARY}. The caller ensures that no two threads or processes write
 * the same file at the same time.
 */
final class DurableFiles {

    /** The prefix of temporary names. No host name begins with it. */
    static final String TEMPORARY = ".tmp-";

    private final Path root;
    private final FileOwner owner;

    /**
     * @param root the store directory, absolute
     * @param owner who gets whatever is created
     */
    DurableFiles(Path root, FileOwner owner) {
        this.root = root;
        this.owner = owner;
    }

    Path root() {
        return root;
    }

    FileOwner owner() {
        return owner;
    }

    /**
     * Checks that a directory can be written to: creates a temporary file of the given size in it and deletes it.
     *
     * @throws StoreException if that fails
     */
    void probe(Path directory, int bytes) throws StoreException {
        Path file = directory.resolve(TEMPORARY + "probe-" + System.nanoTime());
        run("be written", directory, () -> {
            try (FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE),
                    FileMode.SECRET_FILE.attribute())) {
                ByteBuffer content = ByteBuffer.allocate(bytes);
                while (content.hasRemaining()) {
                    channel.write(content);
                }
                channel.force(true);
            }
        });
    }

    /**
     * Returns whether the store's owner has that much space left. File systems reserve some for root, so a write by
     * root does not show this. Returns true if the file system does not report it.
     */
    boolean hasSpace(int bytes) {
        try {
            return owner.isRoot() || Files.getFileStore(root).getUsableSpace() >= bytes;
        } catch (IOException e) {
            return true;
        }
    }

    /** Creates the directory if it does not exist, corrects its mode otherwise, and checks that it is writable. */
    void ensureDirectory(Path directory, FileMode mode) throws StoreException {
        run("be created", directory, () -> {
            if (createDirectory(directory, mode)) {
                giveToOwner(directory);
            }
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw new StoreException(directory + " is not a directory, or a link to one: move it away", null);
            }
            setMode(directory, mode);
        });
        requireWritable(directory);
    }

    boolean exists(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns the entries of a directory, in no particular order. */
    List<Path> list(Path directory) throws StoreException {
        return attempt("be read", directory, () -> {
            try (Stream<Path> entries = Files.list(directory)) {
                return entries.toList();
            }
        });
    }

    /**
     * Reads and parses a UTF-8 file.
     *
     * @param maxBytes the size above which the file is refused
     * @param parser throws an IllegalArgumentException if the content is damaged; its message continues "FILE is
     *     damaged: " and contains no secret
     * @param remedy what an administrator does about a damaged file
     * @return empty if the file does not exist
     */
    <T> Optional<T> read(Path file, int maxBytes, Function<String, T> parser, String remedy) throws StoreException {
        Optional<String> text = attempt("be read", file, () -> content(file, maxBytes, remedy));
        try {
            return text.map(parser);
        } catch (IllegalArgumentException e) {
            // The cause is left out: only the parser's own message is known to contain no secret.
            throw new StoreException(file + " is damaged: " + e.getMessage() + "; " + remedy, null);
        }
    }

    private static Optional<String> content(Path file, int maxBytes, String remedy) throws IOException, StoreException {
        try {
            // Opening a pipe would block the thread forever.
            if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isRegularFile()) {
                throw new StoreException(file + " is not a regular file; " + remedy, null);
            }
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                byte[] content = in.readNBytes(maxBytes + 1);
                if (content.length > maxBytes) {
                    throw new StoreException(file + " is larger than " + maxBytes + " bytes; " + remedy, null);
                }
                return Optional.of(new String(content, StandardCharsets.UTF_8));
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Creates the file or replaces it atomically. */
    void write(Path file, String content, FileMode mode) throws StoreException {
        Path temporary = temporaryName(file);
        run("be written", file, () -> {
            try {
                Files.deleteIfExists(temporary);
                createFile(temporary, content, mode);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
            force(parent(file));
        });
    }

    /** Creates a file that does not exist yet, in a directory that has not been published yet. */
    void writeNew(Path file, String content, FileMode mode) throws StoreException {
        run("be written", file, () -> createFile(file, content, mode));
    }

    /** Gives a finished directory its mode and its final name, which must not be taken. */
    void publish(Path directory, Path name, FileMode mode) throws StoreException {
        run("be written", name, () -> {
            setMode(directory, mode);
            force(directory);
            Files.move(directory, name, StandardCopyOption.ATOMIC_MOVE);
            force(parent(name));
        });
    }

    /** Creates the link or switches it atomically. */
    void link(Path link, Path target) throws StoreException {
        Path temporary = temporaryName(link);
        run("be switched", link, () -> {
            Files.deleteIfExists(temporary);
            Files.createSymbolicLink(temporary, target);
            giveToOwner(temporary);
            Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE);
            force(parent(link));
        });
    }

    /** Returns the target of a link as it is written in it, or empty if there is no link. */
    Optional<Path> target(Path link) throws StoreException {
        return attempt("be read", link, () -> {
            try {
                return Optional.of(Files.readSymbolicLink(link));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            } catch (NotLinkException e) {
                throw new StoreException(link + " is not a link to a version: move it away", null);
            }
        });
    }

    /** Deletes a file if it exists. */
    void delete(Path file) throws StoreException {
        run("be deleted", file, () -> {
            if (Files.deleteIfExists(file)) {
                force(parent(file));
            }
        });
    }

    /** Deletes a directory and the files in it. Links are deleted, not followed. */
    void deleteDirectory(Path directory) throws StoreException {
        run("be deleted", directory, () -> {
            if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                for (Path entry : list(directory)) {
                    Files.deleteIfExists(entry);
                }
            }
            Files.deleteIfExists(directory);
        });
    }

    /**
     * Opens a file for reading and writing in place, creating it if needed. Lock files need this: they are never
     * replaced, or whoever locked the old file and whoever locked the new one would not exclude each other.
     */
    FileChannel openSecretFile(Path file) throws StoreException {
        return attempt("be opened", file, () -> {
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            LinkOption.NOFOLLOW_LINKS),
                    FileMode.SECRET_FILE.attribute());
            try {
                setMode(file, FileMode.SECRET_FILE);
                giveToOwner(file);
                return channel;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        });
    }

    /** Throws a StoreException if this process is not allowed to write to the directory. */
    void requireWritable(Path directory) throws StoreException {
        if (Files.isWritable(directory)) {
            return;
        }
        String problem = directory + " is not writable; ";
        String alternative = ", or choose another [store] directory";
        throw owner.isAnotherUser()
                ? StoreException.permissionDenied(problem + runAsOwner() + alternative, null)
                : new StoreException(
                        problem + "check that its file system is not read-only and that it belongs to " + owner.name()
                                + alternative,
                        null);
    }

    @FunctionalInterface
    interface FileOperation<T> {
        T run() throws IOException, StoreException;
    }

    @FunctionalInterface
    private interface FileAction {
        void run() throws IOException, StoreException;
    }

    /**
     * Runs an operation on a file and turns an IOException into a StoreException that says "FILE cannot WHAT", why, and
     * what to do.
     *
     * @param what such as "be read"
     */
    <T> T attempt(String what, Path file, FileOperation<T> operation) throws StoreException {
        try {
            return operation.run();
        } catch (IOException e) {
            String problem = file + " cannot " + what + ": " + reason(e) + "; ";
            throw e instanceof AccessDeniedException && owner.isAnotherUser()
                    ? StoreException.permissionDenied(problem + runAsOwner(), e)
                    : new StoreException(
                            problem + "check that the disk is healthy and has space, and that everything in " + root
                                    + " belongs to " + owner.name(),
                            e);
        }
    }

    private void run(String what, Path file, FileAction action) throws StoreException {
        FileOperation<Boolean> operation = () -> {
            action.run();
            return true;
        };
        attempt(what, file, operation);
    }

    private String runAsOwner() {
        return "run this as " + owner.permittedUsers() + ", the owner of " + root;
    }

    private void createFile(Path file, String content, FileMode mode) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, FileMode.SECRET_FILE.attribute())) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            setMode(file, mode);
            giveToOwner(file);
            channel.force(true);
        }
    }

    /**
     * Creates a directory and forces it to disk.
     *
     * @return false if it exists already; another process may have created it just now
     */
    static boolean createDirectory(Path directory, FileMode mode) throws IOException {
        try {
            Files.createDirectory(directory, mode.attribute());
        } catch (FileAlreadyExistsException e) {
            return false;
        }
        setMode(directory, mode);
        force(parent(directory));
        return true;
    }

    /** Makes the store's owner the owner of a file. Only root can do that; for other users it fails. */
    private void giveToOwner(Path file) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (!view.readAttributes().owner().equals(owner.user())) {
            view.setOwner(owner.user());
            view.setGroup(owner.group());
        }
    }

    private static void setMode(Path file, FileMode mode) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (!view.readAttributes().permissions().equals(mode.permissions())) {
            view.setPermissions(mode.permissions());
        }
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path temporaryName(Path file) {
        return file.resolveSibling(TEMPORARY + file.getFileName());
    }

    /** Returns the parent of a path, or the path itself if it has none. */
    static Path parent(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }

    /** Returns why a file operation failed, in the system's words where it has some: "No space left on device". */
    static String reason(Exception e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException missing -> "it is missing";
            case ClosedByInterruptException interrupted -> "interrupted";
            case FileSystemException failed when failed.getReason() != null -> failed.getReason();
            case IOException failed
            when failed.getClass() == IOException.class && failed.getMessage() != null -> failed.getMessage();
            default -> e.toString();
        };
    }
}
