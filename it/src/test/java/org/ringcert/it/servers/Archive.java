package org.ringcert.it.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.demo.ChildProcess;

/** The archive that {@code ./ringcert package} makes from these sources. All JVMs of a test run share one. */
public final class Archive {

    private static final Duration TIMEOUT = Duration.ofMinutes(8);

    private Archive() {}

    /** Returns a directory that contains the archive and nothing else. */
    public static Path folder() {
        return Shared.FOLDER;
    }

    /** Returns the archive. */
    public static Path file() throws IOException {
        return find(folder()).orElseThrow();
    }

    /**
     * Makes another archive in a directory of its own.
     *
     * @param environment is added to this process's environment
     */
    public static Path buildAnother(Map<String, String> environment) throws IOException {
        Path folder = Files.createTempDirectory(target(), "archive-");
        build(folder, environment);
        return find(folder).orElseThrow();
    }

    private static Optional<Path> find(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".tar.gz")).findFirst();
        }
    }

    private static Path target() throws IOException {
        return Files.createDirectories(Path.of("target")).toAbsolutePath();
    }

    private static void build(Path folder, Map<String, String> environment) throws IOException {
        Map<String, String> all = new HashMap<>(environment);
        all.put("JAVA_HOME", System.getProperty("java.home"));
        try (ChildProcess packing = ChildProcess.start(
                "ringcert package",
                List.of(Path.of("..", "ringcert").toRealPath().toString(), "package", folder.toString()),
                all,
                folder.resolveSibling(folder.getFileName() + ".log"))) {
            assertThat(packing.awaitExit(TIMEOUT)).as(packing.output()).isZero();
        }
    }

    private static final class Shared {

        /** Identifies the Maven build, so that its JVMs find the same archive. */
        private static final String BUILD = "ringcert.build";

        static final Path FOLDER = findOrBuild();

        private static Path findOrBuild() {
            String build = System.getProperty(
                    BUILD, "process-" + ProcessHandle.current().pid());
            try {
                Path folder = Files.createDirectories(target().resolve("archive-" + build));
                try (FileChannel channel = FileChannel.open(
                                folder.resolveSibling(folder.getFileName() + ".lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                        FileLock _ = channel.lock()) {
                    if (find(folder).isEmpty()) {
                        build(folder, Map.of());
                    }
                }
                return folder;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
