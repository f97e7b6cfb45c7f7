package org.ringcert.it.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ringcert.daemon.demo.ChildProcess;

/** What {@code ./ringcert package} makes of these sources, made once for all tests of a run. */
public final class Archive {

    private static final Duration LONG = Duration.ofMinutes(5);

    private Archive() {}

    /** A folder with the archive and nothing else. */
    public static Path folder() {
        return Made.FOLDER;
    }

    /** The archive. */
    public static Path file() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.findFirst().orElseThrow();
        }
    }

    private static final class Made {
        static final Path FOLDER = make();

        private static Path make() {
            try {
                Path target = Files.createDirectories(Path.of("target")).toAbsolutePath();
                Path folder = Files.createTempDirectory(target, "archive-");
                ChildProcess packing = ChildProcess.start(
                        "ringcert package",
                        List.of(Path.of("..", "ringcert").toRealPath().toString(), "package", folder.toString()),
                        Map.of("JAVA_HOME", System.getProperty("java.home")),
                        folder.resolveSibling(folder.getFileName() + ".log"));
                assertThat(packing.awaitExit(LONG)).as(packing.output()).isZero();
                return folder;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
