package org.ringcert.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;

/** The store's folder, found or made: where every {@link Disk} begins. */
final class RootFolder {

    private RootFolder() {}

    /** The store's folder as it is, also where there is none. Who looks writes nothing but {@link Disk#probe}. */
    static Disk look(Path directory) throws StoreException {
        Path root = directory.toAbsolutePath();
        try {
            Path existing = root;
            while (!isThere(existing)) {
                existing = Disk.parent(existing);
            }
            if (!Files.isDirectory(existing)) {
                throw new StoreException(
                        existing + " is no folder: move it away, or choose another [store] directory", null);
            }
            return new Disk(root, FileOwner.of(existing));
        } catch (IOException | UnsupportedOperationException e) {
            boolean denied = e instanceof AccessDeniedException && !FileOwner.isProcessRoot();
            throw new StoreException(
                    "The store " + root + " cannot be looked at: " + Disk.reason(e)
                            + (denied ? "; run this as root or as the owner of the folder" : ""),
                    e,
                    denied);
        }
    }

    /** The store's folder, made with its parents where it is missing; a new one belongs to who made it. */
    static Disk open(Path directory) throws StoreException {
        Path root = directory.toAbsolutePath();
        try {
            makeParents(root);
            if (!Files.exists(root)) {
                Disk.make(root, Mode.STORE);
            }
            if (!Files.isDirectory(root)) {
                throw new StoreException(
                        root + " is no folder: move it away, or choose another [store] directory", null);
            }
            PosixFileAttributes attributes = Files.readAttributes(root, PosixFileAttributes.class);
            if (!attributes.permissions().equals(Mode.STORE.permissions())) {
                Files.setPosixFilePermissions(root, Mode.STORE.permissions());
                // some file systems, such as vfat, say yes and do nothing
                if (!Files.getPosixFilePermissions(root).equals(Mode.STORE.permissions())) {
                    throw noPosix(root);
                }
            }
            Disk disk = new Disk(root, FileOwner.of(root));
            disk.mustBeWritable(root);
            return disk;
        } catch (IOException | UnsupportedOperationException e) {
            throw new StoreException(
                    "The store " + root + " cannot be made or opened: " + Disk.reason(e)
                            + "; run this as root or as the owner of the folder, or choose another [store] directory",
                    e);
        }
    }

    private static boolean isThere(Path file) throws IOException {
        try {
            Files.readAttributes(file, BasicFileAttributes.class);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static void makeParents(Path root) throws IOException {
        Path parent = Disk.parent(root);
        if (!Files.exists(parent)) {
            makeParents(parent);
            Disk.make(parent, Mode.PUBLIC_FOLDER);
        }
    }

    private static StoreException noPosix(Path root) {
        return new StoreException(
                "The file system of " + root
                        + " keeps no owners and modes, so keys would not be safe there: choose another [store] directory",
                null);
    }
}
