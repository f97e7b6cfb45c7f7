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
 * The steps that everything in the store is made of. What is made belongs to the owner of the store's folder, has its
 * mode whatever the umask, and is forced to disk before a name leads to it. No link is followed below the store's
 * folder, except by who resolves {@code certs/SITE}.
 *
 * <p>What is under way has a name that begins with {@link #TEMPORARY}. Two that write the same file at the same time
 * must be kept apart by the caller.
 */
final class Disk {

    /** No host name begins so. */
    static final String TEMPORARY = ".tmp-";

    private final Path root;
    private final FileOwner owner;

    /**
     * @param root the store's folder, absolute
     * @param owner whom all that is made belongs to
     */
    Disk(Path root, FileOwner owner) {
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
     * Writes so many bytes into a file of that folder, and removes it.
     *
     * @throws StoreException if that cannot be done
     */
    void probe(Path folder, int bytes) throws StoreException {
        Path file = folder.resolve(TEMPORARY + "probe-" + System.nanoTime());
        act("be written", folder, () -> {
            try (FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE),
                    Mode.SECRET_FILE.attribute())) {
                ByteBuffer content = ByteBuffer.allocate(bytes);
                while (content.hasRemaining()) {
                    channel.write(content);
                }
                channel.force(true);
            }
        });
    }

    /** Whether the store's owner has so many bytes left: root may write where others cannot any more. */
    boolean hasSpace(int bytes) {
        try {
            return owner.isRoot() || Files.getFileStore(root).getUsableSpace() >= bytes;
        } catch (IOException e) {
            // nothing is known of this file system
            return true;
        }
    }

    /** A folder of that mode, made or corrected. */
    void folder(Path folder, Mode mode) throws StoreException {
        act("be made", folder, () -> {
            if (make(folder, mode)) {
                give(folder);
            }
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new StoreException(folder + " is no folder, or a link to one: move it away", null);
            }
            chmod(folder, mode);
        });
        mustBeWritable(folder);
    }

    boolean exists(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** The entries of a folder, in any order. */
    List<Path> list(Path folder) throws StoreException {
        return attempt("be read", folder, () -> {
            try (Stream<Path> entries = Files.list(folder)) {
                return entries.toList();
            }
        });
    }

    /**
     * What a file says, or nothing where it is not there.
     *
     * @param atMost the size in bytes that it cannot have more than
     * @param parser throws an IllegalArgumentException whose message goes on from "is damaged: " and shows no secret
     * @param remedy what a person does about a damaged file
     */
    <T> Optional<T> read(Path file, int atMost, Function<String, T> parser, String remedy) throws StoreException {
        Optional<String> text = attempt("be read", file, () -> content(file, atMost, remedy));
        try {
            return text.map(parser);
        } catch (IllegalArgumentException e) {
            // without its cause: only the message is known to show no secret
            throw new StoreException(file + " is damaged: " + e.getMessage() + "; " + remedy, null);
        }
    }

    private static Optional<String> content(Path file, int atMost, String remedy) throws IOException, StoreException {
        try {
            // a pipe would hold the thread for ever
            if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isRegularFile()) {
                throw new StoreException(file + " is no regular file; " + remedy, null);
            }
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                byte[] content = in.readNBytes(atMost + 1);
                if (content.length > atMost) {
                    throw new StoreException(file + " is larger than " + atMost + " bytes; " + remedy, null);
                }
                return Optional.of(new String(content, StandardCharsets.UTF_8));
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Writes the file, or replaces it at one stroke. */
    void write(Path file, String content, Mode mode) throws StoreException {
        Path temporary = temporary(file);
        act("be written", file, () -> {
            try {
                Files.deleteIfExists(temporary);
                create(temporary, content, mode);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
            force(parent(file));
        });
    }

    /** Writes a file where none is yet, for a folder that has no name yet either. */
    void writeNew(Path file, String content, Mode mode) throws StoreException {
        act("be written", file, () -> create(file, content, mode));
    }

    /** Gives a folder that is complete its mode and its name, which must be free. */
    void publish(Path folder, Path name, Mode mode) throws StoreException {
        act("be written", name, () -> {
            chmod(folder, mode);
            force(folder);
            Files.move(folder, name, StandardCopyOption.ATOMIC_MOVE);
            force(parent(name));
        });
    }

    /** Makes the link, or switches it at one stroke. */
    void link(Path link, Path target) throws StoreException {
        Path temporary = temporary(link);
        act("be switched", link, () -> {
            Files.deleteIfExists(temporary);
            Files.createSymbolicLink(temporary, target);
            give(temporary);
            Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE);
            force(parent(link));
        });
    }

    /** Where a link leads, as it is written in it; nothing where there is no link. */
    Optional<Path> target(Path link) throws StoreException {
        return attempt("be read", link, () -> {
            try {
                return Optional.of(Files.readSymbolicLink(link));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            } catch (NotLinkException e) {
                throw new StoreException(link + " is no link to a version: move it away", null);
            }
        });
    }

    /** Removes a file, if it is there. */
    void remove(Path file) throws StoreException {
        act("be removed", file, () -> {
            if (Files.deleteIfExists(file)) {
                force(parent(file));
            }
        });
    }

    /** Removes a folder and the files in it; links are removed, not followed. */
    void removeFolder(Path folder) throws StoreException {
        act("be removed", folder, () -> {
            if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                for (Path entry : list(folder)) {
                    Files.deleteIfExists(entry);
                }
            }
            Files.deleteIfExists(folder);
        });
    }

    /**
     * An empty file to lock. It is never replaced: who locks the old and who locks the new one would not see each
     * other.
     */
    FileChannel openLock(Path file) throws StoreException {
        return attempt("be opened", file, () -> {
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            LinkOption.NOFOLLOW_LINKS),
                    Mode.SECRET_FILE.attribute());
            try {
                chmod(file, Mode.SECRET_FILE);
                give(file);
                return channel;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        });
    }

    interface Step<T> {
        T run() throws IOException, StoreException;
    }

    private interface Action {
        void run() throws IOException, StoreException;
    }

    <T> T attempt(String what, Path file, Step<T> step) throws StoreException {
        try {
            return step.run();
        } catch (IOException e) {
            boolean isPermissionDenied = e instanceof AccessDeniedException && owner.isAnotherUser();
            String remedy = isPermissionDenied
                    ? "run this as " + owner.permittedUsers() + ", the owner of " + root
                    : "see that the disk is well and has space, and that all of " + root + " belongs to "
                            + owner.name();
            throw new StoreException(
                    file + " cannot " + what + ": " + reason(e) + "; " + remedy, e, isPermissionDenied);
        }
    }

    private void act(String what, Path file, Action action) throws StoreException {
        Step<Boolean> step = () -> {
            action.run();
            return true;
        };
        attempt(what, file, step);
    }

    private void create(Path file, String content, Mode mode) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, Mode.SECRET_FILE.attribute())) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            chmod(file, mode);
            give(file);
            channel.force(true);
        }
    }

    /** What root makes is left to the store's owner. Others cannot give away what is theirs, and are told so. */
    private void give(Path file) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (!view.readAttributes().owner().equals(owner.user())) {
            view.setOwner(owner.user());
            view.setGroup(owner.group());
        }
    }

    private static void chmod(Path file, Mode mode) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (!view.readAttributes().permissions().equals(mode.permissions())) {
            view.setPermissions(mode.permissions());
        }
    }

    void mustBeWritable(Path folder) throws StoreException {
        if (!Files.isWritable(folder)) {
            String remedy = owner.isAnotherUser()
                    ? "run this as " + owner.permittedUsers() + ", the owner of " + root
                    : "see that its file system is not read-only and that it belongs to " + owner.name();
            throw new StoreException(
                    folder + " is not writable; " + remedy + ", or choose another [store] directory",
                    null,
                    owner.isAnotherUser());
        }
    }

    /** Whether it was made here: another process may be faster. */
    static boolean make(Path folder, Mode mode) throws IOException {
        try {
            Files.createDirectory(folder, mode.attribute());
        } catch (FileAlreadyExistsException e) {
            return false;
        }
        chmod(folder, mode);
        force(parent(folder));
        return true;
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path temporary(Path file) {
        return file.resolveSibling(TEMPORARY + file.getFileName());
    }

    static Path parent(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }

    static String reason(Exception e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException missing -> "it is missing";
            case ClosedByInterruptException interrupted -> "interrupted";
            case FileSystemException failed when failed.getReason() != null -> failed.getReason();
            // the system's words, such as "No space left on device"
            case IOException failed
            when failed.getClass() == IOException.class && failed.getMessage() != null -> failed.getMessage();
            default -> e.toString();
        };
    }
}
