package org.ringcert.demo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A new folder that is deleted with everything in it when it is closed, and also when this process is interrupted by a
 * signal. Only a process that is killed leaves it behind.
 */
final class TemporaryFolder implements Closeable {

    /** At the end of this process, child processes that still write are being killed at the same time. */
    private static final Duration DELETION_TIMEOUT = Duration.ofSeconds(5);

    private static final long RETRY_MILLIS = 20;

    private final Path path;
    private final Thread hook;

    private TemporaryFolder(Path path) {
        this.path = path;
        this.hook = new Thread(this::deleteAtExit, "delete " + path.getFileName());
    }

    /** Creates a folder that only this user can read, with a name that begins as given. */
    static TemporaryFolder create(String prefix) throws IOException {
        TemporaryFolder folder = new TemporaryFolder(Files.createTempDirectory(prefix));
        Runtime.getRuntime().addShutdownHook(folder.hook);
        return folder;
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        Folders.delete(path);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This JVM is shutting down: the hook has run or will run.
        }
    }

    private void deleteAtExit() {
        long start = System.nanoTime();
        while (System.nanoTime() - start < DELETION_TIMEOUT.toNanos()) {
            try {
                Folders.delete(path);
                return;
            } catch (IOException e) {
                // Something has just written to the folder.
            }
            try {
                Thread.sleep(RETRY_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
