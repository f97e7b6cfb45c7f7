package org.ringcert.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Finds or creates the store directory, for {@link DurableFiles} to work in. */
final class StoreDirectory {

    private StoreDirectory() {}

    /**
     * Finds the store directory as it is. It need not exist: then its owner is that of its nearest parent. Nothing is
     * created or changed.
     */
    static DurableFiles inspect(Path directory) throws StoreException {
        Path root = directory.toAbsolutePath();
        try {
            Path existing = root;
            while (!exists(existing)) {
                existing = DurableFiles.parent(existing);
            }
            requireDirectory(existing);
            return new DurableFiles(root, FileOwner.of(existing));
        } catch (IOException | UnsupportedOperationException e) {
            String problem = "The store " + root + " cannot be inspected: " + DurableFiles.reason(e);
            throw e instanceof AccessDeniedException && !FileOwner.isProcessRoot()
                    ? StoreException.permissionDenied(
                            problem + "; run this as root or as the owner of the directory", e)
                    : new StoreException(problem, e);
        }
    }

    /**
     * Opens the store directory and corrects its mode. If it does not exist, creates it and its parents; it then
     * belongs to the user of this process.
     */
    static DurableFiles open(Path directory) throws StoreException {
        Path root = directory.toAbsolutePath();
        try {
            createParents(root);
            if (!Files.exists(root)) {
                DurableFiles.createDirectory(root, FileMode.STORE_DIRECTORY);
            }
            requireDirectory(root);
            if (!Files.getPosixFilePermissions(root).equals(FileMode.STORE_DIRECTORY.permissions())) {
                correctMode(root);
            }
            DurableFiles files = new DurableFiles(root, FileOwner.of(root));
            files.requireWritable(root);
            return files;
        } catch (IOException | UnsupportedOperationException e) {
            throw new StoreException(
                    "The store " + root + " cannot be created or opened: " + DurableFiles.reason(e)
                            + "; run this as root or as the owner of the directory, or choose another [store]"
                            + " directory",
                    e);
        }
    }

    private static void createParents(Path root) throws IOException {
        Path parent = DurableFiles.parent(root);
        if (!Files.exists(parent)) {
            createParents(parent);
            DurableFiles.createDirectory(parent, FileMode.PUBLIC_DIRECTORY);
        }
    }

    private static void correctMode(Path root) throws IOException, StoreException {
        Files.setPosixFilePermissions(root, FileMode.STORE_DIRECTORY.permissions());
        // Some file systems, such as vfat, report success and change nothing.
        if (!Files.getPosixFilePermissions(root).equals(FileMode.STORE_DIRECTORY.permissions())) {
            throw new StoreException(
                    "The file system of " + root
                            + " does not keep owners and modes, so keys would not be safe there: choose another [store]"
                            + " directory",
                    null);
        }
    }

    private static void requireDirectory(Path path) throws StoreException {
        if (!Files.isDirectory(path)) {
            throw new StoreException(
                    path + " is not a directory: move it away, or choose another [store] directory", null);
        }
    }

    /** Unlike {@link Files#exists}, fails if this process is not allowed to find out. */
    private static boolean exists(Path path) throws IOException {
        try {
            Files.readAttributes(path, BasicFileAttributes.class);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
